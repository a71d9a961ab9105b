import { describe, expect, test } from 'vitest';
import { FAULT_NAMES, isInstant, TRACKS, trackOf } from '../../chaos/faults.ts';
import { scheduleOf } from '../../chaos/schedule.ts';

const MINUTE_MS = 60_000;

describe('the schedule of a chaos run', () => {
  test('is the same for the same seed, and another one for another', () => {
    const schedule = scheduleOf({ seed: 7, durationMs: MINUTE_MS });
    expect(scheduleOf({ seed: 7, durationMs: MINUTE_MS })).toEqual(schedule);
    expect(scheduleOf({ seed: 8, durationMs: MINUTE_MS })).not.toEqual(schedule);
  });

  test('has something of every kind, in order, and is over in time', () => {
    const schedule = scheduleOf({ seed: 1, durationMs: MINUTE_MS });
    expect(new Set(schedule.map(({ fault }) => trackOf(fault)))).toEqual(new Set(TRACKS));
    expect(schedule.map(({ atMs }) => atMs)).toEqual(schedule.map(({ atMs }) => atMs).toSorted((a, b) => a - b));
    for (const { fault, atMs, durationMs } of schedule) {
      expect(atMs + durationMs).toBeLessThanOrEqual(MINUTE_MS);
      expect(durationMs === 0).toBe(isInstant(fault));
    }
  });

  test('leaves no fault out when there is time for all', () => {
    const schedule = scheduleOf({ seed: 1, durationMs: 5 * MINUTE_MS });
    expect(new Set(schedule.map(({ fault }) => fault))).toEqual(new Set(FAULT_NAMES));
  });

  test('has only what is asked for, at the times at which it would be anyway', () => {
    const faults = FAULT_NAMES.filter((fault) => trackOf(fault) === 'aws');
    const schedule = scheduleOf({ seed: 3, durationMs: MINUTE_MS, faults });
    const whole = scheduleOf({ seed: 3, durationMs: MINUTE_MS });
    expect(schedule).toEqual(whole.filter(({ fault }) => trackOf(fault) === 'aws'));
    expect(schedule.length).toBeGreaterThan(5);
  });
});
