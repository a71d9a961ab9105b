import type { ApiAccount } from '../../../shared/config/environment.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import { type AccountLoad, drainSeconds, outageSeconds } from '../../../shared/domain/drain.ts';
import { msPerSegment } from '../../../shared/domain/feed-plan.ts';

/**
 * Seconds from now until the last message of a batch will have gone to the operator: behind what waits in its lane now, at
 * the rate that is measured, and no faster than its speed limit.
 */
export function batchSeconds(
  { lane, segments, speedLimit, startsAt }: Pick<Batch, 'lane' | 'segments' | 'speedLimit' | 'startsAt'>,
  { account, load, now }: { account: ApiAccount; load: AccountLoad; now: number },
): number {
  const together = { ...load.segments, [lane]: load.segments[lane] + segments };
  const byLane = drainSeconds(lane, { ...load, segments: together }, account) + outageSeconds(load.report, now);
  const byLimit = speedLimit === undefined ? 0 : (segments * msPerSegment(speedLimit)) / 1000;
  return Math.round(Math.max(byLane, byLimit) + Math.max(0, startsAt - now) / 1000);
}
