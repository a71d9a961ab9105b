import type { Lane } from '../../shared/config/account.ts';
import { segmentText } from '../../shared/encoding/segment.ts';

/** What the operator does about a number, once it has taken all of its message. */
export const VERDICTS = ['delivered', 'undelivered', 'expired', 'unknown', 'refused'] as const;
export type Verdict = (typeof VERDICTS)[number];

export interface ChaosMessage {
  /** E.164; no two messages of a run have the same. */
  to: string;
  from: string;
  text: string;
  lane: Lane;
  verdict: Verdict;
  segments: number;
}

/** In every text, and in nothing else: where a log holds it, the log holds a text. */
export const TEXT_MARK = 'Kumusta-po';

const LANE_SHARES: readonly [Lane, number][] = [
  ['otp', 0.25],
  ['transactional', 0.75],
  ['bulk', 1],
];
const VERDICT_SHARES: readonly [Verdict, number][] = [
  ['undelivered', 0.04],
  ['expired', 0.07],
  ['unknown', 0.09],
  ['refused', 0.11],
  ['delivered', 1],
];
/** Lengths in characters, in the GSM alphabet and outside of it: 1 to 4 segments. */
const LENGTHS: readonly [{ characters: number; ucs2: boolean }, number][] = [
  [{ characters: 60, ucs2: false }, 0.45],
  [{ characters: 160, ucs2: false }, 0.6],
  [{ characters: 60, ucs2: true }, 0.75],
  [{ characters: 120, ucs2: true }, 0.85],
  [{ characters: 300, ucs2: false }, 0.95],
  [{ characters: 250, ucs2: true }, 1],
];
/** No prefix is reserved for tests; those of the fixtures have 555 behind theirs, and so have these. */
const NUMBERS_PER_PREFIX = 10_000;

function drawn<T>(shares: readonly (readonly [T, number])[], random: number): T {
  const found = shares.find(([, upTo]) => random < upTo) ?? shares.at(-1);
  if (found === undefined) throw new RangeError('nothing to draw from');
  return found[0];
}

/** Message number `serial` of a run, from 0. */
export function messageOf(serial: number, random: () => number): ChaosMessage {
  const prefix = 917 + Math.floor(serial / NUMBERS_PER_PREFIX);
  const { characters, ucs2 } = drawn(LENGTHS, random());
  const text = textOf(serial, characters, ucs2);
  const segmented = segmentText({ text, encoding: 'auto' });
  return {
    to: `+63${prefix}555${String(serial % NUMBERS_PER_PREFIX).padStart(4, '0')}`,
    from: 'Bindery',
    text,
    lane: drawn(LANE_SHARES, random()),
    verdict: drawn(VERDICT_SHARES, random()),
    segments: segmented.kind === 'ok' ? segmented.segments.length : 0,
  };
}

function textOf(serial: number, characters: number, ucs2: boolean): string {
  const start = `${TEXT_MARK} ${serial}: ${ucs2 ? 'Salamat 🙏 ' : 'Salamat '}`;
  // Words that differ along the text, so that segments of one message differ.
  const words = Array.from({ length: characters }, (_, index) => `${index}${ucs2 ? 'ñ–' : 'ñ '}`).join('');
  return start + words.slice(0, Math.max(0, characters - start.length));
}
