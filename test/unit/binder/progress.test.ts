import { describe, expect, test } from 'vitest';
import { type Progress, stalledParts } from '../../../binder/progress.ts';
import { accountSchema } from '../../../shared/config/account.ts';
import { accountInput } from '../../fixtures/smpp-session.ts';

const { timers } = accountSchema.parse(accountInput);
const GRACE_MS = 30_000;

type TermProgress = NonNullable<Progress['term']>;
const well: TermProgress = { state: 'bound', sinceMs: 1_000, retryInMs: undefined, overdueMs: 0 };
const stalled = (term: Partial<TermProgress> | undefined, leaseIdleMs = 500) =>
  stalledParts({ leaseIdleMs, ...(term && { term: { ...well, ...term } }) }, timers);

describe('an account makes progress', () => {
  test.each<[string, Partial<TermProgress> | undefined]>([
    ['on standby', undefined],
    ['while it is bound, for a month', { sinceMs: 30 * 86_400_000 }],
    [
      'while it waits for the next bind, however long that is',
      { state: 'waiting', sinceMs: 880_000, retryInMs: 900_000 },
    ],
    [
      'while the secret store and then the operator take their time',
      { state: 'connecting', sinceMs: 2 * timers.connectMs },
    ],
    ['while the operator leaves its bind unanswered', { state: 'binding', sinceMs: timers.bindMs }],
    ['while it drains', { state: 'unbinding', sinceMs: 55_000 }],
    ['while what was on the wire is recorded after that', { state: 'closed', sinceMs: 55_000 }],
    ['while the machine is too busy for a turn', { overdueMs: GRACE_MS }],
  ])('%s', (_what, term) => {
    expect(stalled(term)).toEqual([]);
  });

  test('while the lease store answers late', () => {
    expect(stalled(undefined, 4_000)).toEqual([]);
  });
});

describe('an account is stuck', () => {
  test('when its lease is neither renewed nor looked at', () => {
    expect(stalled({}, GRACE_MS + 1)).toEqual(['lease']);
    expect(stalled(undefined, GRACE_MS + 1)).toEqual(['lease']);
  });

  test.each<[TermProgress['state'], number, number | undefined]>([
    ['connecting', 2 * timers.connectMs, undefined],
    ['binding', timers.bindMs, undefined],
    ['waiting', 120_000, 120_000],
    ['unbinding', 60_000, undefined],
    ['closed', 60_000, undefined],
  ])('when its session stays %s for longer than that can take', (state, longestMs, retryInMs) => {
    expect(stalled({ state, sinceMs: longestMs + GRACE_MS, retryInMs })).toEqual([]);
    expect(stalled({ state, sinceMs: longestMs + GRACE_MS + 1, retryInMs })).toEqual([`session ${state}`]);
  });

  test('when segments are ready and their turn does not come', () => {
    expect(stalled({ overdueMs: GRACE_MS + 1 })).toEqual(['turn']);
  });
});
