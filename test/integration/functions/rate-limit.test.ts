import { beforeAll, describe, expect, test } from 'vitest';
import { RateLimiter } from '../../../functions/middleware/rate-limit.ts';
import { queryHandler } from '../../../functions/query/handler.ts';
import { sendHandler } from '../../../functions/send/handler.ts';
import { RateStore } from '../../../shared/store/control-rates.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { ACCOUNT, call, httpParts, queryParts, sendParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const ROUTE = 'GET /v1/messages/{id}';

let database: TestDatabase;
let keys = 0;

beforeAll(async () => {
  database = await startDatabase();
});

const newKey = async () =>
  await storedKey(database, { keyId: `key${(keys += 1)}`, scopes: ['admin'], quota: { segmentsPerDay: 5 } });

/** One execution environment. */
function environment({ perSecond = 3, clock = { now: CREATED_AT }, fails = false } = {}) {
  const { log, now } = httpParts(database, clock);
  const store = new RateStore(database.document, 'Control');
  let calls = 0;
  const take = async (...of: Parameters<RateStore['take']>) => {
    calls += 1;
    if (fails) throw new Error('no answer');
    return await store.take(...of);
  };
  const rates = new RateLimiter({ rates: { take }, perSecond, longestCountMs: 20_000, log, now });
  const parts = { ...queryParts(database), ...httpParts(database, clock), rates };
  const query = queryHandler(parts);
  const get = async (key: string) => await call(query, ROUTE, { key, parameters: { id: 'none' } });
  return { rates, get, calls: () => calls };
}

describe('a key', () => {
  test('may make so many requests a second, whichever environment they come to, and is told what is left', async () => {
    const key = await newKey();
    const [one, other] = [environment(), environment()];
    const first = await one.get(key);
    expect(first).toMatchObject({
      status: 404,
      headers: { 'ratelimit-policy': '"requests";q=3;w=1', ratelimit: '"requests";r=2;t=1' },
    });
    expect((await other.get(key)).status).toBe(404);
    expect((await one.get(key)).headers['ratelimit']).toBe('"requests";r=0;t=1');
    expect(await other.get(key)).toMatchObject({
      status: 429,
      headers: { 'retry-after': '1', 'ratelimit-policy': '"requests";q=3;w=1', ratelimit: '"requests";r=0;t=1' },
      body: { code: 'rate_limited', retryable: true },
    });
  });

  test('begins anew with the next second', async () => {
    const key = await newKey();
    const clock = { now: CREATED_AT };
    const { get } = environment({ perSecond: 1, clock });
    expect((await get(key)).status).toBe(404);
    clock.now += 999;
    expect((await get(key)).status).toBe(429);
    clock.now += 1;
    expect((await get(key)).status).toBe(404);
  });

  test('gets exactly as many through as it may, of 200 at once in ten environments', async () => {
    const key = await newKey();
    const environments = Array.from({ length: 10 }, () => environment({ perSecond: 50 }));
    const answers = await Promise.all(environments.flatMap(({ get }) => Array.from({ length: 20 }, () => get(key))));
    expect(answers.filter(({ status }) => status === 404)).toHaveLength(50);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(150);
  }, 30_000);

  test('that has used its second up costs no more writes in it', async () => {
    const key = await newKey();
    const { get, calls } = environment({ perSecond: 1 });
    for (let time = 0; time < 20; time += 1) await get(key);
    expect(calls()).toBe(2);
  });

  test('takes nothing from another', async () => {
    const { get } = environment({ perSecond: 1 });
    expect((await get(await newKey())).status).toBe(404);
    expect((await get(await newKey())).status).toBe(404);
  });

  test('is not refused where counting fails', async () => {
    const { get } = environment({ perSecond: 1, fails: true });
    const key = await newKey();
    for (let time = 0; time < 3; time += 1) expect((await get(key)).status).toBe(404);
  });
});

test('who has no key is refused without being counted', async () => {
  const { get, calls } = environment();
  const answer = await get('bk_live_nobody_0123456789abcdef');
  expect(answer.status).toBe(401);
  expect(answer.headers).not.toHaveProperty('ratelimit');
  expect(calls()).toBe(0);
});

test('a message tells what is left of the limits of its key and its account, and the refusal which one is used up', async () => {
  const key = await newKey();
  const handler = sendHandler({
    ...sendParts(database, [{ ...ACCOUNT, name: 'limited', segmentsPerMonth: 100 }]),
    rates: environment({ perSecond: 100 }).rates,
  });
  const body = { to: '09171234567', from: 'Bindery', text: 'a'.repeat(400) };
  const headers = { 'idempotency-key': 'limits' };
  const sent = await call(handler, 'POST /v1/messages', { key, body, headers });
  expect(sent).toMatchObject({
    status: 202,
    headers: {
      'ratelimit-policy':
        '"requests";q=100;w=1, "key-day";q=5;w=86400;qu="segments", "account-month";q=100;w=2592000;qu="segments"',
      ratelimit: '"requests";r=99;t=1, "key-day";r=2;t=20000, "account-month";r=97;t=711200',
    },
  });
  // A replay tells how things stand now, as far as it looks.
  const replayed = await call(handler, 'POST /v1/messages', { key, body, headers });
  expect(replayed.headers).toMatchObject({ 'idempotency-replayed': 'true', ratelimit: '"requests";r=98;t=1' });
  const refused = await call(handler, 'POST /v1/messages', { key, body });
  expect(refused).toMatchObject({
    status: 429,
    headers: { ratelimit: '"requests";r=97;t=1, "key-day";r=2;t=20000' },
    body: { code: 'quota_exceeded' },
  });
});
