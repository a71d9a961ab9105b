/** A wait is known to within 2 %. */
const GROWTH = 1.02;
const LOG_GROWTH = Math.log(GROWTH);

/** Counts waits by their length, in buckets that grow with it: small however many there are, however long they last. */
export class WaitHistogram {
  readonly #counts = new Map<number, number>();
  #total = 0;

  add(waitMs: number): void {
    const bucket = Math.ceil(Math.log(Math.max(1, waitMs)) / LOG_GROWTH);
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + 1);
    this.#total += 1;
  }

  /** The wait in which `share` of them, 0 to 1, were over, milliseconds; undefined where there were none. */
  quantile(share: number): number | undefined {
    let left = Math.max(1, Math.ceil(share * this.#total));
    for (const [bucket, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return Math.round(GROWTH ** bucket);
    }
    return undefined;
  }

  clear(): void {
    this.#counts.clear();
    this.#total = 0;
  }
}
