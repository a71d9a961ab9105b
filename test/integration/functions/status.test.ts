import { beforeAll, describe, expect, test } from 'vitest';
import { queryHandler } from '../../../functions/query/handler.ts';
import { accountStatusListSchema } from '../../../shared/contracts/account-status.ts';
import { laneListSchema } from '../../../shared/contracts/lane-status.ts';
import { usageListSchema } from '../../../shared/contracts/usage.ts';
import type { AccountLoad } from '../../../shared/domain/drain.ts';
import { UsageStore } from '../../../shared/store/control-usage.ts';
import { accountLoad, accountReport, downFor } from '../../fixtures/account-load.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { call, queryParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const ACCOUNTS = [
  { name: 'main', segmentsPerDay: 1_000 },
  { name: 'second', timeZone: 'UTC' },
  { name: 'test', simulated: true as const },
];

let database: TestDatabase;
let admin: string;
let reader: string;
let tester: string;
let sender: string;

beforeAll(async () => {
  database = await startDatabase();
  admin = await storedKey(database, { keyId: 'boss', scopes: ['admin'] });
  reader = await storedKey(database, {
    keyId: 'reader',
    scopes: ['messages:read'],
    account: 'second',
    quota: { segmentsPerMonth: 50 },
  });
  tester = await storedKey(database, { keyId: 'tester', scopes: ['messages:read'], test: true });
  sender = await storedKey(database, { keyId: 'sender', scopes: ['messages:send'] });
  await storedKey(database, { keyId: 'old', scopes: ['messages:read'], revokedAt: CREATED_AT });
  const usage = new UsageStore(database.document, 'Control');
  const count = async (counter: { account: string; keyId?: string }, segments: number, day: string) => {
    const charge = { messageId: `msg_${segments}`, segments, period: { month: '2026-11', day } };
    await usage.count(counter, charge, { limits: {}, at: CREATED_AT });
  };
  await count({ account: 'main' }, 7, '22');
  await count({ account: 'main' }, 5, '21');
  await count({ account: 'main', keyId: 'sender' }, 7, '22');
  await count({ account: 'second', keyId: 'reader' }, 3, '22');
});

async function get(route: string, key: string, load?: AccountLoad) {
  const loads = { load: async (account: string) => (account === 'main' ? load : undefined) };
  return await call(queryHandler({ ...queryParts(database, ACCOUNTS), loads }), route, { key });
}

describe('GET /v1/usage', () => {
  test('shows the admin every account, and behind it its keys', async () => {
    const { data } = usageListSchema.parse((await get('GET /v1/usage', admin)).body);
    expect(data.map(({ account, key_id }) => [account, key_id])).toEqual([
      ['main', null],
      expect.arrayContaining(['main']),
      expect.arrayContaining(['main']),
      ['second', null],
      ['second', 'reader'],
    ]);
    expect(data[0]).toEqual({
      account: 'main',
      key_id: null,
      time_zone: 'Asia/Manila',
      day: { used: 7, limit: 1_000, resets_at: '2026-11-22T16:00:00.000Z' },
      month: { used: 12, limit: null, resets_at: '2026-11-30T16:00:00.000Z' },
    });
    expect(data.find(({ key_id }) => key_id === 'sender')).toMatchObject({ day: { used: 7, limit: null } });
    expect(data.find(({ key_id }) => key_id === 'old')).toBeUndefined();
  });

  test('shows a key itself and its account, by the clocks of that', async () => {
    const { data } = usageListSchema.parse((await get('GET /v1/usage', reader)).body);
    expect(data).toMatchObject([
      { account: 'second', key_id: null, day: { used: 0, resets_at: '2026-11-23T00:00:00.000Z' } },
      { account: 'second', key_id: 'reader', month: { used: 3, limit: 50 } },
    ]);
  });
});

describe('GET /v1/lanes', () => {
  test('shows what waits, and for how long', async () => {
    const report = accountReport({ submitted: { bulk: 90 } });
    report.lanes.bulk.frontQueuedAt = CREATED_AT - 61_000;
    const { data } = laneListSchema.parse(
      (await get('GET /v1/lanes', admin, { ...accountLoad({ bulk: 600 }), report })).body,
    );
    expect(data.map(({ account, lane }) => `${account} ${lane}`)).toEqual([
      'main otp',
      'main transactional',
      'main bulk',
      'second otp',
      'second transactional',
      'second bulk',
    ]);
    expect(data[2]).toEqual({
      account: 'main',
      lane: 'bulk',
      waiting_messages: 600,
      waiting_segments: 600,
      oldest_seconds: 61,
      drain_seconds: 60,
      estimated_wait_seconds: 60,
      sent_last_minute: 90,
      full_at_seconds: 43_200,
    });
    expect(data[0]).toMatchObject({ waiting_messages: 0, oldest_seconds: null, drain_seconds: 0, full_at_seconds: 60 });
    expect(data[3]).toMatchObject({ waiting_messages: null, drain_seconds: null, estimated_wait_seconds: null });
  });

  test('shows an outage in the wait', async () => {
    const { data } = laneListSchema.parse(
      (await get('GET /v1/lanes', admin, accountLoad({ otp: 10 }, downFor(30)))).body,
    );
    expect(data[0]).toMatchObject({ drain_seconds: 1, estimated_wait_seconds: 31 });
  });
});

describe('GET /v1/status', () => {
  const { signal } = new AbortController();

  test('shows a session as its binder saw it', async () => {
    const report = accountReport({
      submitted: { otp: 30, bulk: 300 },
      lastSubmitAt: CREATED_AT - 5,
      lastReceiptAt: CREATED_AT - 9,
    });
    await queryParts(database).reports.write('main', report, { fence: 1, signal });
    const { data } = accountStatusListSchema.parse((await get('GET /v1/status', admin)).body);
    expect(data[0]).toEqual({
      account: 'main',
      session: {
        state: 'bound',
        since: '2026-11-22T10:25:40.000Z',
        reason: null,
        operator_code: null,
        detail: null,
        can_send: true,
      },
      segments_per_second: { now: 5.5, limit: 10 },
      last_ready_at: '2026-11-22T10:26:40.000Z',
      last_submit_at: '2026-11-22T10:26:39.995Z',
      last_receipt_at: '2026-11-22T10:26:39.991Z',
      binder_seen_at: '2026-11-22T10:26:40.000Z',
    });
  });

  test('says that it does not know where no binder has told anything for a while, and when one did', async () => {
    const report = accountReport({ at: CREATED_AT - 90_000 });
    await queryParts(database).reports.write('second', report, { fence: 1, signal });
    const { data } = accountStatusListSchema.parse((await get('GET /v1/status', reader)).body);
    expect(data).toMatchObject([
      {
        account: 'second',
        session: { state: 'unknown', since: null, can_send: false },
        segments_per_second: { now: null, limit: 10 },
        binder_seen_at: '2026-11-22T10:25:10.000Z',
      },
    ]);
  });

  test('says why a session is down', async () => {
    const { session, ...down } = downFor(60);
    const refused = accountReport({ ...down, session: { ...session, reason: 'bind_refused', operatorCode: '0x0E' } });
    await queryParts(database).reports.write('test', refused, { fence: 1, signal });
    const { data } = accountStatusListSchema.parse((await get('GET /v1/status', tester)).body);
    expect(data).toMatchObject([
      {
        account: 'test',
        session: { state: 'waiting', reason: 'bind_refused', operator_code: '0x0E', detail: null, can_send: false },
      },
    ]);
  });
});

test.each(['GET /v1/usage', 'GET /v1/lanes', 'GET /v1/status'])('%s needs the scope messages:read', async (route) => {
  expect(await get(route, sender)).toMatchObject({ status: 403, body: { code: 'missing_scope' } });
});
