/** Sequence numbers run from 1 to 0x7FFFFFFF (SMPP 3.4 section 5.1.4) and begin at 1 with each session. */
export const MAX_SEQUENCE = 0x7fffffff;

/** The number after `last`; the first one is after 0. */
export function nextSequence(last: number): number {
  return last >= MAX_SEQUENCE ? 1 : last + 1;
}
