import type { MessageChange } from '../../shared/domain/transitions.ts';
import type { Log } from '../../shared/log/log.ts';
import { meaningOf } from '../../shared/receipts/states.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type {
  EvidenceRow,
  ReceiptRow,
  ReceiptStore,
  ReceiptTableRow,
  SegmentRow,
} from '../../shared/store/receipts.ts';
import { PoisonRecord } from '../middleware/batch.ts';
import type { InboundWork } from './inbound-work.ts';
import type { Matchings } from './matchings.ts';
import { type RowPlace, receiptsOfSegment, segmentOfReceipt } from './pairs.ts';

export interface ApplyDependencies {
  messages: Pick<MessageStore, 'get' | 'change'>;
  receipts: Pick<ReceiptStore, 'rows'>;
  /** How the ids of an account relate. */
  matchings: Pick<Matchings, 'of' | 'showed'>;
  inbound: InboundWork;
  /** Counts a receipt of an account whose state nobody has heard of. */
  tellUnheardOf: (account: string) => void;
  log: Log;
}

/** A row with its key, as the stream brings it. */
export type StoredRow = (ReceiptTableRow | EvidenceRow) & { key: string };

/**
 * Joins a row that was just stored with its other half. Either may come first: whichever is second finds the first, and
 * as both change the message forward only, finding each other twice does no harm (promise P7).
 */
export async function applyRow(row: StoredRow, dependencies: ApplyDependencies): Promise<void> {
  switch (row.kind) {
    case 'segment':
      return await applySegment(row, await placeOf(row, dependencies), dependencies);
    case 'receipt':
      return await applyReceipt(row, dependencies);
    case 'inbound':
      return await dependencies.inbound.message(row);
    case 'inbound_part':
      return await dependencies.inbound.part(row);
    case 'inbound_waiting':
    case 'evidence':
      return;
    default:
      throw new PoisonRecord('a row of the Receipts table is of no kind that is known here');
  }
}

async function placeOf({ account, key }: StoredRow, { matchings }: ApplyDependencies): Promise<RowPlace> {
  return { account, canonicalId: key.slice(account.length + 1), matching: await matchings.of(account) };
}

async function applySegment(segment: SegmentRow, place: RowPlace, dependencies: ApplyDependencies): Promise<void> {
  await accept(segment, dependencies);
  const found = await receiptsOfSegment(segment, place, dependencies.receipts);
  if (found.kind === 'ambiguous') tellAmbiguous(segment, dependencies);
  if (found.kind !== 'found') return;
  if (found.relation !== undefined) await dependencies.matchings.showed(found.relation, segment);
  for (const receipt of found.other) await settle(segment, receipt, dependencies);
}

async function applyReceipt(receipt: ReceiptRow & { key: string }, dependencies: ApplyDependencies): Promise<void> {
  const { mcMessageId, account } = receipt;
  const meaning = meaningOf(receipt);
  if (meaning.kind === 'unheard_of') {
    dependencies.log.warn('receipt with a state nobody has heard of', { account, mcMessageId, stat: meaning.word });
    dependencies.tellUnheardOf(account);
    return;
  }
  // Kept for people to look at; the binder has told what was wrong with it.
  if (mcMessageId === '') return;
  const found = await segmentOfReceipt(receipt, await placeOf(receipt, dependencies), dependencies.receipts);
  if (found.kind === 'none') dependencies.log.info('receipt waits for its segment', { account, mcMessageId });
  if (found.kind === 'ambiguous') tellAmbiguous(receipt, dependencies);
  if (found.kind !== 'found') return;
  if (found.relation !== undefined) await dependencies.matchings.showed(found.relation, found.other);
  await settle(found.other, receipt, dependencies);
}

function tellAmbiguous({ account, mcMessageId }: SegmentRow | ReceiptRow, { log }: ApplyDependencies): void {
  log.warn('the id of a receipt could be that of two segments: it settles neither', { account, mcMessageId });
}

/** The binder writes this too, after the row: unless it died in between. */
async function accept(
  { messageId, index, mcMessageId, at }: SegmentRow,
  dependencies: ApplyDependencies,
): Promise<void> {
  const seen = await dependencies.messages.get(messageId, { consistent: false });
  // It never goes back, so that an old view which has it is as good as the newest.
  if (seen?.segments[index]?.state === 'accepted') return;
  await change({ messageId, seen, change: { kind: 'segment_accepted', index, mcMessageId, at } }, dependencies);
}

async function settle(segment: SegmentRow, receipt: ReceiptRow, dependencies: ApplyDependencies): Promise<void> {
  const settled = changeOf(segment, receipt);
  if (settled === undefined) return;
  const { messageId } = segment;
  const seen = await dependencies.messages.get(messageId, { consistent: false });
  await change({ messageId, seen, change: settled }, dependencies);
}

function changeOf({ index }: SegmentRow, receipt: ReceiptRow): MessageChange | undefined {
  const { stat, err, mcMessageId, at } = receipt;
  const meaning = meaningOf(receipt);
  switch (meaning.kind) {
    case 'unheard_of':
      return undefined;
    case 'intermediate':
      return { kind: 'reported', index, word: meaning.word, at };
    case 'final':
      return {
        kind: 'receipt',
        index,
        mcMessageId,
        state: meaning.state,
        at,
        ...(stat === undefined ? {} : { stat }),
        ...(err === undefined ? {} : { err }),
      };
  }
}

interface Asked {
  messageId: string;
  /** As it may have been a moment ago: half the price, and the write is conditional on it. */
  seen: Parameters<MessageStore['change']>[2];
  change: MessageChange;
}

async function change({ messageId, seen, change }: Asked, { messages, log }: ApplyDependencies): Promise<void> {
  const result = await messages.change(messageId, change, seen);
  if (result.kind === 'missing') log.warn('its message is not there any more', { messageId, change: change.kind });
}
