import {
  presentWebhookEndpoint,
  type WebhookEndpointPatch,
  webhookEndpointPatchSchema,
  webhookEndpointRequestSchema,
} from '../../shared/contracts/webhook-endpoint.ts';
import {
  HEALTHY,
  MOST_ENDPOINTS,
  newWebhookSecret,
  type WebhookEndpoint,
} from '../../shared/domain/webhook-endpoint.ts';
import type { EndpointChange, WebhookStore } from '../../shared/store/control-webhooks.ts';
import { checkWebhookUrl } from '../../shared/webhooks/address.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody } from '../middleware/check.ts';
import { fieldRefusal, Refusal } from '../middleware/refusal.ts';

export interface EndpointDependencies {
  endpoints: Pick<WebhookStore, 'create' | 'get' | 'list' | 'change' | 'delete'>;
  now: () => number;
  randomBytes: (octets: number) => Buffer;
  newEndpointId: (now: number) => string;
  loopbackAllowed: boolean;
}

/** `POST /v1/webhook-endpoints`: the only answer that holds the secret. */
export async function createEndpoint(
  { body, reservation }: HttpCall,
  dependencies: EndpointDependencies,
): Promise<HttpAnswer> {
  const request = parseBody(webhookEndpointRequestSchema, body);
  const createdAt = dependencies.now();
  const endpoint: WebhookEndpoint = {
    endpointId: reservation === undefined ? dependencies.newEndpointId(createdAt) : `we_${reservation.ulid}`,
    url: allowedUrl(request.url, dependencies),
    secret: newWebhookSecret(dependencies.randomBytes),
    createdAt,
    ...(request.description === undefined ? {} : { description: request.description }),
    ...(request.events === undefined ? {} : { events: [...new Set(request.events)] }),
  };
  await refuseOneTooMany(endpoint, dependencies);
  // An earlier run of the same request may have made it; nobody knows that secret.
  await dependencies.endpoints.create(endpoint, { replacing: reservation?.isRerun ?? false });
  return { status: 201, body: { ...presentWebhookEndpoint(endpoint), secret: endpoint.secret } };
}

/** `GET /v1/webhook-endpoints` */
export async function listEndpoints(_call: HttpCall, { endpoints }: EndpointDependencies): Promise<HttpAnswer> {
  const list = await endpoints.list();
  return { status: 200, body: { data: list.map(presentWebhookEndpoint), has_more: false, next_cursor: null } };
}

/** `GET /v1/webhook-endpoints/{id}` */
export async function showEndpoint(call: HttpCall, dependencies: EndpointDependencies): Promise<HttpAnswer> {
  return { status: 200, body: presentWebhookEndpoint(await endpointOf(call, dependencies)) };
}

/** `PATCH /v1/webhook-endpoints/{id}` */
export async function changeEndpoint(
  { body, parameters }: HttpCall,
  dependencies: EndpointDependencies,
): Promise<HttpAnswer> {
  const patch = parseBody(webhookEndpointPatchSchema, body);
  const url = patch.url === undefined ? undefined : allowedUrl(patch.url, dependencies);
  const id = parameters['id'] ?? '';
  const change = changeOf({ ...patch, url });
  const endpoint =
    (patch.enabled === false ? await disable(id, change, dependencies) : undefined) ??
    (await dependencies.endpoints.change(id, change));
  if (endpoint === undefined) throw noSuchEndpoint();
  return { status: 200, body: presentWebhookEndpoint(endpoint) };
}

/** `DELETE /v1/webhook-endpoints/{id}`: what still waits for it is dropped. */
export async function deleteEndpoint(
  { parameters }: HttpCall,
  { endpoints }: EndpointDependencies,
): Promise<HttpAnswer> {
  if (await endpoints.delete(parameters['id'] ?? '')) return { status: 204 };
  throw noSuchEndpoint();
}

/** The endpoint that a path names. @throws Refusal where there is none */
export async function endpointOf(
  { parameters }: Pick<HttpCall, 'parameters'>,
  { endpoints }: { endpoints: Pick<WebhookStore, 'get'> },
): Promise<WebhookEndpoint> {
  const endpoint = await endpoints.get(parameters['id'] ?? '');
  if (endpoint === undefined) throw noSuchEndpoint();
  return endpoint;
}

/** @returns undefined where it is not there, or disabled already: why and since when, such as an answer of 410, is not forgotten */
async function disable(
  id: string,
  change: EndpointChange,
  { endpoints, now }: EndpointDependencies,
): Promise<WebhookEndpoint | undefined> {
  const disabled = { at: now(), reason: 'by_request' } as const;
  return await endpoints.change(id, { ...change, disabled }, { disabled: undefined });
}

/** At another address, and when it is enabled, it counts no more what it did before. */
function changeOf({ url, description, events, enabled }: WebhookEndpointPatch): EndpointChange {
  return {
    ...(url === undefined ? {} : { url, ...HEALTHY }),
    ...(description === undefined ? {} : { description: description ?? undefined }),
    ...(events === undefined ? {} : { events: [...new Set(events)] }),
    ...(enabled === true ? { disabled: undefined, unannounced: undefined, ...HEALTHY } : {}),
  };
}

function allowedUrl(written: string, rules: { loopbackAllowed: boolean }): string {
  const checked = checkWebhookUrl(written, rules);
  if (checked.kind === 'ok') return checked.url;
  throw fieldRefusal('/url', 'invalid_webhook_url', checked.detail);
}

/** Two that are created at the same moment may both pass; the list has room for that. @throws Refusal */
async function refuseOneTooMany({ endpointId }: WebhookEndpoint, { endpoints }: EndpointDependencies): Promise<void> {
  const others = (await endpoints.list()).filter((other) => other.endpointId !== endpointId);
  if (others.length < MOST_ENDPOINTS) return;
  throw new Refusal({ code: 'too_many_endpoints', detail: `${MOST_ENDPOINTS} exist; delete one first` });
}

function noSuchEndpoint(): Refusal {
  return new Refusal({ code: 'not_found', detail: 'there is no webhook endpoint with this id' });
}
