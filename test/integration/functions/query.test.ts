import { beforeAll, expect, test } from 'vitest';
import { queryHandler } from '../../../functions/query/handler.ts';
import { messageSchema } from '../../../shared/contracts/message.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { call, queryParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const ROUTE = 'GET /v1/messages/{id}';
const ID = 'msg_01JDA8K4ZZZZZZZZZZZZZZZZZZ';

let database: TestDatabase;
let messages: MessageStore;
let key: string;

beforeAll(async () => {
  database = await startDatabase();
  messages = new MessageStore(database.document, 'Messages');
  key = await storedKey(database, { keyId: 'reader', scopes: ['messages:read'] });
  await messages.create(queuedMessage({ messageId: ID, clientRef: 'order-1' }));
  const at = CREATED_AT + 1_000;
  await messages.change(ID, { kind: 'claimed', owner: 'b', fence: 1, at });
  await messages.change(ID, { kind: 'segment_accepted', index: 0, mcMessageId: 'A1', at: at + 100 });
  const receipt = {
    kind: 'receipt',
    index: 0,
    mcMessageId: 'A1',
    state: 'undelivered',
    stat: 'UNDELIV',
    err: '011',
  } as const;
  await messages.change(ID, { ...receipt, at: at + 5_000 });
});

const get = async (id: string, as = key) =>
  await call(queryHandler(queryParts(database)), ROUTE, { key: as, parameters: { id } });

test('a message is shown with its state, its times, its error and all that happened to it', async () => {
  const answer = await get(ID);
  expect(answer.status).toBe(200);
  expect(messageSchema.parse(answer.body)).toEqual({
    id: ID,
    status: 'undelivered',
    status_at: '2026-11-22T10:26:46.000Z',
    is_final: true,
    lane: 'transactional',
    account: 'main',
    to: '+639171234567',
    from: 'Bindery',
    encoding: 'gsm7',
    segments: { total: 1, sent: 1, delivered: 0, failed: 1 },
    smart_encoding: null,
    client_ref: 'order-1',
    batch_id: null,
    metadata: {},
    error: {
      code: 'undelivered',
      detail: 'the operator reports UNDELIV',
      operator_code: '011',
      retryable: false,
    },
    feedback: null,
    created_at: '2026-11-22T10:26:40.000Z',
    queued_at: '2026-11-22T10:26:40.000Z',
    sent_at: '2026-11-22T10:26:41.100Z',
    finalized_at: '2026-11-22T10:26:46.000Z',
    send_at: null,
    estimated_wait_seconds: null,
    expires_at: '2026-11-22T11:26:40.000Z',
    test: false,
    timeline: [
      { status: 'queued', at: '2026-11-22T10:26:40.000Z', sequence: 1, detail: null },
      { status: 'sending', at: '2026-11-22T10:26:41.000Z', sequence: null, detail: null },
      { status: 'sent', at: '2026-11-22T10:26:41.100Z', sequence: 2, detail: null },
      { status: 'undelivered', at: '2026-11-22T10:26:46.000Z', sequence: 3, detail: null },
    ],
  });
});

test('the text is shown to who may read it, and as null once it is gone', async () => {
  const reader = await storedKey(database, { keyId: 'bodies', scopes: ['messages:read', 'messages:read_body'] });
  expect((await get(ID, reader)).body['text']).toBe('Hello');
  const { text: _text, ...without } = queuedMessage({ messageId: 'msg_01JDA8K4ZZZZZZZZZZZZZZZZZ0' });
  await messages.create(without);
  expect((await get(without.messageId, reader)).body['text']).toBeNull();
});

test.each([
  ['an id that does not exist', 'msg_01JDA8K4YYYYYYYYYYYYYYYYYY'],
  ['an id that is none', 'hello'],
  ['an id in small letters', ID.toLowerCase()],
  ['an empty id', ''],
  ['a hostile id', "msg_'; DROP TABLE Messages; --"],
])('%s is not found', async (_name, id) => {
  expect(await get(id)).toMatchObject({ status: 404, body: { code: 'not_found', retryable: false } });
});

test("another account's message is not there", async () => {
  const own = await storedKey(database, { keyId: 'own', scopes: ['messages:read'], account: 'main' });
  const other = await storedKey(database, { keyId: 'other', scopes: ['messages:read'], account: 'second' });
  expect((await get(ID, own)).status).toBe(200);
  const [hidden, missing] = [await get(ID, other), await get('msg_01JDA8K4YYYYYYYYYYYYYYYYYY', other)];
  expect(hidden.status).toBe(404);
  expect(hidden.body['detail']).toBe(missing.body['detail']);
});

test('a key for masked reading sees neither number nor text, in lists as well, nor can it look which number a message has', async () => {
  const masked = await storedKey(database, { keyId: 'masked', scopes: ['messages:read_masked'] });
  const { body } = await get(ID, masked);
  expect(body).toMatchObject({ id: ID, to: '+63917•••••67', status: 'undelivered' });
  expect(body).not.toHaveProperty('text');
  const list = await call(queryHandler(queryParts(database)), 'GET /v1/messages', {
    key: masked,
  });
  expect(list.body['data']).toContainEqual(expect.objectContaining({ id: ID, to: '+63917•••••67' }));
  expect(JSON.stringify(list.body)).not.toContain('+639171234567');
  const guess = await call(queryHandler(queryParts(database)), 'GET /v1/messages', {
    key: masked,
    query: { to: '09171234567' },
  });
  expect(guess).toMatchObject({ status: 403, body: { code: 'missing_scope' } });
});

test('a key that may only send may not read', async () => {
  const sender = await storedKey(database, { keyId: 'sender', scopes: ['messages:send'] });
  expect(await get(ID, sender)).toMatchObject({ status: 403, body: { code: 'missing_scope' } });
});
