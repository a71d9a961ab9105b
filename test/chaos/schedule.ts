import { seededRandom } from '../../binder/simulator/random.ts';
import { FAULT_NAMES, type FaultName, isInstant, TRACKS, type Track, trackOf } from './faults.ts';

/** One fault of the schedule. Times in milliseconds from the beginning of the faults. */
export interface Act {
  fault: FaultName;
  atMs: number;
  /** 0 for what happens at a moment. */
  durationMs: number;
  /** How bad, or which one: 0 to 1, 1 excluded. */
  strength: number;
}

interface Tempo {
  /** From the begin of one act to that of the next. */
  gapMs: readonly [number, number];
  durationMs: readonly [number, number];
}

const TEMPOS: Readonly<Record<Track, Tempo>> = {
  // A lease that a killed binder leaves behind lasts ten seconds: a faster pace would leave nobody bound.
  binder: { gapMs: [10_000, 20_000], durationMs: [0, 0] },
  operator: { gapMs: [2_500, 5_000], durationMs: [1_000, 5_000] },
  receipts: { gapMs: [4_000, 8_000], durationMs: [2_000, 6_000] },
  aws: { gapMs: [3_500, 7_000], durationMs: [1_500, 6_000] },
};
const CALM_FIRST_MS = 2_000;

/** What happens when: the same for the same seed, length and choice of faults. */
export function scheduleOf(options: {
  seed: number;
  durationMs: number;
  faults?: readonly FaultName[] | undefined;
}): Act[] {
  const { seed, durationMs, faults = FAULT_NAMES } = options;
  const acts = TRACKS.flatMap((track, index) => {
    const own = faults.filter((fault) => trackOf(fault) === track);
    // Each track has numbers of its own: narrowing the faults of one leaves the others as they are.
    return own.length === 0
      ? []
      : trackActs(TEMPOS[track], own, { random: seededRandom(seed * 8 + index), durationMs });
  });
  return acts.sort((one, other) => one.atMs - other.atMs);
}

function trackActs(
  { gapMs, durationMs: range }: Tempo,
  faults: readonly FaultName[],
  { random, durationMs }: { random: () => number; durationMs: number },
): Act[] {
  const between = ([least, most]: readonly [number, number]) => Math.round(least + random() * (most - least));
  const deal = dealer(faults, random);
  const acts: Act[] = [];
  for (let atMs = CALM_FIRST_MS + between([0, gapMs[0] / 2]); atMs < durationMs; atMs += between(gapMs)) {
    const fault = deal();
    const lasts = isInstant(fault) ? 0 : Math.min(between(range), durationMs - atMs);
    acts.push({ fault, atMs, durationMs: lasts, strength: random() });
  }
  return acts;
}

/** Deals from a shuffled pack that is used up before it is shuffled again: all faults come equally often. */
function dealer<T>(cards: readonly T[], random: () => number): () => T {
  let pack: T[] = [];
  return () => {
    if (pack.length === 0) pack = [...cards];
    const [card] = pack.splice(Math.floor(random() * pack.length), 1);
    if (card === undefined) throw new RangeError('there is nothing to deal');
    return card;
  };
}
