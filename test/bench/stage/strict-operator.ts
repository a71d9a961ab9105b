import { type Arrival, averageRate } from '../../e2e/rate.ts';

const SECOND_MS = 1_000;

/**
 * What an operator takes that takes `perSecond` in any 1.000 s, and does not count what it refuses. Wherever the time of an arrival is
 * in doubt, the client is given the benefit of it.
 */
function takenBy(arrivals: readonly Arrival[], perSecond: number): Arrival[] {
  const taken: Arrival[] = [];
  for (const arrival of arrivals) {
    const first = taken.at(-perSecond);
    if (first === undefined || arrival.notAfterMs - first.notBeforeMs >= SECOND_MS) taken.push(arrival);
  }
  return taken;
}

export function refusedPercent(arrivals: readonly Arrival[], perSecond: number): number {
  return 100 * (1 - takenBy(arrivals, perSecond).length / arrivals.length);
}

/** Part of the operator's rate, in percent, that it took between the first arrival and the last. */
export function utilisation(arrivals: readonly Arrival[], perSecond: number): number {
  return (100 * (averageRate(takenBy(arrivals, perSecond)) ?? 0)) / perSecond;
}
