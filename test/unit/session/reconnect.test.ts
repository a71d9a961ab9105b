import { describe, expect, test } from 'vitest';
import type { CloseReason } from '../../../binder/session/close-reason.ts';
import { nextRetry, type Retry, type RetryState } from '../../../binder/session/reconnect.ts';
import { STANDARD_STATUSES, StatusTable } from '../../../binder/session/status-table.ts';

const atOnce = { statuses: STANDARD_STATUSES, boundForMs: 0, timeScale: 1 };

/** The waits after `count` failures of one kind in a row, in seconds: shortest and longest each. */
function waits(failure: CloseReason, count: number): [number, number][] {
  const run = (random: number): number[] => {
    let state: Retry | undefined;
    return Array.from({ length: count }, () => {
      state = nextRetry(state, failure, { ...atOnce, random });
      return state.waitMs / 1_000;
    });
  };
  const longest = run(1 - Number.EPSILON);
  return run(0).map((shortest, i) => [shortest, Math.round((longest[i] ?? 0) * 1_000) / 1_000]);
}

function alarms(failure: CloseReason, count: number): boolean[] {
  let state: Retry | undefined;
  return Array.from({ length: count }, () => {
    state = nextRetry(state, failure, { ...atOnce, random: 0.5 });
    return state.alarm;
  });
}

const refused = (commandStatus: number): CloseReason => ({ reason: 'bind_refused', commandStatus });

describe('the wait before the next bind', () => {
  test('a network that fails is tried soon, then up to every 30 s, with full jitter', () => {
    expect(waits({ reason: 'connect_failed' }, 8).map(([, longest]) => longest)).toEqual([0.5, 1, 2, 4, 8, 16, 30, 30]);
    for (const [shortest] of waits({ reason: 'connection_lost' }, 8)) expect(shortest).toBe(0.05);
  });

  test('"already bound" waits 15, 30, 60, 120 s, less a fifth of chance', () => {
    expect(waits(refused(0x05), 5)).toEqual([
      [12, 15],
      [24, 30],
      [48, 60],
      [96, 120],
      [96, 120],
    ]);
  });

  test('"bind failed" waits 5 to 300 s and alarms from the third on', () => {
    const [first, ...rest] = waits(refused(0x0d), 8);
    expect(first).toEqual([5, 10]);
    expect(rest.at(-1)).toEqual([150, 300]);
    expect(alarms(refused(0x0d), 4)).toEqual([false, false, true, true]);
  });

  test.each([0x0e, 0x0f, 0x53])(
    'credentials that are refused (0x%s) are tried every 5 to 15 minutes for ever',
    (code) => {
      for (const wait of waits(refused(code), 6)) expect(wait).toEqual([300, 900]);
      expect(alarms(refused(code), 1)).toEqual([true]);
    },
  );

  test.each([0x04, 0x08, 0x14, 0x58, 0x64, 0x400])('others (0x%s) back off to a minute', (code) => {
    expect(waits(refused(code), 7).map(([, longest]) => longest)).toEqual([1, 2, 4, 8, 16, 32, 60]);
    expect(alarms(refused(code), 9)).not.toContain(true);
  });

  test.each([0x01, 0x03])('a bind that the message centre cannot read (0x%s) is a fault of configuration', (code) => {
    expect(alarms(refused(code), 1)).toEqual([true]);
    expect(waits(refused(code), 1)).toEqual([[30, 60]]);
  });
});

describe('a session that was given up because the message centre said that it is not bound', () => {
  const rebind = (commandStatus: number): CloseReason => ({ reason: 'rebind', commandStatus });

  test.each([0x04, 0x05])('is replaced soon: 0x%s', (code) => {
    expect(waits(rebind(code), 3).map(([, longest]) => longest)).toEqual([0.5, 1, 2]);
    expect(alarms(rebind(code), 9)).not.toContain(true);
  });

  test('is replaced slowly and with an alarm where the message centre does not know submit_sm at all', () => {
    expect(waits(rebind(0x03), 4)).toEqual([
      [30, 60],
      [60, 120],
      [120, 240],
      [150, 300],
    ]);
    expect(alarms(rebind(0x03), 1)).toEqual([true]);
  });
});

describe('credentials that cannot be read', () => {
  test('are asked for again within a minute, and from the third time on a person should look', () => {
    const failure: CloseReason = { reason: 'credentials_unavailable' };
    expect(waits(failure, 8).map(([, longest]) => longest)).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(alarms(failure, 4)).toEqual([false, false, true, true]);
  });
});

describe('failures in a row', () => {
  const options = { ...atOnce, random: 0.5 };

  test('are counted by their kind', () => {
    const first = nextRetry(undefined, { reason: 'peer_closed' }, options);
    const second = nextRetry(first, { reason: 'enquire_link_timeout' }, options);
    expect(second.attempt).toBe(2);
    expect(nextRetry(second, refused(0x05), options).attempt).toBe(1);
  });

  test('begin anew after a session that was bound for a while, not after one that was closed right away', () => {
    const before: RetryState = { rule: 'network', attempt: 5 };
    expect(nextRetry(before, { reason: 'peer_closed' }, { ...options, boundForMs: 500 }).attempt).toBe(6);
    expect(nextRetry(before, { reason: 'peer_closed' }, { ...options, boundForMs: 10_000 }).attempt).toBe(1);
  });

  test('are what the profile says they are', () => {
    const statuses = new StatusTable({
      words: {},
      submit: {},
      bind: { '0x400-0x4FF': { retry: 'credentials', alarmFrom: 2 } },
    });
    const first = nextRetry(undefined, refused(0x410), { ...options, statuses });
    expect(first).toMatchObject({ rule: 'credentials', alarm: false });
    expect(nextRetry(first, refused(0x4ff), { ...options, statuses })).toMatchObject({ attempt: 2, alarm: true });
  });

  test('all times shrink with the scale', () => {
    const { waitMs } = nextRetry(undefined, refused(0x0e), { ...options, random: 0, timeScale: 0.001 });
    expect(waitMs).toBeCloseTo(300, 6);
  });
});
