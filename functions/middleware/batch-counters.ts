import {
  acceptedItems,
  type Batch,
  type BatchCounters,
  countStatuses,
  itemMessageId,
} from '../../shared/domain/batch.ts';
import type { MessagesById } from '../../shared/store/messages-by-id.ts';

/**
 * A batch's counters are those of its messages as they are: counted, not kept, so that they are right whatever came twice or
 * in the wrong order. A batch has a thousand messages at the most.
 */
export async function countersOf(batch: Batch, messagesById: Pick<MessagesById, 'statuses'>): Promise<BatchCounters> {
  const ids = acceptedItems(batch).map((index) => itemMessageId(batch.batchId, index));
  return countStatuses(await messagesById.statuses(ids));
}
