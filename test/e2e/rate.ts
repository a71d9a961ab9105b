const SECOND_MS = 1_000;

/** A clock that all processes of this machine share, unlike performance.now. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** When something came, as exactly as it could be measured: milliseconds of `monotonicMs`. */
export interface Arrival {
  notBeforeMs: number;
  notAfterMs: number;
}

/** Whether all from `first` to `last` certainly came within less than 1.000 s. */
function withinSecond(first: Arrival | undefined, last: Arrival): boolean {
  return first !== undefined && last.notAfterMs - first.notBeforeMs < SECOND_MS;
}

/**
 * Most arrivals in any 1.000 s, as far as that is certain. Counted here and not taken from the simulated operator, which enforces
 * a limit itself and so could hide its own mistake.
 * @param arrivals in order
 */
export function worstSecond(arrivals: readonly Arrival[]): number {
  let first = 0;
  let worst = 0;
  for (const [index, arrival] of arrivals.entries()) {
    while (first < index && !withinSecond(arrivals[first], arrival)) first += 1;
    worst = Math.max(worst, index - first + 1);
  }
  return worst;
}

/** Every second that certainly held more than `limit`, with the gaps in milliseconds: what went wrong, for a failed test. */
export function overRate(arrivals: readonly Arrival[], limit: number): string[] {
  return arrivals.flatMap((arrival, index) => {
    const first = arrivals[index - limit];
    if (first === undefined || !withinSecond(first, arrival)) return [];
    const window = arrivals.slice(index - limit, index + 1).map(({ notAfterMs }) => notAfterMs);
    const gaps = window.slice(1).map((at, before) => (at - (window[before] ?? at)).toFixed(1));
    const tookMs = (arrival.notAfterMs - first.notBeforeMs).toFixed(1);
    return [`${limit + 1} in ${tookMs} ms at most, from number ${index - limit + 1}: ${gaps.join(' ')}`];
  });
}

/** Arrivals a second between the first and the last; undefined for fewer than two. */
export function averageRate(arrivals: readonly Arrival[]): number | undefined {
  const [first, last] = [arrivals.at(0)?.notAfterMs, arrivals.at(-1)?.notAfterMs];
  if (first === undefined || last === undefined || last <= first) return undefined;
  return ((arrivals.length - 1) * SECOND_MS) / (last - first);
}
