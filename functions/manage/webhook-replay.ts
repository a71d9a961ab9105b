import type * as z from 'zod';
import { presentBatchEvent } from '../../shared/contracts/batch-event.ts';
import { presentMessageEvent } from '../../shared/contracts/event.ts';
import { presentInboundEvent } from '../../shared/contracts/inbound-event.ts';
import { replayRequestSchema, type replaySchema } from '../../shared/contracts/webhook-attempt.ts';
import { signCursor } from '../../shared/domain/cursor.ts';
import { inboundIdOf } from '../../shared/domain/inbound-message.ts';
import type { TimelineEntry } from '../../shared/domain/message.ts';
import type { WebhookEndpoint } from '../../shared/domain/webhook-endpoint.ts';
import type { WebhookQueue } from '../../shared/queue/webhooks.ts';
import type { BatchStore } from '../../shared/store/batches.ts';
import type { WebhookAttempts } from '../../shared/store/control-webhook-attempts.ts';
import type { InboundStore } from '../../shared/store/inbound.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import { deliveriesOf, type WebhookEvent } from '../../shared/webhooks/fan-out.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody } from '../middleware/check.ts';
import { positionIn } from '../middleware/list-cursor.ts';
import { Refusal, requestTimedOut } from '../middleware/refusal.ts';
import { type EndpointDependencies, endpointOf } from './webhook-endpoints.ts';

export interface ReplayDependencies extends EndpointDependencies {
  attempts: Pick<WebhookAttempts, 'page'>;
  webhooks: Pick<WebhookQueue, 'send'>;
  messages: Pick<MessageStore, 'get'>;
  batches: Pick<BatchStore, 'get'>;
  inbound: Pick<InboundStore, 'get'>;
  accounts: readonly { name: string }[];
  cursorKey: () => Promise<string>;
  stage: string;
}

type Replay = z.output<typeof replaySchema>;

/** Attempts that one call looks at. */
const CHUNK = 100;
const EVENT_ID = /^evt_([0-9A-HJKMNP-TV-Z]{26})_(\d{1,6})$/;

/**
 * `POST /v1/webhook-endpoints/{id}/replay`: sends events again, each under its own id. Attempts say which; what they say is
 * made again from the message or batch, so that nothing is kept for it and what was erased stays erased.
 */
export async function replayEvents(call: HttpCall, dependencies: ReplayDependencies): Promise<HttpAnswer> {
  const { event_id: eventId, from, to, which, cursor } = parseBody(replayRequestSchema, call.body);
  const endpoint = await enabledEndpointOf(call, dependencies);
  if (eventId !== undefined && from === undefined && to === undefined && cursor === undefined) {
    const replay = await replayAll([eventId], endpoint, dependencies);
    if (replay.gone === 0) return { status: 200, body: { ...replay, done: true, next_cursor: null } satisfies Replay };
    throw new Refusal({ code: 'not_found', detail: 'there is no event with this id, or none any more' });
  }
  if (eventId !== undefined || from === undefined || to === undefined) throw eitherOr();
  const { endpointId } = endpoint;
  const binding = { key: await dependencies.cursorKey(), list: 'replay', filters: { endpointId, from, to, which } };
  const position = positionIn(cursor, binding);
  // What this replay itself brings about is not in it, however often it is resumed.
  const { after, before } =
    position === undefined
      ? { after: undefined, before: Math.min(to, dependencies.now()) }
      : (JSON.parse(position) as { after: string; before: number });
  const page = await dependencies.attempts.page(endpointId, {
    from,
    before,
    order: 'oldest_first',
    limit: CHUNK,
    after,
  });
  const ended = page.attempts.filter(({ isLast, delivered }) => isLast && (which === 'all' || !delivered));
  const replay = await replayAll([...new Set(ended.map((attempt) => attempt.eventId))], endpoint, dependencies);
  const next =
    page.position === undefined ? null : signCursor(JSON.stringify({ after: page.position, before }), binding);
  return { status: 200, body: { ...replay, done: next === null, next_cursor: next } satisfies Replay };
}

/** @throws Refusal where there is none, or it is disabled: what is queued for it would be dropped */
export async function enabledEndpointOf(call: HttpCall, dependencies: EndpointDependencies): Promise<WebhookEndpoint> {
  const endpoint = await endpointOf(call, dependencies);
  if (endpoint.disabled === undefined) return endpoint;
  throw new Refusal({ code: 'endpoint_disabled', detail: 'enable it first' });
}

async function replayAll(
  eventIds: readonly string[],
  { endpointId }: WebhookEndpoint,
  dependencies: ReplayDependencies,
): Promise<Pick<Replay, 'queued' | 'gone'>> {
  const found = await Promise.all(eventIds.map(async (eventId) => await eventAgain(eventId, dependencies)));
  const events = found.filter((event) => event !== undefined);
  const tasks = events.flatMap((event) => deliveriesOf(event, [{ endpointId }], dependencies.now()));
  const refused = await dependencies.webhooks.send(tasks);
  if (refused.length > 0) requestTimedOut();
  return { queued: tasks.length, gone: eventIds.length - events.length };
}

/** An event as it would be published now: its change as it was, and of the rest what is known today. */
async function eventAgain(eventId: string, dependencies: ReplayDependencies): Promise<WebhookEvent | undefined> {
  const { messages, batches, stage } = dependencies;
  const [, ulid, number] = EVENT_ID.exec(eventId) ?? [];
  const hasNumber = <T extends { sequence?: number | undefined }>(entry: T): entry is T & { sequence: number } =>
    entry.sequence === Number(number);
  const message = ulid === undefined ? undefined : await messages.get(`msg_${ulid}`);
  const entry = message?.timeline.find((each): each is TimelineEntry & { sequence: number } => hasNumber(each));
  if (message !== undefined && entry !== undefined) return presentMessageEvent(message, entry, stage);
  const batch = ulid === undefined ? undefined : await batches.get(`bat_${ulid}`);
  const change = batch?.history.find(hasNumber);
  if (batch !== undefined && change !== undefined) return presentBatchEvent(batch, change, stage);
  return ulid === undefined ? undefined : await receivedAgain(ulid, dependencies);
}

/** The event of a message from a subscriber, of whatever account it is. */
async function receivedAgain(
  ulid: string,
  { inbound, accounts, stage }: ReplayDependencies,
): Promise<WebhookEvent | undefined> {
  const found = await Promise.all(accounts.map(async ({ name }) => await inbound.get(name, inboundIdOf(ulid))));
  const message = found.find((one) => one?.kind === 'inbound');
  return message === undefined ? undefined : presentInboundEvent(message, stage);
}

function eitherOr(): Refusal {
  const detail = 'give either event_id, or from and to';
  return new Refusal({ code: 'invalid_request', detail, errors: [{ pointer: '', code: 'invalid_value', detail }] });
}
