import { beforeAll, describe, expect, test } from 'vitest';
import { queryHandler } from '../../../functions/query/handler.ts';
import { type ApiInboundMessage, inboundMessagePageSchema } from '../../../shared/contracts/inbound-message.ts';
import type { InboundMessage } from '../../../shared/domain/inbound-message.ts';
import { ReceiptStore } from '../../../shared/store/receipts.ts';
import { inboundMessage } from '../../fixtures/inbound.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { call, queryParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

type Content = Partial<InboundMessage['parts'][number]>;

const ROUTE = 'GET /v1/inbound-messages';
const ACCOUNTS = [{ name: 'main' }, { name: 'second' }, { name: 'test', simulated: true as const }];

let database: TestDatabase;
let receipts: ReceiptStore;
let key: string;

const minute = (n: number) => CREATED_AT + n * 60_000;

async function store(at: number, different: Partial<InboundMessage> = {}, content: Content = {}): Promise<void> {
  await receipts.putInbound(inboundMessage({ at, ...different }, content));
}

const receivedAt = ({ created_at }: ApiInboundMessage) => (Date.parse(created_at) - CREATED_AT) / 60_000;

async function list(query: Record<string, string> = {}, as = key) {
  return await call(queryHandler(queryParts(database, ACCOUNTS)), ROUTE, { key: as, query });
}

async function listed(query: Record<string, string> = {}, as = key) {
  return inboundMessagePageSchema.parse((await list(query, as)).body);
}

beforeAll(async () => {
  database = await startDatabase();
  receipts = new ReceiptStore(database.document, 'Receipts');
  key = await storedKey(database, { keyId: 'reader', scopes: ['messages:read', 'messages:read_body'] });
  for (let n = 0; n < 6; n += 1) await store(minute(n), { account: n % 2 === 0 ? 'main' : 'second' });
  await store(minute(10), { from: '09181234567', to: '4343' });
  await store(minute(20), { account: 'test' });
});

describe('messages from subscribers', () => {
  test('are listed newest first over all accounts of a key, each once, page by page', async () => {
    const pages = [await listed({ limit: '3' })];
    for (let next = pages[0]?.next_cursor; next; next = pages.at(-1)?.next_cursor ?? null) {
      pages.push(await listed({ limit: '3', cursor: next }));
    }
    expect(pages.map(({ data }) => data.length)).toEqual([3, 3, 1]);
    expect(pages.flatMap(({ data }) => data.map(receivedAt))).toEqual([10, 5, 4, 3, 2, 1, 0]);
  });

  test.each<[string, Record<string, string>, number[]]>([
    ['sender in any form', { from: '0917 123 4567' }, [5, 4, 3, 2, 1, 0]],
    ['recipient', { to: '4343' }, [10]],
    ['account', { account: 'second' }, [5, 3, 1]],
    ['an account out of reach', { account: 'test' }, []],
    [
      'time, the end not included',
      { created_after: new Date(minute(1)).toISOString(), created_before: new Date(minute(4)).toISOString() },
      [3, 2, 1],
    ],
  ])('are found by %s', async (_name, query, minutes) => {
    expect((await listed(query)).data.map(receivedAt)).toEqual(minutes);
  });

  test('show their text to who may read it, and to nobody else', async () => {
    const plain = await storedKey(database, { keyId: 'plain', scopes: ['messages:read'] });
    expect((await listed({ to: '4343' }, plain)).data[0]).not.toHaveProperty('text');
    expect((await listed({ to: '4343' })).data).toEqual([
      expect.objectContaining({
        from: '+639181234567',
        to: '4343',
        text: 'STOP',
        encoding: 'gsm7',
        status: 'complete',
      }),
    ]);
    const sender = await storedKey(database, { keyId: 'sender', scopes: ['messages:send'] });
    expect(await list({}, sender)).toMatchObject({ status: 403, body: { code: 'missing_scope' } });
  });

  test('of an account are not there for the key of another, nor live ones for a test key', async () => {
    const second = await storedKey(database, { keyId: 'second', scopes: ['messages:read'], account: 'second' });
    expect((await listed({}, second)).data.map(receivedAt)).toEqual([5, 3, 1]);
    const tester = await storedKey(database, { keyId: 'tester', scopes: ['messages:read'], test: true });
    expect((await listed({}, tester)).data.map(receivedAt)).toEqual([20]);
  });

  test('keep a cursor to its own list', async () => {
    const { next_cursor: cursor } = await listed({ limit: '2' });
    const answer = await list({ cursor: cursor ?? '', account: 'main' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
  });
});

let stored = 0;

test.each<[string, Content, Partial<ApiInboundMessage>]>([
  ['GSM 03.38', { raw: Buffer.from([0x00, 0x1b, 0x65]) }, { encoding: 'gsm7', text: '@€' }],
  ['UCS-2', { dataCoding: 8, raw: Buffer.from('20b1', 'hex') }, { encoding: 'ucs2', text: '₱' }],
  ['Latin 1', { dataCoding: 3, raw: Buffer.from('ñ', 'latin1') }, { encoding: 'latin1', text: 'ñ' }],
  ['no alphabet', { dataCoding: 4, raw: Buffer.from([1, 2, 3]) }, { encoding: 'binary', text: null }],
  ['GSM 03.38 behind a header', { esmClass: 0x40, raw: Buffer.from('0500032a0101486f', 'hex') }, { text: 'Ho' }],
])('a message in %s is shown as the subscriber wrote it', async (name, content, shown) => {
  stored += 1;
  await store(minute(100 + stored), { to: name }, content);
  expect((await listed({ to: name })).data[0]).toMatchObject(shown);
});
