import type { Account } from '../config/account.ts';

/** How an account's message-centre ids relate between submit_sm_resp and receipts. */
export type IdMatching = Account['messageIds'];

/** A relation that can be found out by looking at ids. */
export type IdRelation = Exclude<IdMatching, 'exact' | 'match_any'>;

/** Which half of a pair an id was read from. */
export type Half = 'segment' | 'receipt';

/** Where the other half may stand, and what that would say of the account's ids. */
export interface CandidateId {
  /** In canonical form. */
  id: string;
  relation: IdRelation;
}

/** message_id has at most 64 octets and a NUL (SMPP 3.4 section 5.2.23); what is longer is no number of any message centre. */
const MAX_DIGITS = 64;

/**
 * The form of a message centre's id under which rows of the Receipts table are stored. Whoever stores or looks up uses it. It
 * keeps the notation, so that rows are found after the account's relation is learnt or configured anew.
 */
export function canonicalMcMessageId(mcMessageId: string, matching: IdMatching): string {
  if (matching === 'exact') return mcMessageId;
  const id = mcMessageId.trim().toLowerCase();
  // Only a number may lose leading zeros: in any other id they are characters like all others.
  const digits = /^(?:0x)?0*([0-9a-f]+)$/.exec(id)?.[1];
  return digits ?? id;
}

/**
 * Canonical forms under which the other half of a pair may stand, the id's own form first, then the likeliest; none where the
 * id cannot be one of its half. The relation goes both ways: a submitted segment finds its receipt by it, and a receipt its
 * segment. BigInt, since ids of 64 bits and more are usual and a float would join neighbours.
 */
export function candidateIds(canonicalId: string, half: Half, matching: IdMatching): CandidateId[] {
  const own: CandidateId = { id: canonicalId, relation: 'same_number' };
  if (matching === 'exact' || matching === 'same_number') return [own];
  // A UUID or a word has no other notation.
  if (canonicalId.length > MAX_DIGITS || !/^[0-9a-f]+$/.test(canonicalId)) return [own];
  const crossed = CROSSED.flatMap((relation) => {
    const id = inOtherNotation(canonicalId, half, relation);
    return id === undefined ? [] : [{ id, relation }];
  });
  if (matching !== 'match_any') return crossed.filter(({ relation }) => relation === matching);
  return [own, ...crossed.filter(({ id }) => id !== canonicalId && mayBeOneNumber(id, canonicalId))];
}

const CROSSED = ['hexadecimal_answer', 'decimal_answer'] as const;

function inOtherNotation(id: string, half: Half, relation: (typeof CROSSED)[number]): string | undefined {
  const isHexadecimal = (half === 'segment') === (relation === 'hexadecimal_answer');
  if (isHexadecimal) return BigInt(`0x${id}`).toString(10);
  return /^[0-9]+$/.test(id) ? BigInt(id).toString(16) : undefined;
}

/** Fewer digits than this and counting message centres come by both readings of one id within a day. */
const LEAST_AMBIGUOUS_DIGITS = 8;

/** Whether two notations may be one id: hex that has a letter can be nothing else, but a short `16` is rather 16 than 0x10. */
function mayBeOneNumber(one: string, other: string): boolean {
  const hasLetter = /[a-f]/.test(one) || /[a-f]/.test(other);
  return hasLetter || Math.max(one.length, other.length) >= LEAST_AMBIGUOUS_DIGITS;
}
