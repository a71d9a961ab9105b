/** The limit of a stage of API Gateway: a bucket of `burst` requests, refilled at `requestsPerSecond`. */
export class Throttle {
  readonly #requestsPerSecond: number;
  readonly #burst: number;
  #left: number;
  #countedAtMs = 0;

  constructor({ requestsPerSecond, burst }: { requestsPerSecond: number; burst: number }) {
    this.#requestsPerSecond = requestsPerSecond;
    this.#burst = burst;
    this.#left = burst;
  }

  /** Whether a request is let in. @param nowMs of any clock that goes forward */
  admits(nowMs: number): boolean {
    const refilled = ((nowMs - this.#countedAtMs) / 1_000) * this.#requestsPerSecond;
    this.#left = Math.min(this.#burst, this.#left + refilled);
    this.#countedAtMs = nowMs;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
