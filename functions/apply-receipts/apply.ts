import type { Log } from '../../shared/log/log.ts';
import type { IdMatching } from '../../shared/receipts/message-ids.ts';
import { meaningOf } from '../../shared/receipts/states.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { ReceiptRow, ReceiptStore, ReceiptTableRow, SegmentRow } from '../../shared/store/receipts.ts';
import { PoisonRecord } from '../middleware/batch.ts';
import { type RowPlace, receiptsOfSegment, segmentOfReceipt } from './pairs.ts';

export interface ApplyDependencies {
  messages: Pick<MessageStore, 'change'>;
  receipts: Pick<ReceiptStore, 'rows'>;
  /** How the ids of an account relate; undefined for an account that is not here any more. */
  matchingOf: (account: string) => IdMatching | undefined;
  log: Log;
}

/** A row with its key, as the stream brings it. */
export type StoredRow = ReceiptTableRow & { key: string };

/**
 * Joins a row that was just stored with its other half. Either may come first: whichever is second finds the first, and
 * as both change the message forward only, finding each other twice does no harm (promise P7).
 */
export async function applyRow(row: StoredRow, dependencies: ApplyDependencies): Promise<void> {
  const matching = dependencies.matchingOf(row.account) ?? 'match_any';
  const place: RowPlace = { account: row.account, canonicalId: row.key.slice(row.account.length + 1), matching };
  switch (row.kind) {
    case 'segment':
      return await applySegment(row, place, dependencies);
    case 'receipt':
      return await applyReceipt(row, place, dependencies);
    case 'inbound':
      return;
    default:
      throw new PoisonRecord('a row of the Receipts table is neither a segment nor a receipt');
  }
}

async function applySegment(segment: SegmentRow, place: RowPlace, dependencies: ApplyDependencies): Promise<void> {
  const { messageId, index, mcMessageId, at } = segment;
  // The binder writes this too, after the row: unless it died in between.
  await change(dependencies, messageId, { kind: 'segment_accepted', index, mcMessageId, at });
  for (const receipt of await receiptsOfSegment(segment, place, dependencies.receipts)) {
    await settle(segment, receipt, dependencies);
  }
}

async function applyReceipt(receipt: ReceiptRow, place: RowPlace, dependencies: ApplyDependencies): Promise<void> {
  const { mcMessageId, account } = receipt;
  const meaning = meaningOf(receipt);
  if (meaning.kind === 'unheard_of') {
    dependencies.log.warn('receipt with a state nobody has heard of', { account, mcMessageId, stat: meaning.word });
  }
  if (meaning.kind !== 'final') return;
  const segment = await segmentOfReceipt(receipt, place, dependencies.receipts);
  if (segment === undefined) dependencies.log.info('receipt waits for its segment', { account, mcMessageId });
  else await settle(segment, receipt, dependencies);
}

async function settle(segment: SegmentRow, receipt: ReceiptRow, dependencies: ApplyDependencies): Promise<void> {
  const meaning = meaningOf(receipt);
  if (meaning.kind !== 'final') return;
  const { stat, err, mcMessageId, at } = receipt;
  await change(dependencies, segment.messageId, {
    kind: 'receipt',
    index: segment.index,
    mcMessageId,
    state: meaning.state,
    at,
    ...(stat === undefined ? {} : { stat }),
    ...(err === undefined ? {} : { err }),
  });
}

async function change(
  { messages, log }: ApplyDependencies,
  messageId: string,
  change: Parameters<MessageStore['change']>[1],
): Promise<void> {
  const result = await messages.change(messageId, change);
  if (result.kind === 'missing') log.warn('its message is not there any more', { messageId, change: change.kind });
}
