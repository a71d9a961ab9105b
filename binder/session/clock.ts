/** Monotonic time and timers, passed in so that tests can move time by numbers. */
export interface Clock {
  /** Milliseconds since an arbitrary moment, fractions included. Never goes back, whatever happens to the wall clock. */
  now(): number;
  /** Calls `fn` once, never before `delayMs` have passed on this clock. The returned function cancels. */
  setTimer(delayMs: number, fn: () => void): () => void;
}

/** setTimeout takes no more than this; what lies further off is waited for in parts. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  setTimer(delayMs, fn) {
    const dueAtMs = performance.now() + delayMs;
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const leftMs = Math.max(0, Math.ceil(dueAtMs - performance.now()));
      timer = setTimeout(fire, Math.min(leftMs, LONGEST_TIMEOUT_MS));
    };
    // setTimeout counts from the start of the event loop's turn and so fires up to 1 ms early.
    const fire = (): void => (performance.now() < dueAtMs ? arm() : fn());
    arm();
    return () => clearTimeout(timer);
  },
};
