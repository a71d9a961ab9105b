import type { Message } from '../../shared/domain/message.ts';
import { neverWentOut } from '../../shared/domain/segments.ts';
import type { UsageStore } from '../../shared/store/control-usage.ts';
import type { MessageStore } from '../../shared/store/messages.ts';

export interface ReturnDependencies {
  messages: Pick<MessageStore, 'get' | 'markReturned'>;
  usage: Pick<UsageStore, 'giveBack' | 'forgetReturn'>;
}

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
