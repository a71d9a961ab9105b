import { beforeAll, describe, expect, test } from 'vitest';
import { queryHandler } from '../../../functions/query/handler.ts';
import { sendHandler } from '../../../functions/send/handler.ts';
import type { ApiAccount } from '../../../shared/config/environment.ts';
import type { AccountLoad } from '../../../shared/domain/drain.ts';
import { accountLoad, downFor } from '../../fixtures/account-load.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { ACCOUNT, call, queryParts, sendParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const ROUTE = 'POST /v1/messages';
const BODY = { to: '09171234567', from: 'Bindery', text: 'Hello', lane: 'otp' };

let database: TestDatabase;
let key: string;

beforeAll(async () => {
  database = await startDatabase();
  key = await storedKey(database, { keyId: 'all', scopes: ['admin'] });
});

function setUp(load: AccountLoad | undefined, account: ApiAccount = ACCOUNT) {
  const added: unknown[] = [];
  const loads = { load: async () => load, added: (...what: unknown[]) => void added.push(what) };
  const parts = { ...sendParts(database, [account]), loads };
  const handler = sendHandler(parts);
  const send = async (body: object = {}) => await call(handler, ROUTE, { key, body: { ...BODY, ...body } });
  const show = async (id: unknown) =>
    await call(queryHandler({ ...queryParts(database), loads }), 'GET /v1/messages/{id}', {
      key,
      parameters: { id: String(id) },
    });
  const used = async () => (await parts.usage.read({ account: 'main' }, { month: '2026-11', day: '22' })).month;
  const preview = async () => await call(handler, `${ROUTE}/preview`, { key, body: BODY });
  return { send, show, preview, used, added };
}

describe('the estimated wait', () => {
  test('is told with the answer and while the message is queued', async () => {
    const { send, show, added } = setUp(accountLoad({ otp: 120 }));
    const { body } = await send();
    expect(body).toMatchObject({ status: 'queued', estimated_wait_seconds: 12 });
    expect((await show(body['id'])).body['estimated_wait_seconds']).toBe(12);
    expect(added).toEqual([['main', 'otp', 1]]);
  });

  test('is told by a preview and a dry run, too', async () => {
    const { send, preview, used } = setUp(accountLoad({ otp: 120 }));
    const before = await used();
    expect((await preview()).body['estimated_wait_seconds']).toBe(12);
    expect((await send({ dry_run: true })).body['estimated_wait_seconds']).toBe(12);
    expect(await used()).toBe(before);
  });

  test('has an outage in it', async () => {
    const { send } = setUp(accountLoad({ otp: 100 }, downFor(45)));
    expect((await send()).body['estimated_wait_seconds']).toBe(55);
  });

  test('is null where nothing is measured, and for what is scheduled', async () => {
    expect((await setUp(undefined).send()).body['estimated_wait_seconds']).toBeNull();
    const later = new Date(CREATED_AT + 3_600_000).toISOString();
    const scheduled = await setUp(accountLoad({ otp: 100 })).send({ send_at: later });
    expect(scheduled.body).toMatchObject({ status: 'scheduled', estimated_wait_seconds: null });
  });
});

describe('a message is refused early', () => {
  const limited: ApiAccount = {
    ...ACCOUNT,
    lanes: { ...ACCOUNT.lanes, otp: { ...ACCOUNT.lanes.otp, fullAtSeconds: 20 } },
  };

  test.each<[string, AccountLoad, object, ApiAccount, { status: number; code: string; retryAfter: string }]>([
    [
      'whose lane takes longer than its default allows',
      accountLoad({ otp: 650 }),
      {},
      ACCOUNT,
      { status: 429, code: 'lane_full', retryAfter: '5' },
    ],
    [
      'whose lane takes longer than the configuration allows',
      accountLoad({ otp: 300 }),
      {},
      limited,
      { status: 429, code: 'lane_full', retryAfter: '10' },
    ],
    [
      'that would expire before its turn',
      accountLoad({ otp: 500 }),
      { ttl_seconds: 30 },
      ACCOUNT,
      { status: 503, code: 'would_expire_in_queue', retryAfter: '20' },
    ],
    [
      'while the operator is out of reach for longer than it lives',
      accountLoad({}, downFor(400)),
      {},
      ACCOUNT,
      { status: 503, code: 'operator_unavailable', retryAfter: '30' },
    ],
    [
      'that would expire behind what waits when the operator is back',
      accountLoad({ otp: 500 }, downFor(260)),
      {},
      ACCOUNT,
      { status: 503, code: 'operator_unavailable', retryAfter: '30' },
    ],
  ])('%s', async (_name, load, different, account, { status, code, retryAfter }) => {
    const { send, used } = setUp(load, account);
    const before = await used();
    const answer = await send(different);
    expect(answer).toMatchObject({ status, headers: { 'retry-after': retryAfter }, body: { code, retryable: true } });
    // And nothing is counted.
    expect(await used()).toBe(before);
  });
});

describe('a message is accepted', () => {
  test.each<[string, AccountLoad | undefined, object]>([
    ['whose lane is nearly full', accountLoad({ otp: 600 }), {}],
    ['that is just sent in time', accountLoad({ otp: 300 }), { ttl_seconds: 30 }],
    ['while the session is down, when it would still be sent in time', accountLoad({ otp: 500 }, downFor(200)), {}],
    [
      'while the session is down for minutes, and it lives for hours',
      accountLoad({}, downFor(1_200)),
      { lane: 'bulk' },
    ],
    ['where nothing is measured, or only what is old', undefined, { ttl_seconds: 1 }],
    [
      'that is scheduled, however full its lane is now',
      accountLoad({ otp: 90_000 }),
      { send_at: '2026-11-23T10:00:00Z' },
    ],
    [
      'in a lane that a fuller and less urgent one is behind',
      accountLoad({ bulk: 900_000 }),
      { lane: 'transactional' },
    ],
  ])('%s', async (_name, load, different) => {
    expect((await setUp(load).send(different)).status).toBe(202);
  });
});
