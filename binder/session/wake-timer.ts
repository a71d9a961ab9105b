import type { Clock } from './clock.ts';

/** One timer that follows a deadline. */
export class WakeTimer {
  readonly #clock: Clock;
  readonly #wake: () => void;
  #armed: { atMs: number; cancel: () => void } | undefined;

  constructor(clock: Clock, wake: () => void) {
    this.#clock = clock;
    this.#wake = wake;
  }

  /** Wakes at `atMs` or before: waking early does no harm, so a deadline that only moves on costs no new timer. */
  follow(atMs: number | undefined): void {
    if (atMs !== undefined && this.#armed !== undefined && this.#armed.atMs <= atMs) return;
    this.#armed?.cancel();
    this.#armed = undefined;
    if (atMs === undefined) return;
    const cancel = this.#clock.setTimer(Math.max(0, atMs - this.#clock.now()), () => {
      this.#armed = undefined;
      // After a stall of our own the answers lie in the socket, and timers come first: let it be read before judging.
      setImmediate(this.#wake);
    });
    this.#armed = { atMs, cancel };
  }
}
