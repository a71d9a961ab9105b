import type { Log } from '../../shared/log/log.ts';
import type { Custody } from './custody.ts';
import type { QueuedItem } from './lane-queue.ts';
import { faultDetail, LASTING_RECEIVES } from './poison.ts';
import { LeaseGoneError } from './until-stored.ts';

/**
 * Work on a queue message threw. Where the lease is gone, whoever has it now is to receive the message at once. Else it comes
 * again when its hidden time is over, and where that has not helped before, it is poison.
 */
export async function workFailed(
  item: QueuedItem,
  error: unknown,
  { custody, log }: { custody: Custody; log: Log },
): Promise<void> {
  if (error instanceof LeaseGoneError) return await custody.giveBack(item);
  log.error('work on a message failed', { messageId: item.messageId, receives: item.receives, error });
  if (item.receives < LASTING_RECEIVES) return custody.letGo(item);
  await custody.park(item, { reason: 'work_failed', detail: faultDetail(error) });
}
