import { meaningOf } from '../../../shared/receipts/states.ts';
import type { ReceiptRow, SegmentRow } from '../../../shared/store/receipts.ts';
import type { Evidence, Finding } from '../evidence.ts';
import { ReceiptBook } from './receipt-book.ts';

/** What was acknowledged is stored (promise P6), and what is stored has settled its segment. */
export function judgeReceipts(evidence: Evidence): Finding {
  const book = new ReceiptBook(evidence);
  const lost = [...book.acknowledgedById.keys()].filter((id) => !book.storedById.has(id));
  const unapplied = unappliedIn(evidence, book);
  const stored = [...book.storedById.values()].reduce((sum, rows) => sum + rows.length, 0);
  return {
    rows: [
      ['receipts sent, ids', book.sentById.size],
      ['receipts acknowledged, ids', book.acknowledgedById.size],
      ['receipts stored, ids (rows)', `${book.storedById.size} (${stored})`],
      ['receipts acknowledged and lost', lost.length],
    ],
    broken: [...lost.map((id) => `receipt for ${id}: acknowledged, and not stored`), ...unapplied],
  };
}

function unappliedIn({ messages }: Evidence, book: ReceiptBook): string[] {
  const byId = new Map(messages.map((message) => [message.messageId, message]));
  return book.segmentRows.flatMap((row) => {
    const receipts = book.storedById.get(row.mcMessageId) ?? [];
    const segment = byId.get(row.messageId)?.segments[row.index];
    const states = receipts.flatMap(finalState);
    if (states.length === 0 || segment === undefined) return [];
    const { receipt } = segment;
    if (receipt === undefined) return [`${nameOf(row)}: its receipt is stored, and changed nothing`];
    return states.includes(receipt.state)
      ? []
      : [`${nameOf(row)}: is ${receipt.state}, and its receipt says otherwise`];
  });
}

function finalState(row: ReceiptRow): string[] {
  const meaning = meaningOf(row);
  return meaning.kind === 'final' ? [meaning.state] : [];
}

function nameOf({ messageId, index, mcMessageId }: SegmentRow): string {
  return `${messageId}, segment ${index + 1}, ${mcMessageId} at the operator`;
}
