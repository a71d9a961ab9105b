import { type Clock, setDeadline } from '../session/clock.ts';

/** A call took longer than it may. What becomes of it is not known. */
export class OverdueError extends Error {
  readonly code = 'call_overdue';
}

/**
 * Gives a call up after `limitMs` on the clock that is passed in, whatever the call itself makes of the signal: a store
 * that hangs must count like one that fails.
 * @throws OverdueError
 */
export async function withinMs<T>(
  limitMs: number,
  clock: Clock,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const overdue = Promise.withResolvers<never>();
  const abort = new AbortController();
  const cancel = setDeadline(limitMs, clock, () => {
    overdue.reject(new OverdueError(`no answer within ${Math.round(limitMs)} ms`));
    abort.abort();
  });
  try {
    return await Promise.race([call(abort.signal), overdue.promise]);
  } finally {
    cancel();
  }
}
