import { describe, expect, test } from 'vitest';
import { endOfDay, endOfMonth, periodOf } from '../../../shared/domain/period.ts';

const at = (iso: string) => Date.parse(iso);
const iso = (epochMs: number) => new Date(epochMs).toISOString();

describe('days and months of a time zone', () => {
  test.each([
    ['Asia/Manila', '2026-11-30T15:59:59.999Z', '2026-11', '30'],
    ['Asia/Manila', '2026-11-30T16:00:00.000Z', '2026-12', '01'],
    ['Asia/Manila', '2026-12-31T16:00:00.000Z', '2027-01', '01'],
    ['UTC', '2028-02-29T23:59:59.999Z', '2028-02', '29'],
    ['America/New_York', '2026-11-01T03:59:59.000Z', '2026-10', '31'],
  ])('%s at %s', (timeZone, instant, month, day) => {
    expect(periodOf(at(instant), timeZone)).toEqual({ month, day });
  });

  test.each([
    ['an ordinary day', 'Asia/Manila', '2026-11-22T10:26:40Z', '2026-11-22T16:00:00.000Z'],
    ['its last millisecond', 'Asia/Manila', '2026-11-22T15:59:59.999Z', '2026-11-22T16:00:00.000Z'],
    ['its first', 'Asia/Manila', '2026-11-22T16:00:00.000Z', '2026-11-23T16:00:00.000Z'],
    ['a day of 25 hours', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
    ['a day of 23 hours', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['a zone of half an hour', 'Asia/Kolkata', '2026-11-22T10:00:00Z', '2026-11-22T18:30:00.000Z'],
  ])('the day ends: %s', (_name, timeZone, instant, end) => {
    expect(iso(endOfDay(at(instant), timeZone))).toBe(end);
  });

  test.each([
    ['Asia/Manila', '2026-11-22T10:26:40Z', '2026-11-30T16:00:00.000Z'],
    ['Asia/Manila', '2026-12-31T15:59:59.999Z', '2026-12-31T16:00:00.000Z'],
    ['UTC', '2028-02-01T00:00:00Z', '2028-03-01T00:00:00.000Z'],
    ['Europe/Berlin', '2026-10-01T00:00:00Z', '2026-10-31T23:00:00.000Z'],
  ])('the month of %s at %s ends', (timeZone, instant, end) => {
    expect(iso(endOfMonth(at(instant), timeZone))).toBe(end);
  });
});
