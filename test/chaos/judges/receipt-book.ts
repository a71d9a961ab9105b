import type { ReceiptRow, SegmentRow } from '../../../shared/store/receipts.ts';
import type { Evidence, SegmentHistory } from '../evidence.ts';

/** The receipts of a run from both sides: what the operator sent and got acknowledged, and what Bindery stored. */
export class ReceiptBook {
  /** States that were sent, by the operator's message id. */
  readonly sentById = new Map<string, Set<string>>();
  /** The same, of those that were acknowledged. */
  readonly acknowledgedById = new Map<string, Set<string>>();
  /** Rows of the Receipts table, by the operator's message id. */
  readonly storedById: Map<string, ReceiptRow[]>;
  readonly segmentRows: readonly SegmentRow[];
  readonly #idsBySegment: Map<string, SegmentRow[]>;

  constructor({ operatorEvents, rows }: Evidence) {
    for (const event of operatorEvents) {
      if (event.kind !== 'delivery_sent' && event.kind !== 'delivery_answered') continue;
      if (event.of.kind !== 'receipt') continue;
      const { messageId, stat } = event.of;
      if (event.kind === 'delivery_sent') add(this.sentById, messageId, stat);
      else if (event.status === 0) add(this.acknowledgedById, messageId, stat);
    }
    this.storedById = Map.groupBy(
      rows.filter((row) => row.kind === 'receipt'),
      ({ mcMessageId }) => mcMessageId,
    );
    this.segmentRows = rows.filter((row) => row.kind === 'segment');
    this.#idsBySegment = Map.groupBy(this.segmentRows, ({ messageId, index }) => `${messageId} ${index}`);
  }

  /** Whether the operator has reported this of the segment, under any id that he gave to it. */
  sent({ taken }: SegmentHistory, stat: string): boolean {
    return taken.some(({ messageId }) => messageId !== undefined && this.sentById.get(messageId)?.has(stat));
  }

  /** Whether a receipt was acknowledged under an id by which Bindery knows the segment. */
  acknowledgedFor({ message, index }: SegmentHistory): boolean {
    const known = this.#idsBySegment.get(`${message.messageId} ${index}`) ?? [];
    return known.some(({ mcMessageId }) => this.acknowledgedById.has(mcMessageId));
  }
}

function add(book: Map<string, Set<string>>, messageId: string, stat: string): void {
  const stats = book.get(messageId);
  if (stats === undefined) book.set(messageId, new Set([stat]));
  else stats.add(stat);
}
