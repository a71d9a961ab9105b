import { beforeAll, describe, expect, test } from 'vitest';
import { sendHandler } from '../../../functions/send/handler.ts';
import type { Lane } from '../../../shared/config/account.ts';
import { messageSchema } from '../../../shared/contracts/message.ts';
import { problemSchema } from '../../../shared/contracts/problem.ts';
import type { LaneMessage } from '../../../shared/queue/lanes.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { apiEvent, lambdaContext } from '../../fixtures/api-event.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { ACCOUNT, call, httpParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const ROUTE = 'POST /v1/messages';
const BODY = { to: '0917 123 4567', from: 'Bindery', text: 'Hello' };

let database: TestDatabase;
let key: string;
let otpKey: string;
let readingKey: string;

beforeAll(async () => {
  database = await startDatabase();
  key = await storedKey(database, { keyId: 'sender', scopes: ['messages:send'] });
  otpKey = await storedKey(database, { keyId: 'otp', scopes: ['messages:send:otp'] });
  readingKey = await storedKey(database, { keyId: 'reader', scopes: ['messages:send', 'messages:read_body'] });
});

let messageNumber = 0;

function setUp({ queueFails = false } = {}) {
  const parts = httpParts(database);
  const messages = new MessageStore(database.document, 'Messages');
  const queued: { account: string; lane: Lane; messageId: string; delaySeconds?: number }[] = [];
  const lanes = {
    send: async ({ account, lane, messageId }: LaneMessage, delaySeconds = 0) => {
      if (queueFails) throw new Error('the queue does not answer');
      queued.push({ account, lane, messageId, ...(delaySeconds > 0 && { delaySeconds }) });
    },
  };
  messageNumber += 1;
  const newMessageId = () => `msg_${String(messageNumber).padStart(26, '0')}`;
  const dependencies = { ...parts, messages, lanes, newMessageId, accounts: [ACCOUNT] };
  return { ...dependencies, queued, handler: sendHandler(dependencies) };
}

describe('a message that is accepted', () => {
  test('is answered with 202 and the message as the contract has it', async () => {
    const { handler } = setUp();
    const answer = await call(handler, ROUTE, { key, body: { ...BODY, client_ref: 'order-1', metadata: { a: 'b' } } });
    expect(answer.status).toBe(202);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
      'x-request-id': 'request-1',
    });
    expect(messageSchema.parse(answer.body)).toMatchObject({
      status: 'queued',
      to: '+639171234567',
      from: 'Bindery',
      lane: 'transactional',
      account: 'main',
      encoding: 'gsm7',
      segments: { total: 1, sent: 0, delivered: 0, failed: 0 },
      client_ref: 'order-1',
      metadata: { a: 'b' },
      created_at: '2026-11-22T10:26:40.000Z',
      expires_at: '2026-11-23T10:26:40.000Z',
      timeline: [{ status: 'queued', sequence: 1 }],
    });
    expect(answer.body).not.toHaveProperty('text');
  });

  test('is stored before it is queued, as its first published change, and due before it could be forgotten', async () => {
    const { handler, messages, queued } = setUp();
    const { body } = await call(handler, ROUTE, { key, body: BODY });
    const stored = await messages.get(String(body['id']));
    expect(queued).toEqual([{ account: 'main', lane: 'transactional', messageId: body['id'] }]);
    expect(stored).toMatchObject({
      version: 1,
      sequence: 1,
      text: 'Hello',
      keyId: 'sender',
      dueAt: CREATED_AT + 120_000,
      segments: [{ state: 'waiting', resends: 0 }],
    });
    expect(await messages.due('main', CREATED_AT + 120_000, 1_000)).toContain(body['id']);
    const item = (await database.items('Messages')).find(({ messageId }) => messageId === body['id']);
    expect(item?.['ttl']).toBe(CREATED_AT / 1000 + 90 * 86_400);
  });

  test('shows its text to a key that may read it', async () => {
    const { handler } = setUp();
    const { body } = await call(handler, ROUTE, { key: readingKey, body: BODY });
    expect(body['text']).toBe('Hello');
  });

  test.each<[string, Record<string, unknown>, { encoding: string; total: number }]>([
    ['160 GSM characters', { text: 'a'.repeat(160) }, { encoding: 'gsm7', total: 1 }],
    ['161 GSM characters', { text: 'a'.repeat(161) }, { encoding: 'gsm7', total: 2 }],
    ['a peso sign', { text: `₱${'a'.repeat(70)}` }, { encoding: 'ucs2', total: 2 }],
    ['ñ', { text: 'ñ'.repeat(160) }, { encoding: 'gsm7', total: 1 }],
    ['UCS-2 by wish', { text: 'Hello', encoding: 'ucs2' }, { encoding: 'ucs2', total: 1 }],
  ])('of %s is divided as it goes out', async (_name, different, { encoding, total }) => {
    const { body } = await call(setUp().handler, ROUTE, { key, body: { ...BODY, ...different } });
    expect(body).toMatchObject({ encoding, segments: { total } });
  });

  test('lives as long as its lane says, or as the caller says', async () => {
    const otp = await call(setUp().handler, ROUTE, { key: otpKey, body: { ...BODY, lane: 'otp' } });
    expect(otp.body).toMatchObject({ lane: 'otp', expires_at: '2026-11-22T10:31:40.000Z' });
    const short = setUp();
    const { body } = await call(short.handler, ROUTE, { key, body: { ...BODY, ttl_seconds: 60 } });
    expect(body['expires_at']).toBe('2026-11-22T10:27:40.000Z');
    // The sweep comes to end it, not two minutes later.
    expect(await short.messages.get(String(body['id']))).toMatchObject({ dueAt: CREATED_AT + 60_000 });
  });
});

/** What is no part of accepting a message. */
const stored = () => {
  const store = new MessageStore(database.document, 'Messages');
  return { get: store.get.bind(store), change: store.change.bind(store) };
};

describe('accepted is durable (promise P1)', () => {
  test('a queue that fails after the message is stored does not undo the acceptance', async () => {
    const { handler, messages, log } = setUp({ queueFails: true });
    const { status, body } = await call(handler, ROUTE, { key, body: BODY });
    expect(status).toBe(202);
    expect(await messages.get(String(body['id']))).toMatchObject({ status: 'queued', dueAt: CREATED_AT + 120_000 });
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', message_id: body['id'] }));
  });

  test('a store whose first answer was lost has the message once, and it is accepted', async () => {
    const { messages, ...rest } = setUp();
    const twice = {
      create: async (message: Parameters<MessageStore['create']>[0]) => {
        await messages.create(message);
        await messages.create(message);
      },
      get: async (messageId: string) => await messages.get(messageId),
    };
    const { status } = await call(sendHandler({ ...rest, messages: { ...stored(), ...twice } }), ROUTE, {
      key,
      body: BODY,
    });
    expect({ status, queued: rest.queued.length }).toEqual({ status: 202, queued: 1 });
  });

  test('a store that fails is no acceptance, and nothing is queued', async () => {
    const { messages: _messages, ...rest } = setUp();
    const failing = {
      create: () => Promise.reject(Object.assign(new Error('no'), { $metadata: {}, name: 'InternalServerError' })),
    };
    const answer = await call(sendHandler({ ...rest, messages: { ...stored(), ...failing } }), ROUTE, {
      key,
      body: BODY,
    });
    expect(answer).toMatchObject({
      status: 503,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '5' },
      body: { code: 'temporarily_unavailable', retryable: true },
    });
    expect(rest.queued).toEqual([]);
  });

  test('a store that hangs is answered before the function is cut off', async () => {
    const { messages: _messages, ...rest } = setUp();
    const hanging = { create: async () => await new Promise<never>(() => {}) };
    const handler = sendHandler({ ...rest, messages: { ...stored(), ...hanging } });
    const event = apiEvent(ROUTE, { authorization: `Bearer ${key}`, body: JSON.stringify(BODY) });
    const started = performance.now();
    const result = await handler(event, lambdaContext(1_000));
    // Half a second is left for the answer to go out.
    expect(performance.now() - started).toBeLessThan(800);
    expect(result.statusCode).toBe(503);
    expect(problemSchema.parse(JSON.parse(result.body ?? ''))).toMatchObject({ code: 'temporarily_unavailable' });
  });
});

describe('a message for later', () => {
  const in_ = (ms: number) => new Date(CREATED_AT + ms).toISOString();

  test('is scheduled, lives from its time on, and is left to the sweep until shortly before', async () => {
    const { handler, messages, queued } = setUp();
    const { status, body } = await call(handler, ROUTE, {
      key,
      body: { ...BODY, send_at: '2026-11-23T08:00:00+08:00', ttl_seconds: 600 },
    });
    expect(status).toBe(202);
    expect(messageSchema.parse(body)).toMatchObject({
      status: 'scheduled',
      send_at: '2026-11-23T00:00:00.000Z',
      expires_at: '2026-11-23T00:10:00.000Z',
      queued_at: null,
      timeline: [{ status: 'scheduled', sequence: null }],
    });
    const sendAt = Date.parse('2026-11-23T00:00:00Z');
    expect(await messages.get(String(body['id']))).toMatchObject({ sequence: 0, sendAt, dueAt: sendAt - 75_000 });
    expect(queued).toEqual([]);
  });

  test('whose time is near is put into its queue at once, to show there at its second', async () => {
    const { handler, messages, queued } = setUp();
    const { body } = await call(handler, ROUTE, { key, body: { ...BODY, send_at: in_(59_001) } });
    expect(body['status']).toBe('scheduled');
    expect(queued).toMatchObject([{ messageId: body['id'], delaySeconds: 60 }]);
    // If that fails the sweep sees to it at its time.
    expect(await messages.get(String(body['id']))).toMatchObject({ dueAt: CREATED_AT + 59_001 });
  });

  test('may be 35 days ahead, and so far back that it still means now', async () => {
    const most = 35 * 86_400_000;
    for (const [send_at, answer] of [
      [in_(most), { status: 202, body: { status: 'scheduled' } }],
      [in_(most + 1), { status: 422, body: { code: 'invalid_send_at', errors: [{ pointer: '/send_at' }] } }],
      [in_(-60_000), { status: 202, body: { status: 'queued', send_at: null } }],
      [in_(-60_001), { status: 422, body: { code: 'invalid_send_at' } }],
      ['tomorrow', { status: 400, body: { code: 'invalid_request', errors: [{ pointer: '/send_at' }] } }],
      ['2026-11-23T08:00:00', { status: 400, body: { code: 'invalid_request' } }],
    ] as const) {
      expect(await call(setUp().handler, ROUTE, { key, body: { ...BODY, send_at } }), send_at).toMatchObject(answer);
    }
  });

  test('is kept until it has gone and been receipted, however short the retention', async () => {
    const parts = setUp();
    const messages = new MessageStore(database.document, 'Messages', 7);
    const handler = sendHandler({ ...parts, messages });
    const { body } = await call(handler, ROUTE, { key, body: { ...BODY, send_at: in_(30 * 86_400_000) } });
    const item = (await database.items('Messages')).find(({ messageId }) => messageId === body['id']);
    expect(Number(item?.['ttl']) * 1000).toBeGreaterThan(Date.parse(String(body['expires_at'])) + 72 * 3_600_000);
  });
});

describe("bulk outside of the account's delivery window", () => {
  const hours = (from: string, until: string) => ({
    ...ACCOUNT,
    lanes: { ...ACCOUNT.lanes, bulk: { ...ACCOUNT.lanes.bulk, deliveryWindow: { from, until } } },
  });

  /** It is 18:26:40 in Manila. */
  async function send(window: [string, string], different: Record<string, unknown>) {
    const parts = setUp();
    const handler = sendHandler({ ...parts, accounts: [hours(...window)] });
    return (await call(handler, ROUTE, { key, body: { ...BODY, lane: 'bulk', ttl_seconds: 60, ...different } })).body;
  }

  test.each<[string, [string, string], Record<string, unknown>, string | null]>([
    ['waits for its opening', ['08:00', '18:00'], {}, '2026-11-23T00:00:00.000Z'],
    ['goes at once while it is open', ['08:00', '21:00'], {}, null],
    ['is of no matter to other lanes', ['08:00', '18:00'], { lane: 'transactional' }, null],
    [
      'keeps its time where that is inside',
      ['08:00', '18:00'],
      { send_at: '2026-11-23T09:00:00+08:00' },
      '2026-11-23T01:00:00.000Z',
    ],
    [
      'is moved where its time is outside',
      ['08:00', '18:00'],
      { send_at: '2026-11-23T18:30:00+08:00' },
      '2026-11-24T00:00:00.000Z',
    ],
  ])('%s', async (_name, window, different, sendAt) => {
    const body = await send(window, different);
    expect(body).toMatchObject({ status: sendAt === null ? 'queued' : 'scheduled', send_at: sendAt });
    const life = Date.parse(String(body['expires_at'])) - (sendAt === null ? CREATED_AT : Date.parse(sendAt));
    expect(life).toBe(60_000);
  });
});

describe('who may send what', () => {
  test.each<[string, () => string, string, number]>([
    ['a key for messages may not send one-time passwords', () => key, 'otp', 403],
    ['a key for one-time passwords may', () => otpKey, 'otp', 202],
    ['and may send nothing else', () => otpKey, 'transactional', 403],
    ['nor in bulk', () => otpKey, 'bulk', 403],
  ])('%s', async (_name, keyOf, lane, status) => {
    const answer = await call(setUp().handler, ROUTE, { key: keyOf(), body: { ...BODY, lane } });
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body['code']).toBe('missing_scope');
  });

  test('the admin key may send everything', async () => {
    const admin = await storedKey(database, { keyId: 'admin', scopes: ['admin'] });
    expect((await call(setUp().handler, ROUTE, { key: admin, body: { ...BODY, lane: 'otp' } })).status).toBe(202);
  });

  test('a key with sender ids may use those only', async () => {
    const bound = await storedKey(database, { keyId: 'bound', scopes: ['messages:send'], senderIds: ['MyShop'] });
    expect((await call(setUp().handler, ROUTE, { key: bound, body: { ...BODY, from: 'MyShop' } })).status).toBe(202);
    const answer = await call(setUp().handler, ROUTE, { key: bound, body: BODY });
    expect(answer).toMatchObject({
      status: 403,
      body: { code: 'sender_not_allowed', errors: [{ pointer: '/from', code: 'sender_not_allowed' }] },
    });
  });

  test('a key of an account sends through that account, if it is here', async () => {
    const second = { ...ACCOUNT, name: 'second' };
    const parts = setUp();
    const handler = sendHandler({ ...parts, accounts: [ACCOUNT, second] });
    const own = await storedKey(database, { keyId: 'second', scopes: ['messages:send'], account: 'second' });
    expect((await call(handler, ROUTE, { key: own, body: BODY })).body['account']).toBe('second');
    expect((await call(parts.handler, ROUTE, { key: own, body: BODY })).body['code']).toBe('account_not_allowed');
  });
});

describe('test keys', () => {
  const TESTS = { ...ACCOUNT, name: 'test', simulated: true as const };
  const TEST_NUMBER = '+63 900 555 0010';

  test('send through the account of tests and no other, to listed numbers and to any', async () => {
    const parts = setUp();
    const handler = sendHandler({ ...parts, accounts: [ACCOUNT, TESTS] });
    const testKey = await storedKey(database, { keyId: 'tester', scopes: ['messages:send'], test: true });
    for (const to of [TEST_NUMBER, BODY.to]) {
      const answer = await call(handler, ROUTE, { key: testKey, body: { ...BODY, to } });
      expect(answer).toMatchObject({ status: 202, body: { account: 'test', test: true } });
    }
    expect(parts.queued.map(({ account }) => account)).toEqual(['test', 'test']);
  });

  test('send nothing where the deployment has no test mode', async () => {
    const testKey = await storedKey(database, { keyId: 'tester2', scopes: ['messages:send'], test: true });
    const answer = await call(setUp().handler, ROUTE, { key: testKey, body: BODY });
    expect(answer).toMatchObject({ status: 403, body: { code: 'account_not_allowed' } });
  });

  test('alone may send to test numbers', async () => {
    const { handler, queued } = setUp();
    const answer = await call(handler, ROUTE, { key, body: { ...BODY, to: TEST_NUMBER } });
    expect(answer).toMatchObject({ status: 422, body: { code: 'test_number', errors: [{ pointer: '/to' }] } });
    expect(queued).toEqual([]);
    // The next number belongs to somebody.
    expect((await call(handler, ROUTE, { key, body: { ...BODY, to: '+639005550100' } })).status).toBe(202);
  });
});

test('one line is logged for a request, and it holds neither number nor text', async () => {
  const { handler, log } = setUp();
  await call(handler, ROUTE, { key, body: { ...BODY, text: 'Your code is 123456' } });
  expect(log.lines).toEqual([
    {
      level: 'info',
      message: 'request',
      request_id: 'request-1',
      route: ROUTE,
      status: 202,
      duration_ms: 0,
      key_id: 'sender',
      code: undefined,
    },
  ]);
});
