import type { Log } from '../../shared/log/log.ts';
import type { Custody } from './custody.ts';
import type { QueuedItem } from './lane-queue.ts';
import { faultDetail, LASTING_FAULT_RECEIVES } from './poison.ts';
import { LeaseGoneError } from './until-stored.ts';

/** Seconds until a message is worked on again, after its first receive, its second and so on: a one-time password cannot wait for its whole hidden time. */
const AGAIN_AFTER_SECONDS = [1, 5, 15, 30];

/**
 * Work on a queue message threw, and none of it is under way any more. Where the lease is gone, whoever has it now is to
 * receive the message at once. Else it comes again soon, and where that has not helped several times, it is poison.
 */
export async function workFailed(
  item: QueuedItem,
  error: unknown,
  { custody, log }: { custody: Custody; log: Log },
): Promise<void> {
  if (error instanceof LeaseGoneError) return await custody.giveBack(item);
  const { messageId, lane, receives } = item;
  const fault = faultDetail(error);
  const againInSeconds = receives < LASTING_FAULT_RECEIVES ? (AGAIN_AFTER_SECONDS[receives - 1] ?? 1) : undefined;
  log.error('work on a message failed', { messageId, lane, receives, fault, againInSeconds, error });
  if (againInSeconds !== undefined) return await custody.giveBack(item, againInSeconds);
  await custody.park(item, { reason: 'work_failed', detail: fault });
}
