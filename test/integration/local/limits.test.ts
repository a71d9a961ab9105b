import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startSimulatedOperator } from '../../../cdk/local/simulated-operator.ts';
import { type RunningBindery, startLocalStack } from '../../../cdk/local/start.ts';
import { accountStatusListSchema } from '../../../shared/contracts/account-status.ts';
import { laneListSchema } from '../../../shared/contracts/lane-status.ts';
import { messageSchema } from '../../../shared/contracts/message.ts';
import { problemSchema } from '../../../shared/contracts/problem.ts';
import { usageListSchema } from '../../../shared/contracts/usage.ts';
import { until } from '../../fixtures/running-stack.ts';

const stateDirectory = mkdtempSync(join(tmpdir(), 'bindery-limits-'));
/** Slow, so that a lane of a few messages takes a while. */
const SEGMENTS_PER_SECOND = 1;
const SEGMENTS_PER_DAY = 30;
let stack: RunningBindery;

beforeAll(async () => {
  const operator = await startSimulatedOperator({
    port: 0,
    systemId: 'bindery',
    password: 'right',
    segmentsPerSecond: SEGMENTS_PER_SECOND,
    onLine: () => undefined,
  });
  const account = {
    profile: 'smpp-asia',
    segmentsPerSecond: SEGMENTS_PER_SECOND,
    segmentsPerDay: SEGMENTS_PER_DAY,
    timeZone: 'UTC',
  };
  stack = await startLocalStack({
    stateDirectory,
    operator: { url: operator.url, systemId: 'bindery', password: 'right' },
    context: { 'bindery:accounts': [account], 'bindery:testMode': false },
  });
  return async () => {
    await stack.close();
    await operator.close();
  };
}, 90_000);

afterAll(() => rmSync(stateDirectory, { recursive: true, force: true }));

async function request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const answer = await fetch(`${stack.apiUrl}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${stack.key}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}

const bulk = { to: '+639171234567', from: 'BINDERY', text: 'Hello', lane: 'bulk' };

test('limits, waits and sessions, as a program sees them over HTTP', async () => {
  const bound = await until(
    'the session to be reported',
    async () => {
      const [account] = accountStatusListSchema.parse((await request('GET', '/v1/status')).body).data;
      return account?.session.state === 'bound' && account;
    },
    30_000,
  );
  expect(bound).toMatchObject({ session: { can_send: true }, segments_per_second: { limit: SEGMENTS_PER_SECOND } });

  // Sent twice, accepted once.
  const headers = { 'idempotency-key': '"order-17"' };
  const [first, second] = [
    await request('POST', '/v1/messages', bulk, headers),
    await request('POST', '/v1/messages', bulk, headers),
  ];
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(second.body).toEqual(first.body);
  expect([first.headers.get('idempotency-replayed'), second.headers.get('idempotency-replayed')]).toEqual([
    null,
    'true',
  ]);
  expect(first.headers.get('ratelimit-policy')).toBe(
    `"requests";q=500;w=1, "account-day";q=${SEGMENTS_PER_DAY};w=86400;qu="segments"`,
  );
  expect(first.headers.get('ratelimit')).toContain(`"account-day";r=${SEGMENTS_PER_DAY - 1};t=`);

  // 29 more fit into the day, and not one besides.
  const rest = await Promise.all(
    Array.from({ length: SEGMENTS_PER_DAY + 4 }, async () => await request('POST', '/v1/messages', bulk)),
  );
  const accepted = rest.filter(({ status }) => status === 202).map(({ body }) => messageSchema.parse(body));
  expect(accepted).toHaveLength(SEGMENTS_PER_DAY - 1);
  const refused = rest.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(5);
  expect(problemSchema.parse(refused[0]?.body)).toMatchObject({ code: 'quota_exceeded' });
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);

  // One a second goes out: they wait, and that can be seen before anything is sent.
  const lane = laneListSchema.parse((await request('GET', '/v1/lanes')).body).data.find((each) => each.lane === 'bulk');
  expect(lane?.waiting_messages).toBeGreaterThan(15);
  expect(lane?.drain_seconds).toBeGreaterThan(15);
  const last = accepted.at(-1);
  const shown = messageSchema.parse((await request('GET', `/v1/messages/${last?.id}`)).body);
  expect(shown.estimated_wait_seconds).toBeGreaterThan(5);
  const tooLate = await request('POST', '/v1/messages', { ...bulk, ttl_seconds: 3 });
  expect(tooLate).toMatchObject({ status: 503, body: { code: 'would_expire_in_queue' } });
  expect(Number(tooLate.headers.get('retry-after'))).toBeGreaterThan(0);
  const urgent = await request('POST', '/v1/messages/preview', { ...bulk, lane: 'otp' });
  expect(urgent.body['estimated_wait_seconds']).toBe(0);

  // What is canceled before it goes out is given back.
  expect((await request('POST', `/v1/messages/${last?.id}/cancel`)).status).toBe(200);
  const used = async () => usageListSchema.parse((await request('GET', '/v1/usage')).body).data;
  await until('the segment to be given back', async () => (await used())[0]?.day.used === SEGMENTS_PER_DAY - 1);
  const [account, key] = await used();
  expect(account).toMatchObject({ key_id: null, day: { limit: SEGMENTS_PER_DAY }, month: { used: 29, limit: null } });
  expect(key).toMatchObject({ day: { used: SEGMENTS_PER_DAY - 1, limit: null } });
  expect((await request('POST', '/v1/messages', { ...bulk, lane: 'transactional' })).status).toBe(202);
}, 120_000);
