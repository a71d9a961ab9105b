import type { Account } from '../config/account.ts';

/** How an account's message-centre ids relate between submit_sm_resp and receipts. */
export type IdMatching = Account['messageIds'];

/** message_id has at most 64 octets and a NUL (SMPP 3.4 section 5.2.23); what is longer is no number of any message centre. */
const MAX_DIGITS = 64;

/**
 * The form of a message centre's id under which rows of the Receipts table are stored. Whoever stores or looks up uses it.
 * With `match_any`, differences of case, padding and a 0x prefix vanish here; hex against decimal takes {@link candidateIds}.
 */
export function canonicalMcMessageId(mcMessageId: string, matching: IdMatching): string {
  if (matching === 'exact') return mcMessageId;
  const id = mcMessageId.trim().toLowerCase();
  // Only a number may lose leading zeros: in any other id they are characters like all others.
  const digits = /^(?:0x)?0*([0-9a-f]+)$/.exec(id)?.[1];
  return digits ?? id;
}

/**
 * Canonical forms under which the other half of a pair may stand, the id's own form first, then the likeliest. The relation
 * goes both ways: a submitted segment finds its receipt by it, and a receipt its segment. BigInt, since ids of 64 bits and
 * more are usual and a float would join neighbours.
 */
export function candidateIds(canonicalId: string, matching: IdMatching): string[] {
  if (matching === 'exact' || canonicalId.length > MAX_DIGITS) return [canonicalId];
  const candidates = [canonicalId];
  if (/^[0-9]+$/.test(canonicalId)) {
    const hex = BigInt(canonicalId).toString(16);
    if (mayBeOneNumber({ hex, decimal: canonicalId })) candidates.push(hex);
  }
  if (/^[0-9a-f]+$/.test(canonicalId)) {
    const decimal = BigInt(`0x${canonicalId}`).toString(10);
    if (mayBeOneNumber({ hex: canonicalId, decimal })) candidates.push(decimal);
  }
  return [...new Set(candidates)];
}

/** Fewer digits than this and counting message centres come by both readings of one id within a day. */
const LEAST_AMBIGUOUS_DIGITS = 8;

/** Whether two notations may be one id: hex that has a letter can be nothing else, but a short `16` is rather 16 than 0x10. */
function mayBeOneNumber({ hex, decimal }: { hex: string; decimal: string }): boolean {
  return /[a-f]/.test(hex) || decimal.length >= LEAST_AMBIGUOUS_DIGITS;
}
