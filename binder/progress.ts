import type { Account } from '../shared/config/account.ts';
import type { SessionStatus } from './session/link-status.ts';

/** How far the parts of one account in this process have come. Ages in milliseconds. */
export interface Progress {
  /** Since the lease was last looked at or renewed, well or badly. */
  leaseIdleMs: number;
  /** Of the owner only. */
  term?: {
    state: SessionStatus['state'];
    sinceMs: number;
    retryInMs: number | undefined;
    /** For how long segments have been ready without a turn. */
    overdueMs: number;
  };
}

/** For what may hold things up without anything being stuck: a busy machine, a store that answers at the last moment. */
const GRACE_MS = 30_000;
/** Longest draining, unbinding and recording at the end of a term. */
const LONGEST_END_MS = 60_000;

/**
 * What makes no progress although only this process could make it: a lease that is not looked at, a session that stays in a
 * state that must end by itself, segments whose turn never comes. What the operator or a store does not do is none of it: a
 * new process would meet the same.
 */
export function stalledParts(progress: Progress, timers: Account['timers']): string[] {
  const { leaseIdleMs, term } = progress;
  const stalled = leaseIdleMs > GRACE_MS ? ['lease'] : [];
  if (term === undefined) return stalled;
  const { state, sinceMs, overdueMs } = term;
  if (sinceMs > longestMs(term, timers) + GRACE_MS) stalled.push(`session ${state}`);
  if (overdueMs > GRACE_MS) stalled.push('turn');
  return stalled;
}

/** After which a state has ended by itself. */
function longestMs(
  { state, retryInMs }: Pick<NonNullable<Progress['term']>, 'state' | 'retryInMs'>,
  timers: Account['timers'],
): number {
  switch (state) {
    case 'bound':
      // Its own timers watch over it.
      return Number.POSITIVE_INFINITY;
    case 'connecting':
      // The credentials have as long as the connection.
      return 2 * timers.connectMs;
    case 'binding':
      return timers.bindMs;
    case 'waiting':
      return retryInMs ?? 0;
    case 'unbinding':
    case 'closed':
      return LONGEST_END_MS;
  }
}
