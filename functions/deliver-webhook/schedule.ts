import type { WebhookTask } from '../../shared/contracts/webhook-task.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** When each attempt is due, milliseconds after the first. */
const SCHEDULES = {
  standard: [0, 5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR],
  // Whoever waits for a one-time password has given up after that.
  otp: [0, 2 * SECOND, 10 * SECOND, 30 * SECOND, 2 * MINUTE, 5 * MINUTE],
  once: [0],
} as const satisfies Record<NonNullable<WebhookTask['schedule']>, readonly number[]>;

/** An attempt is late by up to this share of its wait, so that the endpoints of a fault do not all come back at once. */
const JITTER = 0.1;

type Scheduled = Pick<WebhookTask, 'schedule' | 'first_at' | 'attempt'>;

export interface Moment {
  /** Epoch milliseconds. */
  now: number;
  /** From 0 to 1. */
  random: number;
  /** How many times faster than usual time passes. */
  timeFactor: number;
}

/**
 * When the attempt after number `attempt` is due, epoch milliseconds; undefined after the last. The schedule counts from the
 * first; an attempt that comes too late for it keeps its distance instead, so that attempts never crowd.
 */
export function nextAttemptAt(
  { schedule = 'standard', first_at: firstAt, attempt }: Scheduled,
  { now, random, timeFactor }: Moment,
): number | undefined {
  const [before, after] = SCHEDULES[schedule].slice(attempt - 1, attempt + 1);
  if (after === undefined || before === undefined) return undefined;
  const gap = (after - before) / timeFactor;
  const due = firstAt + after / timeFactor;
  return Math.round((due > now ? due : now + gap) + random * JITTER * gap);
}

/** Whether the time in which attempts are made has passed. */
export function isOver(
  { schedule = 'standard', first_at: firstAt }: Scheduled,
  { now, timeFactor }: Pick<Moment, 'now' | 'timeFactor'>,
): boolean {
  return now > firstAt + (SCHEDULES[schedule].at(-1) ?? 0) / timeFactor;
}
