/**
 * The first millisecond at which something holds, between an instant when it does not yet and a later one when it does. By
 * halving: it needs no rules of any time zone but the ones that the platform has.
 */
export function firstInstant(from: number, to: number, holds: (instant: number) => boolean): number {
  let [before, after] = [from, to];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
}
