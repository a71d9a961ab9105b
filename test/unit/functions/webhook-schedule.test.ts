import { describe, expect, test } from 'vitest';
import { nextAttemptAt } from '../../../functions/deliver-webhook/schedule.ts';

const FIRST = 1_000_000;
const minutes = (count: number) => count * 60_000;

describe('attempts', () => {
  test('follow the schedule, counted from the first', () => {
    const after = Array.from({ length: 9 }, (_, index) => (nextAttemptAt(FIRST, index + 1, 0) ?? 0) - FIRST);
    expect(after).toEqual([
      5_000,
      minutes(5),
      minutes(30),
      minutes(120),
      minutes(300),
      minutes(600),
      minutes(840),
      minutes(1200),
      minutes(1440),
    ]);
  });

  test('end after the tenth', () => {
    expect(nextAttemptAt(FIRST, 10, 0)).toBeUndefined();
  });

  test('are late by a tenth of their wait at most, and never early', () => {
    expect(nextAttemptAt(FIRST, 2, 0.5)).toBe(FIRST + minutes(5) + 14_750);
    expect(nextAttemptAt(FIRST, 2, 1)).toBe(FIRST + minutes(5) + 29_500);
  });
});
