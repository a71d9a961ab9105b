import { presentWebhookEndpoint, webhookEndpointRequestSchema } from '../../shared/contracts/webhook-endpoint.ts';
import type { WebhookEndpoint } from '../../shared/domain/webhook-endpoint.ts';
import type { WebhookStore } from '../../shared/store/control-webhooks.ts';
import { checkWebhookUrl } from '../../shared/webhooks/address.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody } from '../middleware/check.ts';
import { Refusal } from '../middleware/refusal.ts';

export interface EndpointDependencies {
  endpoints: Pick<WebhookStore, 'create' | 'list' | 'delete'>;
  now: () => number;
  randomBytes: (octets: number) => Buffer;
  newEndpointId: (now: number) => string;
  loopbackAllowed: boolean;
}

/** Standard Webhooks 1.0.0 wants 24 to 64. */
const SECRET_OCTETS = 32;

/** `POST /v1/webhook-endpoints`: the only answer that holds the secret. */
export async function createEndpoint(
  { body, reservation }: HttpCall,
  dependencies: EndpointDependencies,
): Promise<HttpAnswer> {
  const request = parseBody(webhookEndpointRequestSchema, body);
  const checked = checkWebhookUrl(request.url, dependencies);
  if (checked.kind === 'refused') {
    const fault = { code: 'invalid_webhook_url' as const, detail: checked.detail };
    throw new Refusal({ ...fault, detail: `/url: ${fault.detail}`, errors: [{ pointer: '/url', ...fault }] });
  }
  const createdAt = dependencies.now();
  const endpoint: WebhookEndpoint = {
    endpointId: reservation === undefined ? dependencies.newEndpointId(createdAt) : `we_${reservation.ulid}`,
    url: checked.url,
    secret: `whsec_${dependencies.randomBytes(SECRET_OCTETS).toString('base64')}`,
    createdAt,
    ...(request.description === undefined ? {} : { description: request.description }),
  };
  // An earlier run of the same request may have made it; nobody knows that secret.
  await dependencies.endpoints.create(endpoint, { replacing: reservation?.isRerun ?? false });
  return { status: 201, body: { ...presentWebhookEndpoint(endpoint), secret: endpoint.secret } };
}

/** `GET /v1/webhook-endpoints` */
export async function listEndpoints(_call: HttpCall, { endpoints }: EndpointDependencies): Promise<HttpAnswer> {
  const list = await endpoints.list();
  return { status: 200, body: { data: list.map(presentWebhookEndpoint), has_more: false, next_cursor: null } };
}

/** `DELETE /v1/webhook-endpoints/{id}`: what still waits for it is dropped. */
export async function deleteEndpoint(
  { parameters }: HttpCall,
  { endpoints }: EndpointDependencies,
): Promise<HttpAnswer> {
  if (await endpoints.delete(parameters['id'] ?? '')) return { status: 204 };
  throw new Refusal({ code: 'not_found', detail: 'there is no webhook endpoint with this id' });
}
