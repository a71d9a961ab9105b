import { attemptListQuerySchema, presentAttempt } from '../../shared/contracts/webhook-attempt.ts';
import { webhookPayload } from '../../shared/contracts/webhook-task.ts';
import { signCursor } from '../../shared/domain/cursor.ts';
import { LAST_TIME_MS } from '../../shared/store/control-webhook-attempts.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseQuery } from '../middleware/check.ts';
import { positionIn } from '../middleware/list-cursor.ts';
import { requestTimedOut } from '../middleware/refusal.ts';
import { endpointOf } from './webhook-endpoints.ts';
import { enabledEndpointOf, type ReplayDependencies } from './webhook-replay.ts';

/** `GET /v1/webhook-endpoints/{id}/attempts`, newest first. */
export async function listAttempts(call: HttpCall, dependencies: ReplayDependencies): Promise<HttpAnswer> {
  const { limit, cursor, ...filters } = parseQuery(attemptListQuerySchema, call.query);
  const { endpointId } = await endpointOf(call, dependencies);
  const binding = { key: await dependencies.cursorKey(), list: 'attempts', filters: { endpointId, ...filters } };
  const { created_after: from = 0, created_before: before = LAST_TIME_MS } = filters;
  const after = positionIn(cursor, binding);
  const page = await dependencies.attempts.page(endpointId, { from, before, order: 'newest_first', limit, after });
  const next = page.position === undefined ? null : signCursor(page.position, binding);
  return {
    status: 200,
    body: { data: page.attempts.map(presentAttempt), has_more: next !== null, next_cursor: next },
  };
}

/** `POST /v1/webhook-endpoints/{id}/test`: one delivery, at once and never again; its attempt says how it went. */
export async function testEndpoint(call: HttpCall, dependencies: ReplayDependencies): Promise<HttpAnswer> {
  const { endpointId } = await enabledEndpointOf(call, dependencies);
  const now = dependencies.now();
  const eventId = `evt_${call.reservation?.ulid ?? dependencies.newEndpointId(now).slice('we_'.length)}_1`;
  const metadata = {
    event_id: eventId,
    schema: 'bindery.webhook_endpoint',
    schema_version: '1',
    occurred_at: new Date(now).toISOString(),
    sequence: 1,
    account: null,
    stage: dependencies.stage,
    test: true,
  };
  const payload = webhookPayload({
    type: 'webhook_endpoint.test',
    detail: { metadata, data: { webhook_endpoint_id: endpointId } },
  });
  const due = { attempt: 1, first_at: now, not_before: now, schedule: 'once' } as const;
  const refused = await dependencies.webhooks.send([{ endpoint_id: endpointId, event_id: eventId, payload, ...due }]);
  if (refused.length > 0) requestTimedOut();
  return { status: 202, body: { event_id: eventId } };
}
