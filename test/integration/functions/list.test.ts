import { beforeAll, describe, expect, test } from 'vitest';
import { queryHandler } from '../../../functions/query/handler.ts';
import { messagePageSchema } from '../../../shared/contracts/message-list.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { firstIdAt } from '../../../shared/domain/message-id.ts';
import { CursorKeyStore } from '../../../shared/store/control-cursor-key.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { call, queryParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const ROUTE = 'GET /v1/messages';
const idAt = (second: number) => firstIdAt(CREATED_AT + second * 1_000);

let database: TestDatabase;
let everything: string;
let main: string;
let second: string;

/** One message a second: 0 to 11 of account main, 12 to 14 of account second. */
beforeAll(async () => {
  database = await startDatabase();
  const messages = new MessageStore(database.document, 'Messages');
  for (let at = 0; at < 15; at += 1) {
    const different: Partial<Message> = {
      account: at < 12 ? 'main' : 'second',
      lane: at % 2 === 0 ? 'bulk' : 'otp',
      to: at % 3 === 0 ? '+639181234567' : '+639171234567',
      from: at % 4 === 0 ? 'MyShop' : 'Bindery',
      ...(at === 5 || at === 13 ? { clientRef: 'order-1' } : {}),
      ...(at > 7 && at < 11 ? { batchId: 'batch_1' } : {}),
    };
    const createdAt = CREATED_AT + at * 1_000;
    await messages.create(queuedMessage({ messageId: idAt(at), createdAt, ...different }));
  }
  await messages.change(idAt(3), { kind: 'canceled', at: CREATED_AT });
  everything = await storedKey(database, { keyId: 'everything', scopes: ['messages:read'] });
  main = await storedKey(database, { keyId: 'main', scopes: ['messages:read', 'messages:read_body'], account: 'main' });
  second = await storedKey(database, { keyId: 'second', scopes: ['messages:read'], account: 'second' });
});

async function list(query: Record<string, string> = {}, key = everything) {
  const handler = queryHandler(queryParts(database, [{ name: 'main' }, { name: 'second' }]));
  const answer = await call(handler, ROUTE, { key, query });
  if (answer.status !== 200) return { ...answer, page: undefined, seconds: [] };
  const page = messagePageSchema.parse(answer.body);
  return { ...answer, page, seconds: page.data.map(({ created_at }) => (Date.parse(created_at) - CREATED_AT) / 1_000) };
}

describe('a list of messages', () => {
  test('has the messages of all accounts, newest first, as GET of each shows them', async () => {
    const { seconds, page } = await list();
    expect(seconds).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(page).toMatchObject({ has_more: false, next_cursor: null });
    const one = await call(queryHandler(queryParts(database)), 'GET /v1/messages/{id}', {
      key: everything,
      parameters: { id: idAt(9) },
    });
    expect(page?.data.at(5)).toEqual(one.body);
  });

  test('has those of the account alone for a key that has one, with texts where the key may read them', async () => {
    const own = await list({}, main);
    expect(own.seconds).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    expect(own.page?.data[0]).toHaveProperty('text', 'Hello');
    const other = await list({ account: 'second' }, second);
    expect(other.seconds).toEqual([14, 13, 12]);
    expect(other.page?.data[0]).not.toHaveProperty('text');
    expect((await list({ account: 'second' }, main)).seconds).toEqual([]);
    expect((await list({ client_ref: 'order-1' }, main)).seconds).toEqual([5]);
    expect((await list({ to: '09171234567' }, second)).seconds).toEqual([14, 13]);
  });

  test.each<[Record<string, string>, number[]]>([
    [{ status: 'canceled' }, [3]],
    [{ lane: 'otp', account: 'second' }, [13]],
    [{ to: '0918 123 4567' }, [12, 9, 6, 3, 0]],
    [{ from: 'MyShop', account: 'main' }, [8, 4, 0]],
    [{ client_ref: 'order-1' }, [13, 5]],
    [{ batch: 'batch_1' }, [10, 9, 8]],
    [{ batch: 'batch_1', lane: 'otp' }, [9]],
    [{ created_after: new Date(CREATED_AT + 12_000).toISOString() }, [14, 13, 12]],
    [{ created_before: new Date(CREATED_AT + 2_000).toISOString() }, [1, 0]],
    [{ created_after: '2026-11-22T18:26:45+08:00', created_before: '2026-11-22T18:26:47+08:00' }, [6, 5]],
    [{ created_after: '2026-11-23T00:00:00Z', created_before: '2026-11-22T00:00:00Z' }, []],
    [{ batch: 'batch_9' }, []],
    [{ created_after: '0000-01-01T00:00:00Z', created_before: '9999-12-31T23:59:59Z', batch: 'batch_1' }, [10, 9, 8]],
    [{ client_ref: "'; DROP TABLE" }, []],
    [{ account: 'elsewhere' }, []],
  ])('of %j has these and no others', async (query, seconds) => {
    expect((await list(query)).seconds).toEqual(seconds);
  });

  test.each<[Record<string, string>]>([[{}], [{ batch: 'batch_1' }], [{ lane: 'bulk' }], [{ to: '09171234567' }]])(
    'of %j comes whole page by page',
    async (query) => {
      const whole = (await list(query)).seconds;
      const found: number[] = [];
      let cursor: Record<string, string> = {};
      for (;;) {
        const { page, seconds } = await list({ ...query, limit: '2', ...cursor });
        found.push(...seconds);
        if (typeof page?.next_cursor !== 'string') break;
        cursor = { cursor: page.next_cursor };
      }
      expect(found).toEqual(whole);
    },
  );
});

describe('what is no list', () => {
  test.each<[string, Record<string, string>, string, string]>([
    ['a limit of 0', { limit: '0' }, 'invalid_request', '/limit'],
    ['a limit of 201', { limit: '201' }, 'invalid_request', '/limit'],
    ['a limit in words', { limit: 'all' }, 'invalid_request', '/limit'],
    ['a status that there is not', { status: 'lost' }, 'invalid_request', '/status'],
    ['a time without an offset', { created_after: '2026-11-22' }, 'invalid_request', '/created_after'],
    ['a parameter that there is not', { page: '2' }, 'invalid_request', '/page'],
    ['a number that is none', { to: '12' }, 'invalid_number', '/to'],
    ['a made-up cursor', { cursor: 'bXNnXzAx' }, 'invalid_cursor', '/cursor'],
    ['a cursor of other letters', { cursor: '../../%00' }, 'invalid_cursor', '/cursor'],
    ['a cursor that never ends', { cursor: 'A'.repeat(5_000) }, 'invalid_request', '/cursor'],
    ['no cursor at all', { cursor: '' }, 'invalid_request', '/cursor'],
    ['a limit that came twice', { limit: '1,2' }, 'invalid_request', '/limit'],
    ['a limit with a fraction', { limit: '1.5' }, 'invalid_request', '/limit'],
    ['a limit in another base', { limit: '0x10' }, 'invalid_request', '/limit'],
    ['a status that came twice', { status: 'sent,queued' }, 'invalid_request', '/status'],
    ['a lane that is empty', { lane: '' }, 'invalid_request', '/lane'],
    ['a name of the engine', { constructor: '1' }, 'invalid_request', '/constructor'],
    ['a day that there is not', { created_before: '2026-02-30T00:00:00Z' }, 'invalid_request', '/created_before'],
    ['a number in disguise', { to: "' OR 1=1" }, 'invalid_number', '/to'],
    ['a reference that never ends', { client_ref: 'x'.repeat(129) }, 'invalid_request', '/client_ref'],
  ])('%s is refused by name', async (_name, query, code, pointer) => {
    const { status, body } = await list(query);
    expect(status).toBe(code === 'invalid_number' ? 422 : 400);
    expect(body).toMatchObject({ code, errors: [{ pointer }] });
  });

  test('a cursor opens the list with its own filters only, for whoever may see the same', async () => {
    const cursor = (await list({ lane: 'bulk', limit: '1' })).page?.next_cursor ?? '';
    expect((await list({ lane: 'bulk', limit: '7', cursor })).status).toBe(200);
    expect((await list({ lane: 'otp', cursor })).body['code']).toBe('invalid_cursor');
    expect((await list({ cursor })).body['code']).toBe('invalid_cursor');
    expect((await list({ lane: 'bulk', cursor }, second)).body['code']).toBe('invalid_cursor');
    const changed = cursor.slice(0, -1) + (cursor.endsWith('A') ? 'B' : 'A');
    expect((await list({ lane: 'bulk', cursor: changed })).body['code']).toBe('invalid_cursor');
  });

  test('a key that may only send may not list', async () => {
    const sender = await storedKey(database, { keyId: 'sender', scopes: ['messages:send'] });
    expect(await list({}, sender)).toMatchObject({ status: 403, body: { code: 'missing_scope' } });
  });
});

test('the secret of cursors is made once, whoever asks first', async () => {
  const stores = Array.from({ length: 5 }, () => new CursorKeyStore(database.document, 'Control'));
  const keys = await Promise.all(stores.map(async (store) => await store.get()));
  expect(new Set(keys).size).toBe(1);
  expect(keys[0]).toMatch(/^[0-9a-f]{64}$/);
});
