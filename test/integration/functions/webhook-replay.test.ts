import { beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { manageHandler } from '../../../functions/manage/handler.ts';
import { eventMetadata } from '../../../shared/contracts/event-metadata.ts';
import { attemptSchema, replaySchema } from '../../../shared/contracts/webhook-attempt.ts';
import type { WebhookTask } from '../../../shared/contracts/webhook-task.ts';
import { firstIdAt } from '../../../shared/domain/message-id.ts';
import type { WebhookAttempt } from '../../../shared/domain/webhook-endpoint.ts';
import { WebhookStore } from '../../../shared/store/control-webhooks.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { call, httpParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
let key: string;
beforeAll(async () => {
  database = await startDatabase();
  key = await storedKey(database, { keyId: 'hooks', scopes: ['webhooks'] });
});

const NOW = CREATED_AT + 3_600_000;
const time = (at: number) => new Date(at).toISOString();
let made = 0;

/** An endpoint of its own, and a message for each event that it knows of. */
async function setUp() {
  made += 1;
  const endpointId = `we_${String(made).padStart(26, '0')}`;
  const endpoints = new WebhookStore(database.document, 'Control');
  await endpoints.create({ endpointId, url: 'https://example.com/', secret: 'whsec_x', createdAt: 0 });
  const queued: WebhookTask[] = [];
  const webhooks = {
    send: async (tasks: readonly WebhookTask[]): Promise<WebhookTask[]> => (queued.push(...tasks), []),
  };
  const handler = manageHandler({
    ...httpParts(database, { now: NOW }),
    webhooks,
    accounts: [],
    endpoints,
    newEndpointId: () => 'we_01JDA8K4ZZZZZZZZZZZZZZZZZ1',
    randomBytes: (octets: number) => Buffer.alloc(octets, 7),
    loopbackAllowed: false,
  });
  const on = async (route: string, options: { body?: unknown; query?: Record<string, string> } = {}) => {
    const [method, name] = route.split(' ');
    const parameters = { id: endpointId };
    return await call(handler, `${method} /v1/webhook-endpoints/{id}/${name}`, { key, parameters, ...options });
  };
  const replay = async (body: unknown) => await on('POST replay', { body });
  const attempt = async (eventId: string, at: number, different: Partial<WebhookAttempt> = {}) =>
    await endpoints.recordAttempt({
      endpointId,
      eventId,
      at,
      number: 1,
      durationMs: 5,
      delivered: false,
      isLast: true,
      httpStatus: 500,
      ...different,
    });
  return { endpointId, endpoints, queued, on, replay, attempt };
}

/** @returns the id of its first event */
async function storedEvent(): Promise<string> {
  made += 1;
  const messageId = firstIdAt(CREATED_AT + made);
  await new MessageStore(database.document, 'Messages').create(queuedMessage({ messageId, text: 'Dear Juan' }));
  return `evt_${messageId.slice(4)}_1`;
}

describe('attempts', () => {
  test('are listed newest first, page by page, and by time', async () => {
    const { on, attempt } = await setUp();
    for (let index = 0; index < 5; index += 1) await attempt(`evt_${index}_1`, CREATED_AT + index * 1_000);
    const ids: unknown[] = [];
    let cursor: string | undefined;
    do {
      const { body } = await on('GET attempts', { query: { limit: '2', ...(cursor === undefined ? {} : { cursor }) } });
      const page = body as { data: { event_id: string }[]; next_cursor: string | null };
      ids.push(...page.data.map((each) => attemptSchema.parse(each).event_id));
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    expect(ids).toEqual(['evt_4_1', 'evt_3_1', 'evt_2_1', 'evt_1_1', 'evt_0_1']);
    const query = { created_after: time(CREATED_AT + 1_000), created_before: time(CREATED_AT + 3_000) };
    expect((await on('GET attempts', { query })).body['data']).toMatchObject([
      { event_id: 'evt_2_1' },
      { event_id: 'evt_1_1' },
    ]);
  });

  test('of one endpoint are opened by no cursor of another', async () => {
    const [one, other] = [await setUp(), await setUp()];
    for (const at of [1, 2]) await one.attempt('evt_1_1', at);
    const { body } = await one.on('GET attempts', { query: { limit: '1' } });
    const query = { limit: '1', cursor: String(body['next_cursor']) };
    expect(await other.on('GET attempts', { query })).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
  });
});

test('a test is one delivery, tried once', async () => {
  const { on, queued, endpointId } = await setUp();
  const { status, body } = await on('POST test');
  expect({ status, body }).toEqual({ status: 202, body: { event_id: 'evt_01JDA8K4ZZZZZZZZZZZZZZZZZ1_1' } });
  expect(queued).toMatchObject([{ endpoint_id: endpointId, event_id: body['event_id'], schedule: 'once' }]);
  const { type, timestamp, metadata } = JSON.parse(queued[0]?.payload ?? '') as Record<string, unknown>;
  expect({ type, timestamp }).toEqual({ type: 'webhook_endpoint.test', timestamp: time(NOW) });
  // Who puts events in order, or drops old ones, must not trip over this one.
  const shape = eventMetadata('bindery.webhook_endpoint').extend({ account: z.null() });
  expect(shape.parse(metadata)).toMatchObject({ event_id: body['event_id'], sequence: 1, test: true });
});

describe('a replay', () => {
  test('of one event sends it under its own id, without the text', async () => {
    const { replay, queued, endpointId } = await setUp();
    const eventId = await storedEvent();
    const { status, body } = await replay({ event_id: eventId });
    expect({ status, body }).toEqual({ status: 200, body: { queued: 1, gone: 0, done: true, next_cursor: null } });
    expect(queued).toMatchObject([{ endpoint_id: endpointId, event_id: eventId, attempt: 1, first_at: NOW }]);
    expect(JSON.parse(queued[0]?.payload ?? '')).toMatchObject({ type: 'message.queued', metadata: { sequence: 1 } });
    expect(queued[0]?.payload).not.toContain('Juan');
  });

  test.each(['evt_01JDA8K4ZZZZZZZZZZZZZZZZZ9_1', 'evt_nothing', "evt_' OR 1=1"])('of %s finds nothing', async (id) => {
    expect(await (await setUp()).replay({ event_id: id })).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('of a stretch of time sends what ended undelivered in it, each once', async () => {
    const { replay, queued, attempt } = await setUp();
    const [lost, delivered, underWay, before, late] = await Promise.all(Array.from({ length: 5 }, storedEvent));
    await attempt(lost ?? '', CREATED_AT + 1_000, { isLast: false });
    await attempt(lost ?? '', CREATED_AT + 2_000, { number: 2 });
    await attempt(lost ?? '', CREATED_AT + 3_000, { number: 2 });
    await attempt(delivered ?? '', CREATED_AT + 2_500, { delivered: true });
    await attempt(underWay ?? '', CREATED_AT + 2_600, { isLast: false });
    await attempt(before ?? '', CREATED_AT - 1);
    await attempt(late ?? '', CREATED_AT + 9_000);
    const range = { from: time(CREATED_AT), to: time(CREATED_AT + 9_000) };
    expect((await replay(range)).body).toEqual({ queued: 1, gone: 0, done: true, next_cursor: null });
    expect(queued.map(({ event_id }) => event_id)).toEqual([lost]);
    await replay({ ...range, which: 'all' });
    expect(queued.slice(1).map(({ event_id }) => event_id)).toEqual(
      [delivered, lost].toSorted((a) => (a === lost ? -1 : 1)),
    );
  });

  test('of many goes on where it was, in the order of time, and never into what it brought about itself', async () => {
    const { replay, queued, attempt } = await setUp();
    const events: string[] = [];
    for (let index = 0; index < 130; index += 1) {
      events.push(await storedEvent());
      await attempt(events[index] ?? '', CREATED_AT + index);
    }
    await attempt('evt_01JDA8K4ZZZZZZZZZZZZZZZZZ9_1', CREATED_AT + 500);
    const range = { from: time(CREATED_AT), to: time(NOW + 999_000) };
    const first = replaySchema.parse((await replay(range)).body);
    expect(first).toMatchObject({ queued: 100, done: false });
    await attempt(events[0] ?? '', NOW + 1);
    const second = replaySchema.parse((await replay({ ...range, cursor: first.next_cursor })).body);
    expect(second).toEqual({ queued: 30, gone: 1, done: true, next_cursor: null });
    expect(queued.map(({ event_id }) => event_id)).toEqual(events);
  });

  test.each([
    ['nothing', {}],
    ['no end', { from: time(1) }],
    ['both', { event_id: 'evt_1_1', from: time(1), to: time(2) }],
    ['no time', { from: 'yesterday', to: time(2) }],
  ])('that names %s is refused', async (_name, body) => {
    expect(await (await setUp()).replay(body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

test.each(['POST test', 'POST replay'])(
  '%s is refused where the endpoint is disabled, and where there is none',
  async (route) => {
    const { on, endpoints, endpointId } = await setUp();
    await endpoints.change(endpointId, { disabled: { at: 1, reason: 'gone' } });
    const body = { event_id: 'evt_1_1' };
    expect(await on(route, { body })).toMatchObject({ status: 409, body: { code: 'endpoint_disabled' } });
    await endpoints.delete(endpointId);
    expect(await on(route, { body })).toMatchObject({ status: 404, body: { code: 'not_found' } });
  },
);
