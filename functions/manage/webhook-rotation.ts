import { presentWebhookEndpoint, webhookRotationSchema } from '../../shared/contracts/webhook-endpoint.ts';
import {
  newWebhookSecret,
  type OldEndpointSecret,
  validOldEndpointSecrets,
  type WebhookSecrets,
} from '../../shared/domain/webhook-endpoint.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody } from '../middleware/check.ts';
import { Refusal } from '../middleware/refusal.ts';
import { type EndpointDependencies, endpointOf } from './webhook-endpoints.ts';

/** Every delivery is signed with each of them. */
const MOST_OLD_SECRETS = 3;

/** `POST /v1/webhook-endpoints/{id}/rotate`: a new secret, shown this once; those before it sign for a while longer. */
export async function rotateEndpoint(call: HttpCall, dependencies: EndpointDependencies): Promise<HttpAnswer> {
  const { grace_seconds: graceSeconds } = parseBody(webhookRotationSchema, call.body ?? {});
  const endpoint = await endpointOf(call, dependencies);
  const now = dependencies.now();
  const oldSecrets = oldSecretsAfter(endpoint, { now, until: now + graceSeconds * 1_000 });
  const secret = newWebhookSecret(dependencies.randomBytes);
  const expected = { secret: endpoint.secret };
  const rotated = await dependencies.endpoints.change(endpoint.endpointId, { secret, oldSecrets }, expected);
  if (rotated === undefined) throw notRotatable('it was rotated or deleted at the same moment');
  return { status: 200, body: { ...presentWebhookEndpoint(rotated), secret } };
}

/** None of them outlives this rotation's grace. @throws Refusal where they become too many */
export function oldSecretsAfter(
  endpoint: WebhookSecrets,
  { now, until }: { now: number; until: number },
): OldEndpointSecret[] {
  const known = [{ secret: endpoint.secret, until }, ...validOldEndpointSecrets(endpoint, now)];
  const old = known.map((each) => ({ ...each, until: Math.min(each.until, until) })).filter((each) => each.until > now);
  if (old.length <= MOST_OLD_SECRETS) return old;
  throw notRotatable(
    `${MOST_OLD_SECRETS} old secrets still sign; wait until one has ended, or end them with grace_seconds 0`,
  );
}

export function notRotatable(detail: string): Refusal {
  return new Refusal({ code: 'not_rotatable', detail });
}
