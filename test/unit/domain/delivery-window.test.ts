import { describe, expect, test } from 'vitest';
import { opensAt } from '../../../shared/domain/delivery-window.ts';

const DAY = { from: '08:00', until: '21:00' };
const NIGHT = { from: '22:00', until: '06:30' };
const opening = (window: typeof DAY, zone: string, at: string) =>
  new Date(opensAt(window, zone, Date.parse(at))).toISOString();

describe('a delivery window', () => {
  test.each([
    ['before it opens', DAY, '2026-11-22T07:59:59.999+08:00', '2026-11-22T00:00:00.000Z'],
    ['at its first millisecond', DAY, '2026-11-22T08:00:00.000+08:00', '2026-11-22T00:00:00.000Z'],
    ['while it is open', DAY, '2026-11-22T12:34:56.789+08:00', '2026-11-22T04:34:56.789Z'],
    ['at its last millisecond', DAY, '2026-11-22T20:59:59.999+08:00', '2026-11-22T12:59:59.999Z'],
    ['when it has closed', DAY, '2026-11-22T21:00:00.000+08:00', '2026-11-23T00:00:00.000Z'],
    ['over midnight, in the evening', NIGHT, '2026-11-22T23:00:00.000+08:00', '2026-11-22T15:00:00.000Z'],
    ['over midnight, in the morning', NIGHT, '2026-11-22T06:29:59.999+08:00', '2026-11-21T22:29:59.999Z'],
    ['over midnight, by day', NIGHT, '2026-11-22T06:30:00.000+08:00', '2026-11-22T14:00:00.000Z'],
  ])('%s', (_when, window, at, expected) => {
    expect(opening(window, 'Asia/Manila', at)).toBe(expected);
  });

  test('is by the clocks of the place, which are put forward and back', () => {
    // New York, 8 March 2026, 02:00 becomes 03:00; 1 November 2026, 02:00 becomes 01:00.
    expect(opening(DAY, 'America/New_York', '2026-03-07T22:00:00-05:00')).toBe('2026-03-08T12:00:00.000Z');
    expect(opening(DAY, 'America/New_York', '2026-10-31T22:00:00-04:00')).toBe('2026-11-01T13:00:00.000Z');
    // From half past two, which that night has not: when the clocks say three.
    const early = { from: '02:30', until: '05:00' };
    expect(opening(early, 'America/New_York', '2026-03-08T01:00:00-05:00')).toBe('2026-03-08T07:00:00.000Z');
    // The hour that the clocks leave out is the whole window: it opens the day after.
    const gone = { from: '02:00', until: '03:00' };
    expect(opening(gone, 'America/New_York', '2026-03-07T12:00:00-05:00')).toBe('2026-03-09T06:00:00.000Z');
  });
});
