import type { Log } from '../../shared/log/log.ts';
import { type Clock, passMs } from '../session/clock.ts';
import { withinMs } from './time-limit.ts';

const PAUSE_MS = 200;

export interface ReleaseOptions {
  /** When the lease ends by itself, monotonic milliseconds. */
  endsAtMs: number;
  /** Longest wait for one call. */
  callMs: number;
  clock: Clock;
  log: Log;
}

/**
 * Repeats the release of a lease until the store takes it or the lease ends by itself: till then nobody who stands by may
 * take the account, and one failed call is no reason to let it wait for seconds.
 * @returns whether it was released; false also where it is no longer the caller's
 */
export async function untilReleased(
  release: (signal: AbortSignal) => Promise<boolean>,
  { endsAtMs, callMs, clock, log }: ReleaseOptions,
): Promise<boolean> {
  for (;;) {
    try {
      return await withinMs(Math.max(1, Math.min(callMs, endsAtMs - clock.now())), clock, release);
    } catch (error) {
      const isOver = clock.now() + PAUSE_MS >= endsAtMs;
      log.warn(isOver ? 'lease not released; it ends by itself' : 'lease not released, trying again', { error });
      if (isOver) return false;
    }
    await passMs(PAUSE_MS, clock);
  }
}
