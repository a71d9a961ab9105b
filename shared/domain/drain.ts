import { LANES, type Lane } from '../config/account.ts';
import type { AccountReport } from './account-report.ts';

/** How full a lane may be by default, in seconds until it is drained: what comes later would be of no use to anybody. */
export const FULL_AT_SECONDS: Readonly<Record<Lane, number>> = { otp: 60, transactional: 3_600, bulk: 43_200 };

/** A report is written every half minute at the least; one that is older tells nothing of now. */
const LONGEST_SILENCE_MS = 90_000;
/** What is drained at less than this share of the rate is taken to be drained at it: a stop is not for ever. */
const LEAST_SHARE = 0.02;
const MINUTE_SECONDS = 60;

/** What waits, as it is known now. Not known at all is undefined wherever this is asked for. */
export interface AccountLoad {
  /** In each lane; those in a binder's hands are among them. */
  messages: Readonly<Record<Lane, number>>;
  segments: Readonly<Record<Lane, number>>;
  /** What the binder said last, however long ago. */
  report: AccountReport;
}

/** Of an account, as far as its lanes go. */
export interface Rate {
  segmentsPerSecond: number;
  bulkShare: number;
}

export function isRecent(report: AccountReport | undefined, now: number): report is AccountReport {
  return report !== undefined && report.at > now - LONGEST_SILENCE_MS;
}

/**
 * Seconds until everything has gone out that waits in a lane now, at the rate that the account comes to under work.
 *
 * The more urgent lanes go first, but for the share that bulk keeps; and what still comes into them goes first, too: in a lane
 * that does not pile up, as much comes as goes. In a lane that does, what goes says nothing of what comes, and that is left out.
 */
export function drainSeconds(lane: Lane, { segments, report }: Omit<AccountLoad, 'messages'>, rate: Rate): number {
  const waiting = segments[lane];
  if (waiting === 0) return 0;
  const perSecond = effectiveRate(report, rate);
  const least = perSecond * LEAST_SHARE;
  const moreUrgent = LANES.slice(0, LANES.indexOf(lane));
  const ahead = moreUrgent.reduce((sum, other) => sum + segments[other], 0);
  const coming = moreUrgent
    .filter((other) => segments[other] < perSecond)
    .reduce((sum, other) => sum + report.lanes[other].submitted / MINUTE_SECONDS, 0);
  if (lane !== 'bulk') {
    const shared = segments.bulk > 0 ? perSecond * (1 - rate.bulkShare) : perSecond;
    return (ahead + waiting) / Math.max(shared - coming, least);
  }
  const share = perSecond * rate.bulkShare;
  const behindAll = (ahead + waiting) / Math.max(perSecond - coming, share, least);
  return share === 0 ? behindAll : Math.min(behindAll, waiting / share);
}

/** Below its limit where the operator takes less, or answers too slowly for more. */
function effectiveRate({ busyPerSecond }: AccountReport, { segmentsPerSecond }: Rate): number {
  const measured = busyPerSecond ?? segmentsPerSecond;
  return Math.max(Math.min(measured, segmentsPerSecond), segmentsPerSecond * LEAST_SHARE);
}

/**
 * For how long an account cannot send, seconds: nobody knows how an outage goes on, and the best guess is that it lasts as long
 * again as it has lasted. 0 while it can, and where it never could, for then there is nothing to go by.
 */
export function outageSeconds({ session, lastReadyAt }: AccountReport, now: number): number {
  if (session.canSubmit || lastReadyAt === undefined) return 0;
  return Math.max(0, now - lastReadyAt) / 1000;
}
