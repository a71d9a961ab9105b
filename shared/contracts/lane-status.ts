import * as z from 'zod';
import { LANES, type Lane } from '../config/account.ts';
import { type AccountLoad, drainSeconds, FULL_AT_SECONDS, outageSeconds, type Rate } from '../domain/drain.ts';
import { wholeListSchema } from './page.ts';

const count = z.int().nullable();

/** One lane of an account in `GET /v1/lanes`. What nobody has measured lately is null. */
export const laneStatusSchema = z.strictObject({
  account: z.string(),
  lane: z.enum(LANES),
  /** Messages that wait, as the queue counts them. */
  waiting_messages: count,
  /** Their segments, by the mean of the messages that were sent last. */
  waiting_segments: count,
  /** Age of the message that has waited longest, seconds, at the most. */
  oldest_seconds: count,
  /** Until everything has gone out that waits now, with what goes before it. */
  drain_seconds: count,
  /** What a message waits that is accepted now; longer than the lane's drain while the operator is out of reach. */
  estimated_wait_seconds: count,
  /** Segments that went out in the last minute. */
  sent_last_minute: count,
  /** More is refused with `lane_full` while draining takes longer than this. */
  full_at_seconds: z.int(),
});
export type LaneStatus = z.output<typeof laneStatusSchema>;

/** The answer to `GET /v1/lanes`: every lane of the accounts in reach. */
export const laneListSchema = wholeListSchema(laneStatusSchema);

export interface LaneOf {
  account: Rate & { name: string; lanes: Readonly<Record<Lane, { fullAtSeconds?: number | undefined }>> };
  lane: Lane;
}

/** @param load undefined where it is not known */
export function presentLane({ account, lane }: LaneOf, load: AccountLoad | undefined, now: number): LaneStatus {
  const drain = load && drainSeconds(lane, load, account);
  const waiting = load?.messages[lane];
  return {
    account: account.name,
    lane,
    waiting_messages: waiting ?? null,
    waiting_segments: load?.segments[lane] ?? null,
    oldest_seconds: oldestSeconds(load?.report.lanes[lane].frontQueuedAt, { waiting, now }),
    drain_seconds: drain === undefined ? null : Math.round(drain),
    estimated_wait_seconds:
      load === undefined || drain === undefined ? null : Math.round(drain + outageSeconds(load.report, now)),
    sent_last_minute: load?.report.lanes[lane].submitted ?? null,
    full_at_seconds: account.lanes[lane].fullAtSeconds ?? FULL_AT_SECONDS[lane],
  };
}

/** Lanes go in the order in which they were filled, so that nothing waits for longer than the last one that went out would have. */
function oldestSeconds(
  frontQueuedAt: number | undefined,
  { waiting, now }: { waiting: number | undefined; now: number },
): number | null {
  if (waiting === undefined || waiting === 0 || frontQueuedAt === undefined) return null;
  return Math.max(0, Math.round((now - frontQueuedAt) / 1000));
}
