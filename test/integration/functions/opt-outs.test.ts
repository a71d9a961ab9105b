import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { manageHandler } from '../../../functions/manage/handler.ts';
import { sendHandler } from '../../../functions/send/handler.ts';
import { LANES } from '../../../shared/config/account.ts';
import { optOutImportResultSchema, optOutPageSchema, optOutSchema } from '../../../shared/contracts/opt-out.ts';
import { OptOutStore } from '../../../shared/store/control-opt-outs.ts';
import { WebhookStore } from '../../../shared/store/control-webhooks.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { apiEvent, lambdaContext } from '../../fixtures/api-event.ts';
import { ACCOUNT, call, httpParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const NUMBER = '+639171234567';
const ACCOUNTS = [ACCOUNT, { ...ACCOUNT, name: 'second' }, { ...ACCOUNT, name: 'test', simulated: true as const }];

let database: TestDatabase;
let key: string;

beforeAll(async () => {
  database = await startDatabase();
  key = await storedKey(database, { keyId: 'keeper', scopes: ['optouts'] });
});

beforeEach(async () => {
  const store = new OptOutStore(database.document, 'Control');
  for (const { name } of ACCOUNTS) {
    const { optOuts } = await store.list(name, { limit: 1_000, after: undefined });
    await Promise.all(optOuts.map(({ number }) => store.remove(name, number)));
  }
});

function setUp() {
  const parts = { ...httpParts(database), accounts: ACCOUNTS };
  const manage = manageHandler({
    ...parts,
    endpoints: new WebhookStore(database.document, 'Control'),
    loopbackAllowed: false,
    newEndpointId: () => 'we_1',
    randomBytes: (octets: number) => Buffer.alloc(octets),
  });
  const send = sendHandler({
    ...parts,
    messages: new MessageStore(database.document, 'Messages'),
    lanes: { send: async () => {} },
    newMessageId: () => `msg_${String((made += 1)).padStart(26, '0')}`,
  });
  const add = async (body: unknown, as = key) => await call(manage, 'POST /v1/opt-outs', { key: as, body });
  const remove = async (number: string) =>
    await call(manage, 'DELETE /v1/opt-outs/{number}', { key, parameters: { number } });
  const list = async (query: Record<string, string> = {}, as = key) =>
    await call(manage, 'GET /v1/opt-outs', { key: as, query });
  const sendTo = async (to: string, lane: string, as: string) =>
    await call(send, 'POST /v1/messages', { key: as, body: { to, from: 'Bindery', text: 'Hello', lane } });
  return { ...parts, manage, add, remove, list, sendTo };
}

let made = 0;

const sender = async (more: { test?: boolean; account?: string } = {}) =>
  await storedKey(database, { keyId: `s${(made += 1)}`, scopes: ['messages:send', 'messages:send:otp'], ...more });

describe('an opt-out', () => {
  test('is added in any form of the number, shown, and removed in any other', async () => {
    const { add, list, remove } = setUp();
    const added = await add({ number: '0917 123 4567', scope: 'promotional' });
    expect(added.status).toBe(201);
    expect(optOutSchema.parse(added.body)).toMatchObject({ number: NUMBER, scope: 'promotional', account: 'main' });
    expect((await list()).body['data']).toEqual([added.body]);
    expect((await remove('63917-123-4567')).status).toBe(204);
    expect((await list()).body['data']).toEqual([]);
    expect(await remove(NUMBER)).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });

  test('is never narrowed by being added again', async () => {
    const { add, list } = setUp();
    await add({ number: NUMBER, scope: 'promotional' });
    expect(await add({ number: NUMBER })).toMatchObject({ status: 200, body: { scope: 'all' } });
    const narrower = await add({ number: NUMBER, scope: 'promotional' });
    expect(narrower).toMatchObject({ status: 200, body: { scope: 'all' } });
    expect((await list()).body['data']).toEqual([narrower.body]);
  });

  test.each([
    ['promotional', ['bulk']],
    ['all', ['transactional', 'bulk']],
  ])('of scope %s stops %j and no other lane', async (scope, stopped) => {
    const { add, sendTo } = setUp();
    await add({ number: NUMBER, scope });
    const as = await sender();
    for (const lane of LANES) {
      const answer = await sendTo(NUMBER, lane, as);
      if (!stopped.includes(lane)) expect(answer.status).toBe(202);
      else
        expect(answer).toMatchObject({
          status: 422,
          body: { code: 'recipient_opted_out', errors: [{ pointer: '/to' }] },
        });
      expect((await sendTo('+639171234568', lane, as)).status).toBe(202);
    }
  });

  test('is toward one account, and test keys have their own', async () => {
    const { add, sendTo, list } = setUp();
    await add({ number: NUMBER, account: 'second' });
    expect((await sendTo(NUMBER, 'bulk', await sender())).status).toBe(202);
    expect((await sendTo(NUMBER, 'bulk', await sender({ account: 'second' }))).status).toBe(422);
    const tester = await storedKey(database, { keyId: 'tester', scopes: ['optouts'], test: true });
    expect(await add({ number: NUMBER }, tester)).toMatchObject({ status: 201, body: { account: 'test' } });
    expect((await sendTo(NUMBER, 'bulk', await sender({ test: true }))).status).toBe(422);
    expect((await list({ account: 'second' })).body['data']).toHaveLength(1);
    expect((await list({}, tester)).body['data']).toHaveLength(1);
    expect(await add({ number: NUMBER, account: 'main' }, tester)).toMatchObject({
      status: 422,
      body: { code: 'unknown_account', errors: [{ pointer: '/account' }] },
    });
  });

  test('leaves no number in an error or in the log', async () => {
    const { remove, add, log } = setUp();
    const missing = await remove(NUMBER);
    expect(missing.body['instance']).toBe('/v1/opt-outs/{number}');
    const wrong = await add({ number: '091712345678' });
    expect(wrong).toMatchObject({ status: 422, body: { code: 'invalid_number', errors: [{ pointer: '/number' }] } });
    await add({ number: NUMBER });
    expect(JSON.stringify([missing.body, wrong.body, log.lines])).not.toContain('9171234567');
  });
});

test('the list has every number once, page by page, though some come and go meanwhile', async () => {
  const { add, list, remove } = setUp();
  const numbers = Array.from({ length: 7 }, (_, n) => `+63917123450${n}`);
  for (const number of numbers.toReversed()) await add({ number });
  const first = optOutPageSchema.parse((await list({ limit: '3' })).body);
  expect(first).toMatchObject({ has_more: true });
  await remove(numbers[2] ?? '');
  const rest = optOutPageSchema.parse((await list({ limit: '4', cursor: first.next_cursor ?? '' })).body);
  expect(rest).toMatchObject({ has_more: false, next_cursor: null });
  expect([...first.data, ...rest.data].map(({ number }) => number)).toEqual(numbers);
  const elsewhere = await list({ account: 'second', cursor: first.next_cursor ?? '' });
  expect(elsewhere).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
});

test('an import takes or refuses each number by itself, and may come again', async () => {
  const { manage } = setUp();
  const valid = Array.from({ length: 295 }, (_, n) => `0917${String(1_000_000 + n)}`);
  const body = { numbers: ['nobody', '+12025550123', ...valid, '0917-1000-000', ''], scope: 'promotional' };
  const run = async () =>
    optOutImportResultSchema.parse((await call(manage, 'POST /v1/opt-outs/import', { key, body })).body);
  const first = await run();
  expect(first).toMatchObject({ added: 295, known: 1, refused: 3 });
  expect(first.data.map(({ index }) => index)).toEqual(body.numbers.map((_, index) => index));
  expect(first.data[1]).toMatchObject({ status: 'refused', code: 'unsupported_country' });
  expect(await run()).toMatchObject({ added: 0, known: 296, refused: 3 });
  const tooMany = await call(manage, 'POST /v1/opt-outs/import', {
    key,
    body: { numbers: Array.from({ length: 1_001 }, () => NUMBER) },
  });
  expect(tooMany).toMatchObject({ status: 400, body: { code: 'invalid_request', errors: [{ pointer: '/numbers' }] } });
});

test('an export is CSV, with a row a number', async () => {
  const { manage, add } = setUp();
  await add({ number: NUMBER, scope: 'promotional' });
  const result = await manage(apiEvent('GET /v1/opt-outs/export', { authorization: `Bearer ${key}` }), lambdaContext());
  expect(result.headers).toMatchObject({ 'content-type': expect.stringMatching(/^text\/csv/) as string });
  expect(result.headers).not.toHaveProperty('next-cursor');
  expect(result.body).toBe(
    [
      'number,scope,source,created_at,updated_at',
      '+639171234567,promotional,api,2026-11-22T10:26:40.000Z,2026-11-22T10:26:40.000Z',
      '',
    ].join('\r\n'),
  );
});

test.each(['POST /v1/opt-outs', 'GET /v1/opt-outs', 'POST /v1/opt-outs/import', 'GET /v1/opt-outs/export'])(
  '%s needs the scope optouts',
  async (route) => {
    const { manage } = setUp();
    const body = route.startsWith('POST') ? { body: { number: NUMBER } } : {};
    const answer = await call(manage, route, { key: await sender(), ...body });
    expect(answer).toMatchObject({ status: 403, body: { code: 'missing_scope' } });
  },
);
