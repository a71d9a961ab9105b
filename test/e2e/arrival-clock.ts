import { type Arrival, monotonicMs } from './rate.ts';

const TICK_MS = 1;

/**
 * Tells when something came that is read from a socket now, and how exactly that is known. A process has to wait for a processor
 * now and then, and it knows when it had to: between two ticks all sockets were looked at, so what is read now came after the
 * last tick but one. It does not keep the process alive.
 */
export class ArrivalClock {
  #lastButOneMs = monotonicMs();
  #lastMs = this.#lastButOneMs;

  constructor() {
    setInterval(() => {
      this.#lastButOneMs = this.#lastMs;
      this.#lastMs = monotonicMs();
    }, TICK_MS).unref();
  }

  now(): Arrival {
    return { notBeforeMs: this.#lastButOneMs, notAfterMs: monotonicMs() };
  }
}
