import { describe, expect, test } from 'vitest';
import { drainSeconds, isRecent, outageSeconds } from '../../../shared/domain/drain.ts';
import { expectedWaitSeconds } from '../../../shared/domain/expected-wait.ts';
import { accountLoad, accountReport, downFor } from '../../fixtures/account-load.ts';
import { CREATED_AT } from '../../fixtures/message.ts';

const RATE = { segmentsPerSecond: 10, bulkShare: 0.1 };
const drain = (lane: 'otp' | 'transactional' | 'bulk', ...load: Parameters<typeof accountLoad>) =>
  Math.round(drainSeconds(lane, accountLoad(...load), RATE));

describe('the time until a lane is drained', () => {
  test('is nothing where nothing waits', () => {
    expect(drain('otp', { bulk: 50_000 })).toBe(0);
    expect(drain('bulk', {})).toBe(0);
  });

  test('is 83 minutes for a campaign of 50,000', () => {
    expect(drain('bulk', { bulk: 50_000 })).toBe(5_000);
  });

  test('counts what is more urgent, and not what is less, but for the share that bulk keeps', () => {
    expect(drain('otp', { otp: 100, transactional: 1_000 })).toBe(10);
    expect(drain('transactional', { otp: 100, transactional: 1_000 })).toBe(110);
    // Bulk keeps one in ten.
    expect(drain('otp', { otp: 90, bulk: 1_000 })).toBe(10);
    expect(drain('bulk', { transactional: 1_000, bulk: 1_000 })).toBe(200);
  });

  test('of a little bulk is that of its share, where more urgent lanes take longer', () => {
    expect(drain('bulk', { transactional: 10_000, bulk: 20 })).toBe(20);
    const withoutShare = drainSeconds('bulk', accountLoad({ transactional: 10_000, bulk: 20 }), {
      ...RATE,
      bulkShare: 0,
    });
    expect(withoutShare).toBe(1_002);
  });

  test('counts what still comes into more urgent lanes that do not pile up', () => {
    // Five a second go through transactional: bulk has the other five.
    expect(drain('bulk', { bulk: 1_000 }, { submitted: { transactional: 300 } })).toBe(200);
    // Of a lane that piles up nobody knows what comes.
    expect(drain('bulk', { transactional: 1_000, bulk: 1_000 }, { submitted: { transactional: 540 } })).toBe(200);
    // And bulk keeps its share in any case.
    expect(drain('bulk', { bulk: 1_000 }, { submitted: { transactional: 600 } })).toBe(1_000);
  });

  test('goes by the rate that the operator lets through, never above the limit, never by none at all', () => {
    expect(drain('transactional', { transactional: 100 }, { busyPerSecond: 4 })).toBe(25);
    expect(drain('transactional', { transactional: 100 }, { busyPerSecond: 12 })).toBe(10);
    expect(drain('transactional', { transactional: 100 }, { busyPerSecond: 0 })).toBe(500);
  });
});

describe('an outage', () => {
  test('is taken to last as long again as it has lasted', () => {
    expect(outageSeconds(accountReport(), CREATED_AT)).toBe(0);
    expect(outageSeconds(accountReport(downFor(90)), CREATED_AT)).toBe(90);
  });

  test('of an account that never was ready is not guessed at', () => {
    const { lastReadyAt: _never, ...report } = accountReport(downFor(90));
    expect(outageSeconds(report, CREATED_AT)).toBe(0);
  });
});

test('a report of a minute and a half ago tells nothing of now', () => {
  expect(isRecent(accountReport(), CREATED_AT + 89_999)).toBe(true);
  expect(isRecent(accountReport(), CREATED_AT + 90_000)).toBe(false);
  expect(isRecent(undefined, CREATED_AT)).toBe(false);
});

describe('what a message still waits', () => {
  const wait = (message: { status?: 'queued' | 'sending'; expectedAt?: number }, load = accountLoad({ bulk: 600 })) =>
    expectedWaitSeconds({ status: 'queued', lane: 'bulk', ...message }, { load, rate: RATE, now: CREATED_AT });

  test('is what its sender was told, less what has passed', () => {
    expect(wait({ expectedAt: CREATED_AT + 42_000 })).toBe(42);
  });

  test('is no more than its whole lane', () => {
    expect(wait({ expectedAt: CREATED_AT + 500_000 })).toBe(60);
  });

  test('is at most its whole lane where it is late, or nothing was foreseen', () => {
    expect(wait({ expectedAt: CREATED_AT - 1 })).toBe(60);
    expect(wait({})).toBe(60);
    expect(wait({}, accountLoad({ bulk: 600 }, downFor(30)))).toBe(90);
  });

  test('is nothing to speak of once it does not wait', () => {
    expect(wait({ status: 'sending', expectedAt: CREATED_AT + 42_000 })).toBeUndefined();
  });
});
