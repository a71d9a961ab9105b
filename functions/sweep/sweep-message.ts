import { type AccountHours, laneOpensAt } from '../../shared/domain/delivery-window.ts';
import type { Message } from '../../shared/domain/message.ts';
import { queueDelaySeconds } from '../../shared/domain/schedule.ts';
import type { MessageChange } from '../../shared/domain/transitions.ts';

/** Shortest and longest time until the sweep looks at a message again that it has just queued, milliseconds. */
const SHORTEST_WAIT_MS = 120_000;
const LONGEST_WAIT_MS = 6 * 3_600_000;

export type SweepStep =
  /** Queue its id, to be seen after `delaySeconds`, and then write the change. */
  | { kind: 'queue'; delaySeconds: number; change: MessageChange }
  | { kind: 'change'; change: MessageChange }
  /** Not due, or nothing to be done for it. */
  | { kind: 'leave' };

/** What a message needs whose time for the sweep has come. */
export function sweepStep(message: Message, now: number, hours: AccountHours): SweepStep {
  if (message.dueAt === undefined || message.dueAt > now) return { kind: 'leave' };
  switch (message.status) {
    case 'queued':
      return overdue(message, now) ? expire(now) : (untilOpening(message, now, hours) ?? requeue(message, now));
    case 'sending':
      // What a binder holds is for a binder to judge: it knows whether the claim is dead, and what was on the wire.
      return overdue(message, now) && message.claim === undefined && !message.segments.some(hasLeft)
        ? expire(now)
        : requeue(message, now);
    case 'sent':
      return { kind: 'change', change: { kind: 'receipt_window_passed', at: now } };
    case 'scheduled':
      return overdue(message, now) ? expire(now) : schedule(message, now);
    case 'delivered':
    case 'undelivered':
    case 'expired':
    case 'unknown':
    case 'failed':
    case 'canceled':
      return { kind: 'leave' };
  }
}

/** Each wait doubles the message's time in the queue, so that one which waits for hours in a long lane is queued a few times, not hundreds. */
function requeue(message: Message, now: number): SweepStep {
  return { kind: 'queue', delaySeconds: 0, change: { kind: 'requeued', dueAt: now + waitMs(message, now), at: now } };
}

function waitMs({ queuedAt, createdAt }: Message, now: number): number {
  return Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, now - (queuedAt ?? createdAt)));
}

/** Nobody takes anything out of a lane that is closed: its messages need not be put there again before it opens. */
function untilOpening(message: Message, now: number, hours: AccountHours): SweepStep | undefined {
  const opensAt = laneOpensAt(hours, message.lane, now);
  if (opensAt <= now) return undefined;
  return { kind: 'change', change: { kind: 'requeued', dueAt: opensAt + waitMs(message, now), at: now } };
}

/** Queued ahead of its time it shows there at its second, and is `queued` when a binder takes it or a sweep comes by, whatever is first. */
function schedule(message: Message, now: number): SweepStep {
  const delaySeconds = queueDelaySeconds(message, now);
  if (delaySeconds === undefined) return { kind: 'leave' };
  const { sendAt = now } = message;
  const change: MessageChange =
    sendAt > now ? { kind: 'requeued', dueAt: sendAt, at: now } : { kind: 'released', at: now };
  return { kind: 'queue', delaySeconds, change };
}

function expire(now: number): SweepStep {
  return { kind: 'change', change: { kind: 'expired', at: now } };
}

function overdue(message: Message, now: number): boolean {
  return message.expiresAt <= now;
}

function hasLeft({ state }: Message['segments'][number]): boolean {
  return state !== 'waiting';
}
