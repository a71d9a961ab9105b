import { type Batch, itemMessageId } from '../../shared/domain/batch.ts';
import type { Message } from '../../shared/domain/message.ts';
import { applyChange, type MessageChange } from '../../shared/domain/transitions.ts';
import type { Log } from '../../shared/log/log.ts';
import type { LaneQueues } from '../../shared/queue/lanes.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { MessagesById } from '../../shared/store/messages-by-id.ts';

export interface ItemDependencies {
  messages: Pick<MessageStore, 'change'>;
  messagesById: Pick<MessagesById, 'get'>;
  lanes: Pick<LaneQueues, 'send'>;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Calls of AWS that one environment makes at a time. */
const CONCURRENT = 20;

/** The messages of some items, by index, as they are now. */
export async function messagesOf(
  { batchId }: Batch,
  indexes: readonly number[],
  { messagesById }: Pick<ItemDependencies, 'messagesById'>,
): Promise<Map<number, Message>> {
  const ids = indexes.map((index) => itemMessageId(batchId, index));
  const found = await messagesById.get(ids, { consistent: true });
  return new Map(
    indexes.flatMap((index, place) => {
      const message = found.get(ids[place] ?? '');
      return message === undefined ? [] : [[index, message]];
    }),
  );
}

/**
 * Puts a message into its lane, once: of any number of feeders only the one whose change is written queues it. If it dies
 * before it has, or the queue does not take it, the sweep finds the message by its `dueAt`.
 */
export async function release(message: Message, delaySeconds: number, dependencies: ItemDependencies): Promise<void> {
  const { messages, lanes, log, now } = dependencies;
  const result = await messages.change(message.messageId, { kind: 'released', at: now() }, message);
  if (result.kind !== 'changed') return;
  try {
    await lanes.send(result.message, delaySeconds);
  } catch (error) {
    log.warn('released but not queued; the sweep will queue it', { message_id: message.messageId, error });
  }
}

/** Applies a change to those messages that it concerns. @returns how many it changed */
export async function changeAll(
  messages: Iterable<Message>,
  change: MessageChange,
  { messages: store }: Pick<ItemDependencies, 'messages'>,
): Promise<number> {
  const concerned = [...messages].filter((message) => applyChange(message, change).kind === 'changed');
  let changed = 0;
  await forEach(concerned, async (message) => {
    const result = await store.change(message.messageId, change, message);
    if (result.kind === 'changed') changed += 1;
  });
  return changed;
}

/** Works on several at a time. @throws the first error, when all work that was begun has ended */
export async function forEach<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  // Workers share one iterator: each takes the next item that is left.
  const left = [...items].values();
  const worker = async () => {
    for (const item of left) await work(item);
  };
  const ended = await Promise.allSettled(Array.from({ length: CONCURRENT }, worker));
  for (const end of ended) if (end.status === 'rejected') throw end.reason;
}
