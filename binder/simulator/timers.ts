import type { Clock } from '../session/clock.ts';

/** Timers of one owner, all of which end with it. */
export class Timers {
  readonly #clock: Clock;
  readonly #cancels = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Runs `action` once; the returned function cancels it. */
  after(delayMs: number, action: () => void): () => void {
    const cancelTimer = this.#clock.setTimer(delayMs, () => {
      this.#cancels.delete(cancel);
      action();
    });
    const cancel = (): void => {
      this.#cancels.delete(cancel);
      cancelTimer();
    };
    this.#cancels.add(cancel);
    return cancel;
  }

  cancelAll(): void {
    for (const cancel of this.#cancels) cancel();
  }
}
