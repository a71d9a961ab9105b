import type { ReceiptState } from '../domain/message.ts';

/** What a receipt says of its segment. */
export type ReceiptMeaning =
  | { kind: 'final'; state: ReceiptState }
  /** On its way: nothing changes yet. `word` is what the operator calls it. */
  | { kind: 'intermediate'; word: string }
  /** A word or number nobody has heard of: kept and counted, never guessed. */
  | { kind: 'unheard_of'; word: string };

/** `stat` of the text form (SMPP 3.4 appendix B), with the spellings of the field. DELETED: by the message centre, before delivery. */
const BY_STAT: ReadonlyMap<string, ReceiptState | 'intermediate'> = new Map([
  ['DELIVRD', 'delivered'],
  ['EXPIRED', 'expired'],
  ['DELETED', 'undelivered'],
  ['UNDELIV', 'undelivered'],
  ['REJECTD', 'undelivered'],
  ['UNKNOWN', 'unknown'],
  ['ACCEPTD', 'intermediate'],
  ['ENROUTE', 'intermediate'],
  ['BUFFRED', 'intermediate'],
]);

/** message_state (5.2.28). */
const BY_MESSAGE_STATE: Readonly<Record<number, ReceiptState | 'intermediate'>> = {
  1: 'intermediate',
  2: 'delivered',
  3: 'expired',
  4: 'undelivered',
  5: 'undelivered',
  6: 'intermediate',
  7: 'unknown',
  8: 'undelivered',
};

/**
 * The meaning of a receipt. `stat` is asked first, because it is what operators document, then message_state.
 * @param receipt `stat` in upper case; `intermediate` where esm_class says so
 */
export function meaningOf(receipt: { stat?: string; messageState?: number; intermediate?: boolean }): ReceiptMeaning {
  const known =
    (receipt.stat === undefined ? undefined : BY_STAT.get(receipt.stat)) ??
    (receipt.messageState === undefined ? undefined : BY_MESSAGE_STATE[receipt.messageState]);
  const word = receipt.stat ?? nameOf(receipt.messageState);
  if (receipt.intermediate === true || known === 'intermediate') return { kind: 'intermediate', word };
  if (known !== undefined) return { kind: 'final', state: known };
  return { kind: 'unheard_of', word };
}

const NAMES: Readonly<Record<number, string>> = { 1: 'ENROUTE', 6: 'ACCEPTD' };

function nameOf(messageState: number | undefined): string {
  if (messageState === undefined) return 'none';
  return NAMES[messageState] ?? String(messageState);
}
