/** Monotonic time and timers, passed in so that tests can move time by numbers. */
export interface Clock {
  /** Milliseconds since an arbitrary moment, fractions included. Never goes back, whatever happens to the wall clock. */
  now(): number;
  /** Calls `fn` once, never before `delayMs` have passed on this clock. The returned function cancels. */
  setTimer(delayMs: number, fn: () => void): () => void;
}

/** setTimeout takes no more than this; what lies further off is waited for in parts. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;
/**
 * setTimeout knows whole milliseconds, and rounded up each submit would leave about one late. So the timer is set to end
 * early, and what is left after it is passed by turns of the event loop, which keeps reading and writing meanwhile.
 */
const LEFT_TO_TURNS_MS = 0.3;

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(delayMs, fn) {
    const dueAtMs = performance.now() + delayMs;
    let cancel: () => void;
    const wait = (): void => {
      const leftMs = dueAtMs - performance.now();
      if (leftMs > LEFT_TO_TURNS_MS) {
        const timer = setTimeout(goOn, Math.min(Math.max(1, Math.floor(leftMs)), LONGEST_TIMEOUT_MS));
        cancel = () => clearTimeout(timer);
      } else {
        const turn = setImmediate(goOn);
        cancel = () => clearImmediate(turn);
      }
    };
    const goOn = (): void => (performance.now() < dueAtMs ? wait() : fn());
    wait();
    return () => cancel();
  },
};

/** Resolves when so much time has passed. */
export async function passMs(ms: number, clock: Pick<Clock, 'setTimer'>): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.setTimer(ms, resolve);
  });
}

/**
 * A timer for judging what did not come in time. After a stall of our own an answer may lie in the socket, and timers come
 * first: it is read before `fn` is called. The returned function cancels, also in between.
 */
export function setDeadline(limitMs: number, clock: Pick<Clock, 'setTimer'>, fn: () => void): () => void {
  let turn: NodeJS.Immediate | undefined;
  const cancel = clock.setTimer(limitMs, () => {
    turn = setImmediate(fn);
  });
  return () => {
    cancel();
    clearImmediate(turn);
  };
}
