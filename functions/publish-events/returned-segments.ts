import { acceptedItems, type Batch, itemMessageId } from '../../shared/domain/batch.ts';
import type { Message } from '../../shared/domain/message.ts';
import { neverWentOut } from '../../shared/domain/segments.ts';
import type { UsageStore } from '../../shared/store/control-usage.ts';
import type { MessageStore } from '../../shared/store/messages.ts';

export interface ReturnDependencies {
  messages: Pick<MessageStore, 'get' | 'markReturned'>;
  usage: Pick<UsageStore, 'giveBack' | 'forgetReturn'>;
}

/** Reads at a time. */
const CONCURRENT = 50;

/** Whether a write to the Messages table ended a message that was counted and never went out. */
export function endsUnsent({ before, after }: { before: Message | undefined; after: Message }): boolean {
  return after.countedIn !== undefined && neverWentOut(after) && (before === undefined || !neverWentOut(before));
}

/**
 * Gives the segments of a message that never went out back to its key and its account, once however often its record comes.
 * Each counter keeps the message's id until the message itself says that it was done; a process may die at any step.
 */
export async function returnSegments(
  { messageId }: Pick<Message, 'messageId'>,
  { messages, usage }: ReturnDependencies,
): Promise<void> {
  const message = await messages.get(messageId);
  if (message?.countedIn === undefined) return;
  const { account, keyId, segments, countedIn: period } = message;
  const counters = [{ account, keyId }, { account }];
  const charge = { messageId, segments: segments.length, period };
  if (message.countReturned !== true) {
    for (const counter of counters) await usage.giveBack(counter, charge);
    await messages.markReturned(messageId);
  }
  for (const counter of counters) await usage.forgetReturn(counter, charge);
}

/** Whether a write gave up a batch that was counted, and of which not everything may have been stored. */
export function isGivenUp({ before, after }: { before: Batch | undefined; after: Batch }): boolean {
  return before?.status === 'accepting' && after.status === 'canceled';
}

/**
 * Gives back what a batch counted for messages that were never stored, because its acceptance broke off. Those that were give
 * back theirs when they are canceled. Where not even the first was, whoever counts next takes back all, by the mark under its
 * name. The counters keep the batch's id for good: such batches are few, and nothing else would say that it was done.
 */
export async function returnUnstored(batch: Batch, { messages, usage }: ReturnDependencies): Promise<void> {
  const { batchId, account, keyId, countedIn: period } = batch;
  if (period === undefined) return;
  const ids = acceptedItems(batch).map((index) => itemMessageId(batchId, index));
  let stored = 0;
  for (let start = 0; start < ids.length; start += CONCURRENT) {
    const some = await Promise.all(ids.slice(start, start + CONCURRENT).map(async (id) => await messages.get(id)));
    if (start === 0 && some[0] === undefined) return;
    for (const message of some) stored += message?.segments.length ?? 0;
  }
  if (stored === batch.segments) return;
  const charge = { messageId: batchId, segments: batch.segments - stored, period };
  for (const counter of [{ account, keyId }, { account }]) await usage.giveBack(counter, charge);
}
