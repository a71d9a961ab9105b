import { type MetricName, memberMetric } from '../../shared/config/binder-metrics.ts';
import type { LaneQueue } from '../outbound/lane-queue.ts';

/** Counts what was moved to a dead-letter queue, by its reason. */
export function countedQueue(queue: LaneQueue, count: (name: MetricName) => void): LaneQueue {
  return {
    remove: (item) => queue.remove(item),
    giveBack: (item, delaySeconds) => queue.giveBack(item, delaySeconds),
    extend: (item) => queue.extend(item),
    async park(delivery, poison) {
      const parked = await queue.park(delivery, poison);
      if (parked) count(memberMetric('DeadLettered', poison.reason));
      return parked;
    },
  };
}
