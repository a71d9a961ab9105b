import type { PostOutcome } from './post.ts';
import type { Moment } from './schedule.ts';

const SECOND = 1_000;
const FIRST_PAUSE_MS = 5 * SECOND;
const LONGEST_PAUSE_MS = 600 * SECOND;
/** What an endpoint may ask for. */
const LONGEST_RETRY_AFTER_MS = 3_600 * SECOND;
/** Answers of something that is overloaded, or stands before something that is. */
const SLOWING: ReadonlySet<number> = new Set([429, 502, 504]);

/** What an attempt says of its endpoint. */
export type Verdict =
  | { kind: 'delivered' }
  /** 410: it wants nothing any more. */
  | { kind: 'gone' }
  /** This delivery failed; others need not. */
  | { kind: 'failed' }
  /** It is slow, overloaded or away: nothing else should be sent to it meanwhile. */
  | { kind: 'slow'; pauseMs: number };

/** @param pauses how often it was paused since anything got through */
export function verdictOf(outcome: PostOutcome, { pauses, ...moment }: Moment & { pauses: number }): Verdict {
  if (outcome.kind !== 'answered') return { kind: 'slow', pauseMs: ownPause(pauses, moment) };
  const { httpStatus, retryAfter } = outcome;
  if (httpStatus >= 200 && httpStatus < 300) return { kind: 'delivered' };
  if (httpStatus === 410) return { kind: 'gone' };
  const asked = retryAfter === undefined ? undefined : retryAfterMs(retryAfter, moment.now);
  if (asked !== undefined) return { kind: 'slow', pauseMs: asked };
  return SLOWING.has(httpStatus) ? { kind: 'slow', pauseMs: ownPause(pauses, moment) } : { kind: 'failed' };
}

/** Doubles with each pause; a fifth of it is chance. */
function ownPause(pauses: number, { random, timeFactor }: Moment): number {
  const whole = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** pauses);
  return Math.round((whole * (0.8 + 0.2 * random)) / timeFactor);
}

/** RFC 9110 section 10.2.3: seconds, or a date, which begins with a weekday. undefined where it is neither. */
function retryAfterMs(written: string, now: number): number | undefined {
  const asked = written.trim();
  const ms = /^\d+$/.test(asked) ? Number(asked) * SECOND : /^[a-z]{3}/i.test(asked) ? Date.parse(asked) - now : NaN;
  return Number.isNaN(ms) ? undefined : Math.min(LONGEST_RETRY_AFTER_MS, Math.max(0, ms));
}
