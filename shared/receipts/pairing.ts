interface Segment {
  kind: 'segment';
  at: number;
}

interface Receipt {
  kind: 'receipt';
  at: number;
}

/** A receipt may come this much before its submit_sm_resp, milliseconds: nearly always, and at the most. */
const USUALLY_BEFORE_ANSWER_MS = 10_000;
const RECEIPT_BEFORE_ANSWER_MS = 5 * 60_000;

/**
 * The segment that a receipt belongs to, out of those under its id: the youngest that was there when it came. There is more
 * than one where a message centre started its count again; a receipt for the new one must not settle the old one.
 */
export function segmentOf<S extends Segment>(receipt: Receipt, segments: readonly S[]): S | undefined {
  const newestFirst = segments.toSorted((one, other) => other.at - one.at);
  return (
    newestFirst.find((segment) => segment.at <= receipt.at + USUALLY_BEFORE_ANSWER_MS) ??
    newestFirst.findLast((segment) => segment.at <= receipt.at + RECEIPT_BEFORE_ANSWER_MS)
  );
}
