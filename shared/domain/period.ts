import { firstInstant } from './first-instant.ts';

const DAY_MS = 86_400_000;

/** A day as an account's time zone has it: what is counted on it, and in its month, stands together. */
export interface Period {
  /** Such as `2026-11`. */
  month: string;
  /** `01` to `31`. */
  day: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @param at epoch milliseconds */
export function periodOf(at: number, timeZone: string): Period {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // The calendar and digits of this locale are those of ISO 8601: 2026-11-22.
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  const date = format.format(at);
  return { month: date.slice(0, 7), day: date.slice(8) };
}

/** When the day of `at` is over in the time zone, epoch milliseconds. */
export function endOfDay(at: number, timeZone: string): number {
  const { day } = periodOf(at, timeZone);
  // A day in which the clocks are put back has 25 hours, and in one place 24 and a half.
  return firstInstant(at, Math.ceil(at + 1.1 * DAY_MS), (instant) => periodOf(instant, timeZone).day !== day);
}

/** When the month of `at` is over in the time zone, epoch milliseconds. */
export function endOfMonth(at: number, timeZone: string): number {
  const { month } = periodOf(at, timeZone);
  return firstInstant(at, Math.ceil(at + 32 * DAY_MS), (instant) => periodOf(instant, timeZone).month !== month);
}
