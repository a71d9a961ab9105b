import { type CandidateId, candidateIds, type IdMatching, type IdRelation } from '../../shared/receipts/message-ids.ts';
import { segmentOf } from '../../shared/receipts/pairing.ts';
import type { ReceiptRow, ReceiptStore, ReceiptTableRow, SegmentRow } from '../../shared/store/receipts.ts';

/** Where a row stands: the id is in its canonical form. */
export interface RowPlace {
  account: string;
  canonicalId: string;
  matching: IdMatching;
}

type Rows = Pick<ReceiptStore, 'rows'>;

/** What was found of a row's other half. */
export type Found<Other> =
  /** `relation` where it says something of the account's ids that was not known. */
  | { kind: 'found'; other: Other; relation?: IdRelation }
  | { kind: 'none' }
  /** Under two notations stands one that it could be: which of them it is nobody can tell. */
  | { kind: 'ambiguous' };

const NONE = { kind: 'none' } as const;

/** The segment of a receipt: under its own id, or under another notation of it. */
export async function segmentOfReceipt(receipt: ReceiptRow, place: RowPlace, store: Rows): Promise<Found<SegmentRow>> {
  const candidates = candidateIds(place.canonicalId, 'receipt', place.matching);
  return onlyOne(candidates, async ({ id, relation }) => {
    const rows = await store.rows(place.account, id);
    const segment = segmentOf(receipt, rows.filter(isSegment));
    if (segment === undefined || relation === 'same_number' || candidates.length === 1) return segment;
    // Receipts of one message centre are all written the same way: this segment has its own.
    return ownReceipts(segment, rows).length > 0 ? undefined : segment;
  });
}

/**
 * The receipts that came before their segment was stored, oldest first. While it is open how the ids relate, each must find
 * this segment in its turn: the same rule as above, from the other side.
 */
export async function receiptsOfSegment(
  segment: SegmentRow,
  place: RowPlace,
  store: Rows,
): Promise<Found<ReceiptRow[]>> {
  const candidates = candidateIds(place.canonicalId, 'segment', place.matching);
  return onlyOne(candidates, async ({ id }) => {
    const own = ownReceipts(segment, await store.rows(place.account, id));
    const [oldest] = own;
    if (oldest === undefined) return undefined;
    if (candidates.length === 1) return own;
    const back = await segmentOfReceipt(oldest, { ...place, canonicalId: id }, store);
    return back.kind === 'found' && isSame(back.other, segment) ? own : undefined;
  });
}

/** The other half under the one candidate that has it. All are asked: a second one would leave it open which is meant. */
async function onlyOne<Other>(
  candidates: CandidateId[],
  look: (candidate: CandidateId) => Promise<Other | undefined>,
): Promise<Found<Other>> {
  const others = await Promise.all(candidates.map(async (candidate) => ({ candidate, other: await look(candidate) })));
  const [first, second] = others.flatMap(({ candidate, other }) => (other === undefined ? [] : [{ candidate, other }]));
  if (first === undefined) return NONE;
  if (second !== undefined) return { kind: 'ambiguous' };
  const { candidate, other } = first;
  return candidates.length === 1 ? { kind: 'found', other } : { kind: 'found', other, relation: candidate.relation };
}

/** Receipts that belong to this segment rather than to another that had its id at another time. */
function ownReceipts(segment: SegmentRow, rows: ReceiptTableRow[]): ReceiptRow[] {
  const segments = rows.filter(isSegment);
  // Segments under another notation than its own only look like it.
  const known = segments.some((one) => isSame(one, segment)) ? segments : [segment];
  return rows.filter(isReceipt).filter((receipt) => isSame(segmentOf(receipt, known), segment));
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
