import type { Message } from './message.ts';

/** How far ahead `send_at` may be, milliseconds: 35 days. */
export const MOST_AHEAD_MS = 35 * 86_400_000;
/** When the sweep looks after a message that was queued, milliseconds: by then it has normally been sent. */
export const QUEUED_CHECK_MS = 120_000;
/**
 * A scheduled message is put into its queue so long before its time, to appear there at its second: more than the minute
 * between two sweeps, and less than the 15 minutes for which SQS can hold a message back.
 */
const QUEUE_AHEAD_MS = 75_000;

type Scheduled = Pick<Message, 'status' | 'sendAt' | 'expiresAt'>;

/** When the sweep must first look at a new message. One whose time is near is already put into its queue by whoever accepts it. */
export function firstDueAt({ status, sendAt, expiresAt }: Scheduled, now: number): number {
  if (status !== 'scheduled' || sendAt === undefined) return Math.min(expiresAt, now + QUEUED_CHECK_MS);
  return sendAt - now <= QUEUE_AHEAD_MS ? sendAt : sendAt - QUEUE_AHEAD_MS;
}

/** For how long the queue must hold back a message that is put there now, seconds; undefined while it is too early for that. */
export function queueDelaySeconds({ status, sendAt }: Scheduled, now: number): number | undefined {
  if (status !== 'scheduled' || sendAt === undefined || sendAt <= now) return 0;
  return sendAt - now <= QUEUE_AHEAD_MS ? Math.ceil((sendAt - now) / 1000) : undefined;
}
