const SECOND_MS = 1_000;

/**
 * Most moments in any 1.000 s; two that are exactly 1.000 s apart do not share one. Counted here and not taken from the
 * simulated operator, which enforces the same limit and so could hide its own mistake.
 * @param atMs in ascending order
 */
export function worstSecond(atMs: readonly number[]): number {
  let first = 0;
  let worst = 0;
  for (const [index, moment] of atMs.entries()) {
    while ((atMs[first] ?? moment) <= moment - SECOND_MS) first += 1;
    worst = Math.max(worst, index - first + 1);
  }
  return worst;
}

/** Every second that holds more than `limit` moments, by its gaps in milliseconds: what went wrong, for a failed test. */
export function overRate(atMs: readonly number[], limit: number): string[] {
  return atMs.flatMap((moment, index) => {
    const first = atMs[index - limit];
    if (first === undefined || moment - first >= SECOND_MS) return [];
    const window = atMs.slice(index - limit, index + 1);
    const gaps = window.slice(1).map((at, before) => (at - (window[before] ?? at)).toFixed(1));
    return [`${limit + 1} in ${(moment - first).toFixed(1)} ms, from number ${index - limit + 1}: ${gaps.join(' ')}`];
  });
}

/** Moments a second between the first and the last; undefined for fewer than two. */
export function averageRate(atMs: readonly number[]): number | undefined {
  const [first, last] = [atMs.at(0), atMs.at(-1)];
  if (first === undefined || last === undefined || last <= first) return undefined;
  return ((atMs.length - 1) * SECOND_MS) / (last - first);
}
