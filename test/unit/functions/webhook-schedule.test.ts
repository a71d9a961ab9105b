import { describe, expect, test } from 'vitest';
import { isOver, nextAttemptAt } from '../../../functions/deliver-webhook/schedule.ts';
import type { WebhookTask } from '../../../shared/contracts/webhook-task.ts';

const FIRST = 1_000_000;
const minutes = (count: number) => count * 60_000;

type Schedule = WebhookTask['schedule'];

/** Attempts that each come when they are due, milliseconds after the first. */
function attemptsOf(schedule: Schedule, { random = 0, timeFactor = 1 } = {}): number[] {
  const times: number[] = [];
  let due: number | undefined = FIRST;
  for (let attempt = 1; due !== undefined; attempt += 1) {
    times.push(due - FIRST);
    due = nextAttemptAt({ schedule, first_at: FIRST, attempt }, { now: due, random, timeFactor });
  }
  return times;
}

const STANDARD = [0, 5_000, ...[5, 30, 120, 300, 600, 840, 1200, 1440].map(minutes)];

describe('attempts', () => {
  test('follow the schedule, counted from the first, and end after the tenth', () => {
    expect(attemptsOf(undefined)).toEqual(STANDARD);
    expect(attemptsOf('standard')).toEqual(STANDARD);
  });

  test('for a one-time password are over in minutes', () => {
    expect(attemptsOf('otp')).toEqual([0, 2_000, 10_000, 30_000, 120_000, 300_000]);
  });

  test('of a test are one', () => {
    expect(attemptsOf('once')).toEqual([0]);
  });

  test('all come earlier by one factor', () => {
    expect(attemptsOf('standard', { timeFactor: 1_000 })).toEqual(STANDARD.map((at) => at / 1_000));
  });

  test('are late by a tenth of their wait at most, and never early', () => {
    const waits = STANDARD.map((at, index) => at - (STANDARD[index - 1] ?? 0));
    expect(attemptsOf('standard', { random: 1 })).toEqual(STANDARD.map((at, index) => at + (waits[index] ?? 0) / 10));
  });

  test('that come too late keep their distance instead of crowding', () => {
    const now = FIRST + minutes(10_000);
    expect(nextAttemptAt({ first_at: FIRST, attempt: 3 }, { now, random: 0, timeFactor: 1 })).toBe(now + minutes(25));
  });
});

test('the time of attempts is over after the last of them', () => {
  const overAt = (schedule: Schedule, after: number, timeFactor = 1) =>
    isOver({ schedule, first_at: FIRST, attempt: 1 }, { now: FIRST + after, timeFactor });
  expect([overAt(undefined, minutes(1440)), overAt(undefined, minutes(1440) + 1)]).toEqual([false, true]);
  expect([overAt('otp', minutes(5)), overAt('otp', minutes(5) + 1)]).toEqual([false, true]);
  expect([overAt('standard', 1_440, 60_000), overAt('standard', 1_441, 60_000)]).toEqual([false, true]);
});
