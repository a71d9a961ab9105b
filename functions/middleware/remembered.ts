/** Values that are good for a while, at most so many of them; the oldest go first. */
export class Remembered<T> {
  readonly #values = new Map<string, { value: T; since: number }>();
  readonly #most: number;
  readonly #forMs: number;
  readonly #now: () => number;

  constructor({ most, forMs, now }: { most: number; forMs: number; now: () => number }) {
    this.#most = most;
    this.#forMs = forMs;
    this.#now = now;
  }

  get(name: string): T | undefined {
    const found = this.#values.get(name);
    if (found === undefined) return undefined;
    if (this.#now() - found.since < this.#forMs) return found.value;
    this.#values.delete(name);
    return undefined;
  }

  set(name: string, value: T): void {
    this.#values.delete(name);
    const oldest = this.#values.keys().next();
    if (this.#values.size >= this.#most && !oldest.done) this.#values.delete(oldest.value);
    this.#values.set(name, { value, since: this.#now() });
  }
}
