import { presentBatchEvent, type TypedBatchEvent } from '../../shared/contracts/batch-event.ts';
import { presentMessageEvent, type TypedMessageEvent } from '../../shared/contracts/event.ts';
import type { Message, TimelineEntry } from '../../shared/domain/message.ts';
import { batchOf } from '../../shared/store/batches.ts';
import { fromItem } from '../../shared/store/messages.ts';
import { PoisonRecord } from '../middleware/batch.ts';

type Item = Record<string, unknown>;

/**
 * The events of one write to the Messages table: the published entries of the timeline that the old image lacks. They
 * depend on the images alone, so that a record which comes again gives the same events with the same ids (promise P8).
 * @throws PoisonRecord where the item is no message
 */
export function eventsOf(
  { before, after }: { before: Item | undefined; after: Item },
  stage: string,
): TypedMessageEvent[] {
  const message = messageOf(after);
  const published = before === undefined ? 0 : messageOf(before).sequence;
  return message.timeline
    .filter((entry): entry is TimelineEntry & { sequence: number } => (entry.sequence ?? 0) > published)
    .map((entry) => presentMessageEvent(message, entry, stage));
}

/** The same of a write to a batch. */
export function batchEventsOf(
  { before, after }: { before: Item | undefined; after: Item },
  stage: string,
): TypedBatchEvent[] {
  const published = before === undefined ? 0 : batchOf(before).sequence;
  const batch = batchOf(after);
  return batch.history
    .filter(({ sequence }) => sequence > published)
    .map((entry) => presentBatchEvent(batch, entry, stage));
}

/** @throws PoisonRecord where the item is no message */
export function messageOf(item: Item): Message {
  const message = fromItem(item);
  if (!Array.isArray(message.timeline) || !Array.isArray(message.segments) || !Number.isInteger(message.sequence)) {
    throw new PoisonRecord('an item of the Messages table is no message');
  }
  return message;
}
