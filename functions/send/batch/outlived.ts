import type { ApiAccount } from '../../../shared/config/environment.ts';
import type { BatchRequest } from '../../../shared/contracts/batch-request.ts';
import { msPerSegment } from '../../../shared/domain/feed-plan.ts';
import { type ItemReading, refuseItem } from './read-items.ts';

/**
 * Refuses the items whose life would be over before the batch's own speed limit lets them go. Depends on the request alone:
 * a further run of it decides alike.
 */
export function refuseOutlived(
  readings: readonly ItemReading[],
  { speed_limit: limit, lane, ttl_seconds }: Pick<BatchRequest, 'speed_limit' | 'lane' | 'ttl_seconds'>,
  { lanes }: Pick<ApiAccount, 'lanes'>,
): ItemReading[] {
  if (limit === undefined) return [...readings];
  const livesMs = (ttl_seconds ?? lanes[lane].defaultTtlSeconds) * 1_000;
  let goesAfterMs = 0;
  return readings.map((item) => {
    if (item.kind === 'refused') return item;
    if (goesAfterMs >= livesMs) return tooLate(item, { goesAfterMs, livesMs });
    goesAfterMs += item.meaning.segmentCount * msPerSegment(limit);
    return item;
  });
}

function tooLate(
  { index, request }: Extract<ItemReading, { kind: 'sendable' }>,
  { goesAfterMs, livesMs }: { goesAfterMs: number; livesMs: number },
): ItemReading {
  const code = 'would_expire_in_queue';
  const detail = `the speed limit lets it go after ${Math.ceil(goesAfterMs / 1000)} s, and it lives for ${livesMs / 1000} s`;
  return refuseItem({ index, clientRef: request.client_ref }, code, [{ pointer: '', code, detail }]);
}
