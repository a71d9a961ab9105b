import type { BatchRequest } from '../../../shared/contracts/batch-request.ts';
import { type Batch, itemMessageId } from '../../../shared/domain/batch.ts';
import { stepAt } from '../../../shared/domain/batch-change.ts';
import type { FeedQueue } from '../../../shared/queue/feed.ts';
import type { BatchStore } from '../../../shared/store/batches.ts';
import type { MessagesById } from '../../../shared/store/messages-by-id.ts';
import type { NewMessages } from '../../../shared/store/new-messages.ts';
import { fieldRefusal } from '../../middleware/refusal.ts';
import type { Sender } from '../accept.ts';
import { type ChargeDependencies, settleCharge } from '../charge.ts';
import type { OptOutDependencies } from '../opt-outs.ts';
import { sendTimeOf } from '../send-time.ts';
import { chargeItems, isSendable, leftOut, refuseOptedOut } from './admit-items.ts';
import { itemMessage, newBatch } from './new-batch.ts';
import { refuseOutlived } from './outlived.ts';
import { type ItemReading, readItems, type SendableItem } from './read-items.ts';

export interface AcceptBatchDependencies extends ChargeDependencies, OptOutDependencies {
  batches: Pick<BatchStore, 'create' | 'get' | 'change'>;
  messagesById: Pick<MessagesById, 'get'>;
  newMessages: Pick<NewMessages, 'put'>;
  feed: Pick<FeedQueue, 'send'>;
  /** Epoch milliseconds. */
  now: () => number;
  /** A new `bat_` id. */
  newBatchId: (now: number) => string;
}

export interface AcceptedBatch {
  batch: Batch;
  /** What became of each item, in their order: the sendable ones are accepted. */
  items: ItemReading[];
}

/**
 * Accepts a batch: all of its messages are stored, and then it is opened, which feeds them to their lane. One that is not
 * opened, because this process died or the table failed, is given up by the sweep, and its messages with it; a further run
 * of the same request finds it under its name, and goes on where it broke off. @throws Refusal
 */
export async function acceptBatch(
  request: BatchRequest,
  sender: Sender,
  dependencies: AcceptBatchDependencies,
): Promise<AcceptedBatch> {
  const { batch, items } = await beginBatch(request, sender, dependencies);
  if (batch.status !== 'accepting') return { batch, items };
  const stored = items.filter(isSendable);
  await storeAll(batch, stored, { sender, ...dependencies });
  const [first] = stored;
  if (first !== undefined && batch.countedIn !== undefined) {
    settleCharge(
      { ...sender, messageId: itemMessageId(batch.batchId, first.index), period: batch.countedIn },
      dependencies,
    );
  }
  return { batch: await open(batch, dependencies), items };
}

/** The batch with what is decided of its items, by this run of the request or by an earlier one. */
async function beginBatch(
  request: BatchRequest,
  sender: Sender,
  dependencies: AcceptBatchDependencies,
): Promise<AcceptedBatch> {
  const { reservation, account } = sender;
  const batchId = reservation === undefined ? dependencies.newBatchId(dependencies.now()) : `bat_${reservation.ulid}`;
  const earlier = reservation?.isRerun ? await dependencies.batches.get(batchId) : undefined;
  const now = earlier?.createdAt ?? dependencies.now();
  const startsAt = startOf(request, sender, now);
  // What time it is for a message is when the batch starts; before that the lane's delivery window may be closed.
  const read = refuseOutlived(readItems(request, { ...sender, now: startsAt }), request, account);
  if (earlier !== undefined) return { batch: earlier, items: read.map((item) => asDecided(item, earlier)) };
  const checked = await refuseOptedOut(read, account.name, dependencies);
  const { readings, countedIn } = await chargeItems(checked, { batchId, sender, now }, dependencies);
  const batch = newBatch({ batchId, request, sender, readings, countedIn, now, startsAt });
  return { batch: await dependencies.batches.create(batch), items: readings };
}

function startOf({ lane, send_at }: BatchRequest, { account }: Sender, now: number): number {
  const time = sendTimeOf({ lane, send_at }, account, now);
  if (time.kind === 'ok') return time.sendAt ?? now;
  throw fieldRefusal('/send_at', 'invalid_send_at', time.detail);
}

function asDecided(item: ItemReading, { accepted }: Batch): ItemReading {
  return item.kind === 'refused' || accepted[item.index] === '1' ? item : leftOut(item);
}

/** What an earlier run of the request has stored is left as it is. The first by itself: what the batch counts stands under its name. */
async function storeAll(
  batch: Batch,
  items: readonly SendableItem[],
  { sender, messagesById, newMessages }: AcceptBatchDependencies & { sender: Sender },
): Promise<void> {
  const messages = items.map((item) => itemMessage(item, { batch, sender }));
  const ids = messages.map(({ messageId }) => messageId);
  const known = sender.reservation?.isRerun ? await messagesById.get(ids, { consistent: true }) : new Map();
  const missing = messages.filter(({ messageId }) => !known.has(messageId));
  await newMessages.put(missing.slice(0, 1), sender.signal);
  await newMessages.put(missing.slice(1), sender.signal);
}

async function open(batch: Batch, { batches, feed, now, log }: AcceptBatchDependencies): Promise<Batch> {
  const at = now();
  const result = await batches.change(batch.batchId, { kind: 'opened', at }, batch);
  if (result.kind === 'missing') throw new TypeError('a batch is gone that was just stored');
  const { batchId, status, feeding } = result.batch;
  const next = stepAt(result.batch, at);
  if (status !== 'running' || next === undefined) return result.batch;
  try {
    await feed.send({ batchId, tick: feeding.tick }, (next - at) / 1000);
  } catch (error) {
    log.warn('batch opened but not fed; the sweep will see to it', { batch_id: batchId, error });
  }
  return result.batch;
}
