import type { Log } from '../../shared/log/log.ts';
import type { Clock } from '../session/clock.ts';

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;
/** The SDK has been seen to throw such errors on an answer that was cut short, which passes. */
const MOST_LASTING_FAULTS = 3;

export interface PersistContext {
  clock: Clock;
  log: Log;
  /** Aborted when the lease is gone: then nothing is written any more, the next owner decides. */
  gone: AbortSignal;
}

/** Thrown where a write was given up because this process no longer owns the account. */
export class LeaseGoneError extends Error {
  readonly code = 'lease_gone';
}

/**
 * Repeats a write until it succeeds: what the message centre accepted must be recorded, whatever the table does.
 * @throws LeaseGoneError
 * @throws what the write throws, where that is no fault of the table: nothing would ever come of it
 */
export async function untilStored<T>(write: () => Promise<T>, { clock, log, gone }: PersistContext): Promise<T> {
  let lasting = 0;
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(LONGEST_RETRY_MS, waitMs * 2)) {
    if (gone.aborted) throw new LeaseGoneError('no longer the owner of the account');
    try {
      return await write();
    } catch (error) {
      if (isLasting(error)) lasting += 1;
      if (lasting === MOST_LASTING_FAULTS) throw error;
      log.warn('table not written, trying again', { error, retryInMs: waitMs });
    }
    await pause(waitMs, { clock, gone });
  }
}

/** A stored item that is not as it should be, or a request that the table will never take. */
function isLasting(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  return error instanceof Error && error.name === 'ValidationException';
}

async function pause(waitMs: number, { clock, gone }: Pick<PersistContext, 'clock' | 'gone'>): Promise<void> {
  await new Promise<void>((resolve) => {
    const end = (): void => {
      cancel();
      gone.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.setTimer(waitMs, end);
    gone.addEventListener('abort', end);
  });
}
