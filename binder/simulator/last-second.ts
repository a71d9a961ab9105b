/** Length of the window that an operator counts in. */
const WINDOW_MS = 1000;

/** Which moments lie in the last 1.000 s. Two moments exactly 1.000 s apart are not in one window. */
export class LastSecond {
  #moments: number[] = [];
  /** Where the window begins in `#moments`; what is before it is swept out now and then. */
  #first = 0;

  add(nowMs: number): void {
    this.#moments.push(nowMs);
  }

  count(nowMs: number): number {
    while ((this.#moments[this.#first] ?? Number.POSITIVE_INFINITY) <= nowMs - WINDOW_MS) this.#first += 1;
    if (this.#first > 1000 && this.#first * 2 > this.#moments.length) {
      this.#moments = this.#moments.slice(this.#first);
      this.#first = 0;
    }
    return this.#moments.length - this.#first;
  }
}
