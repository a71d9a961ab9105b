import { stepAt } from '../../shared/domain/batch-change.ts';
import type { FeedQueue } from '../../shared/queue/feed.ts';
import type { BatchStore } from '../../shared/store/batches.ts';

export interface SweepBatchDependencies {
  batches: Pick<BatchStore, 'get' | 'change'>;
  feed: Pick<FeedQueue, 'send'>;
  /** Epoch milliseconds. */
  now: () => number;
}

/**
 * Sees to a batch whose time for it has come: its next step was lost, or it starts soon, or whoever accepted it died before
 * all was stored. Nobody was told of that one; its messages end with it.
 */
export async function sweepBatch(
  batchId: string,
  { batches, feed, now }: SweepBatchDependencies,
): Promise<'requeued' | 'left'> {
  const batch = await batches.get(batchId);
  const at = now();
  if (batch?.dueAt === undefined || batch.dueAt > at) return 'left';
  const kind = batch.status === 'accepting' ? 'canceled' : 'woken';
  const result = await batches.change(batchId, { kind, at }, batch);
  if (result.kind !== 'changed') return 'left';
  const { feeding } = result.batch;
  // After the change: a step with the old number would be taken for a late one. If it is lost, the next sweep calls again.
  await feed.send({ batchId, tick: feeding.tick }, ((stepAt(result.batch, at) ?? at) - at) / 1000);
  return 'requeued';
}
