import type { Lane } from '../config/account.ts';
import { firstInstant } from './first-instant.ts';

/** The hours of a day in which messages may go out, `HH:MM` by the clocks of a time zone; `until` may lie behind midnight. */
export interface DeliveryWindow {
  from: string;
  until: string;
}

/** What decides an account's hours. Only bulk has any. */
export interface AccountHours {
  timeZone: string;
  lanes: { bulk: { deliveryWindow?: DeliveryWindow | undefined } };
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Finer than any window is long; also what clocks are put forward by at the least. */
const STEP_MS = 15 * MINUTE_MS;
/** Where clocks are put forward over the whole window, it opens a day later. */
const MOST_STEPS = (2 * DAY_MS) / STEP_MS;

const clocks = new Map<string, Intl.DateTimeFormat>();

/**
 * When a window is open: `at` itself where it is then, else its next opening, to the millisecond. Everything is epoch
 * milliseconds. @param timeZone a name of the IANA database. @throws RangeError where there is none of that name
 */
export function opensAt(window: DeliveryWindow, timeZone: string, at: number): number {
  const isOpen = (time: number) => isWithin(window, timeOfDayMs(time, timeZone));
  if (isOpen(at)) return at;
  const untilOpeningMs = (minutesOf(window.from) * MINUTE_MS - timeOfDayMs(at, timeZone) + DAY_MS) % DAY_MS;
  // By the clock the wait is known; it is longer where clocks are put back meanwhile, and shorter where they are put forward.
  let closed = Math.max(at, at + untilOpeningMs - STEP_MS);
  if (isOpen(closed)) closed = at;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const open = closed + STEP_MS;
    if (isOpen(open)) return firstInstant(closed, open, isOpen);
    closed = open;
  }
  throw new RangeError(`the window from ${window.from} until ${window.until} never opens`);
}

/** When messages of a lane may go out: `at` itself where they may then. */
export function laneOpensAt({ timeZone, lanes }: AccountHours, lane: Lane, at: number): number {
  const window = lane === 'bulk' ? lanes.bulk.deliveryWindow : undefined;
  return window === undefined ? at : opensAt(window, timeZone, at);
}

function isWithin({ from, until }: DeliveryWindow, timeMs: number): boolean {
  const [start, end] = [minutesOf(from) * MINUTE_MS, minutesOf(until) * MINUTE_MS];
  return start < end ? start <= timeMs && timeMs < end : start <= timeMs || timeMs < end;
}

export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function timeOfDayMs(at: number, timeZone: string): number {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
    clocks.set(timeZone, clock);
  }
  const [hours = 0, minutes = 0, seconds = 0] = clock.format(at).split(':').map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + (((at % 1_000) + 1_000) % 1_000);
}
