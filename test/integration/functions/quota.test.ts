import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import { beforeAll, describe, expect, test } from 'vitest';
import { manageHandler } from '../../../functions/manage/handler.ts';
import { sendHandler } from '../../../functions/send/handler.ts';
import type { ApiAccount } from '../../../shared/config/environment.ts';
import { UsageStore } from '../../../shared/store/control-usage.ts';
import { WebhookStore } from '../../../shared/store/control-webhooks.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { ACCOUNT, call, httpParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const ROUTE = 'POST /v1/messages';
const BODY = { to: '09171234567', from: 'Bindery', text: 'Hello' };
const PERIOD = { month: '2026-11', day: '22' };
/** From 10:26:40 to midnight in Manila, 16:00 in UTC. */
const UNTIL_MIDNIGHT_SECONDS = 20_000;

let database: TestDatabase;
let key: string;
let accounts = 0;

beforeAll(async () => {
  database = await startDatabase();
  key = await storedKey(database, { keyId: 'sender', scopes: ['messages:send', 'admin'] });
});

function setUp({ clock = { now: CREATED_AT }, ...limits }: Partial<ApiAccount> & { clock?: { now: number } } = {}) {
  accounts += 1;
  const account: ApiAccount = { ...ACCOUNT, name: `account-${accounts}`, ...limits };
  const parts = httpParts(database, clock);
  const messages = new MessageStore(database.document, 'Messages');
  const handler = sendHandler({
    ...parts,
    messages,
    lanes: { send: async () => undefined },
    newMessageId: () => `msg_${ulid()}`,
    accounts: [account],
  });
  const send = async (body = {}, by = key) =>
    await call(handler, ROUTE, { key: by, body: { ...BODY, ...body }, remainingMs: 60_000 });
  const used = async (keyId?: string) =>
    await parts.usage.read({ account: account.name, ...(keyId === undefined ? {} : { keyId }) }, PERIOD);
  return { ...parts, account, messages, send, used };
}

describe("an account's limits", () => {
  test('count segments, not messages, and say when they begin anew', async () => {
    const { send, used } = setUp({ segmentsPerDay: 3 });
    expect((await send({ text: 'a'.repeat(161) })).status).toBe(202);
    const refused = await send({ text: 'a'.repeat(161) });
    expect(refused).toMatchObject({
      status: 429,
      headers: { 'retry-after': String(UNTIL_MIDNIGHT_SECONDS) },
      body: { code: 'quota_exceeded', retryable: true },
    });
    expect(refused.body['detail']).toContain('the account may send 3 segments a day');
    expect(refused.body['detail']).toContain('2026-11-22T16:00:00.000Z');
    // There is room for a shorter one.
    expect((await send()).status).toBe(202);
    expect(await used()).toEqual({ day: 3, month: 3 });
    expect(await used('sender')).toEqual({ day: 3, month: 3 });
  });

  test("begin anew by the account's clocks, the month's later than the day's", async () => {
    const clock = { now: CREATED_AT };
    const { send } = setUp({ clock, segmentsPerDay: 1, segmentsPerMonth: 2 });
    expect((await send()).status).toBe(202);
    clock.now += UNTIL_MIDNIGHT_SECONDS * 1_000 - 1;
    expect((await send()).status).toBe(429);
    clock.now += 1;
    expect((await send()).status).toBe(202);
    const refused = await send();
    expect(refused.body['detail']).toContain('2 segments a month');
    // From the 23rd to the end of the 30th.
    expect(refused.headers['retry-after']).toBe(String(8 * 86_400));
  });

  test('are not touched by what is refused for another reason, or could not be stored at once', async () => {
    const { send, used } = setUp({ segmentsPerDay: 5 });
    await send({ to: '12' });
    await send({ lane: 'nowhere' });
    expect(await used()).toEqual({ day: 0, month: 0 });
  });

  test('a message that was counted carries the day of it', async () => {
    const { send, messages } = setUp();
    const { body } = await send();
    expect(await messages.get(String(body['id']))).toMatchObject({ countedIn: PERIOD });
  });

  test('50 senders at once get exactly 1,000 segments through', async () => {
    const { send, used } = setUp({ segmentsPerDay: 1_000 });
    const texts = ['a', 'a'.repeat(161), 'a'.repeat(400)];
    const sender = async (_: unknown, index: number) => {
      let through = 0;
      for (let turn = 0; turn < 8; turn += 1) {
        const text = texts[(index + turn) % texts.length];
        const answer = await send({ text });
        if (answer.status === 202) through += (answer.body['segments'] as { total: number }).total;
      }
      for (let answer = await send(); answer.status === 202; answer = await send()) through += 1;
      return through;
    };
    const through = await Promise.all(Array.from({ length: 50 }, sender));
    expect(through.reduce((sum, each) => sum + each)).toBe(1_000);
    expect(await used()).toEqual({ day: 1_000, month: 1_000 });
  }, 90_000);
});

describe("a key's own limits", () => {
  const manage = () =>
    manageHandler({
      ...httpParts(database),
      accounts: [{ name: 'main' }],
      endpoints: new WebhookStore(database.document, 'Control'),
      newEndpointId: () => `we_${ulid()}`,
      randomBytes,
      loopbackAllowed: false,
    });

  test('are given with it, and hold for it alone', async () => {
    const quota = { segments_per_day: 2 };
    const created = await call(manage(), 'POST /v1/keys', {
      key,
      body: { name: 'shop', scopes: ['messages:send'], quota },
    });
    expect(created).toMatchObject({ status: 201, body: { quota: { ...quota, segments_per_month: null } } });
    const [own, ownId] = [String(created.body['key']), String(created.body['id'])];
    const { send, used } = setUp({ segmentsPerDay: 4 });
    for (let turn = 0; turn < 2; turn += 1) expect((await send({}, own)).status).toBe(202);
    const refused = await send({}, own);
    expect(refused).toMatchObject({ status: 429, body: { code: 'quota_exceeded' } });
    expect(refused.body['detail']).toContain('this key may send 2 segments a day');
    expect((await send()).status).toBe(202);
    expect([await used(ownId), await used()]).toEqual([
      { day: 2, month: 2 },
      { day: 3, month: 3 },
    ]);
  });

  test("are not used up by what the account's limit refuses", async () => {
    const { send, used } = setUp({ segmentsPerMonth: 1 });
    const limited = await storedKey(database, {
      keyId: 'limited',
      scopes: ['messages:send'],
      quota: { segmentsPerMonth: 10 },
    });
    expect((await send()).status).toBe(202);
    expect((await send({}, limited)).body['detail']).toContain('the account may send 1 segments a month');
    expect(await used('limited')).toEqual({ day: 0, month: 0 });
  });

  test.each([{ segments_per_day: 0 }, { segments_per_day: 1.5 }, { segments_per_week: 1 }])(
    'cannot be %j',
    async (quota) => {
      const answer = await call(manage(), 'POST /v1/keys', { key, body: { name: 'x', scopes: ['admin'], quota } });
      expect(answer.status).toBe(400);
    },
  );
});

test('a process that dies between counting and storing leaves a count that the next one takes back after a minute', async () => {
  const clock = { now: CREATED_AT };
  const { send, used, account } = setUp({ clock, segmentsPerDay: 2 });
  const lost = { messageId: 'msg_lost', segments: 2, period: PERIOD };
  await new UsageStore(database.document, 'Control').count({ account: account.name }, lost, {
    limits: {},
    at: CREATED_AT,
  });
  expect((await send()).status).toBe(429);
  clock.now += 59_999;
  expect((await send()).status).toBe(429);
  clock.now += 1;
  expect((await send()).status).toBe(202);
  expect([await used(), await used('sender')]).toEqual([
    { day: 1, month: 1 },
    { day: 1, month: 1 },
  ]);
});
