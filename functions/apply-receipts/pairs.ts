import { candidateIds, type IdMatching } from '../../shared/receipts/message-ids.ts';
import { segmentOf } from '../../shared/receipts/pairing.ts';
import type { ReceiptRow, ReceiptStore, ReceiptTableRow, SegmentRow } from '../../shared/store/receipts.ts';

/** Where a row stands: the id is in its canonical form. */
export interface RowPlace {
  account: string;
  canonicalId: string;
  matching: IdMatching;
}

type Rows = Pick<ReceiptStore, 'rows'>;

/** The segment of a receipt: the one under its own id, else one under another notation of it. */
export async function segmentOfReceipt(
  receipt: ReceiptRow,
  { account, canonicalId, matching }: RowPlace,
  store: Rows,
): Promise<SegmentRow | undefined> {
  for (const id of candidateIds(canonicalId, matching)) {
    const segment = segmentOf(receipt, (await store.rows(account, id)).filter(isSegment));
    if (segment !== undefined) return segment;
  }
  return undefined;
}

/**
 * The receipts that came before their segment was stored, oldest first. Those under another notation are its own only
 * where no segment stands under theirs: the same rule as above, from the other side.
 */
export async function receiptsOfSegment(
  segment: SegmentRow,
  { account, canonicalId, matching }: RowPlace,
  store: Rows,
): Promise<ReceiptRow[]> {
  for (const id of candidateIds(canonicalId, matching)) {
    const rows = await store.rows(account, id);
    const segments = rows.filter(isSegment);
    const known = segments.length > 0 ? segments : [segment];
    const own = rows.filter(isReceipt).filter((receipt) => isSame(segmentOf(receipt, known), segment));
    if (own.length > 0) return own;
  }
  return [];
}

function isSame(one: SegmentRow | undefined, other: SegmentRow): boolean {
  return one?.messageId === other.messageId && one.index === other.index;
}

function isSegment(row: ReceiptTableRow): row is SegmentRow {
  return row.kind === 'segment';
}

function isReceipt(row: ReceiptTableRow): row is ReceiptRow {
  return row.kind === 'receipt';
}
