/** Each is a name in an update expression, which may have 4 KB. */
const MOST_AT_ONCE = 40;
const MOST_KEPT = 1_000;

/** Marks that the next write to their item takes away; what is forgotten here is found later by others. */
export class OpenCounts {
  readonly #names = new Map<string, Set<string>>();
  #kept = 0;

  add(place: string, name: string): void {
    if (this.#names.get(place)?.has(name)) return;
    if (this.#kept >= MOST_KEPT) this.#forget();
    const names = this.#names.get(place) ?? new Set();
    this.#names.set(place, names.add(name));
    this.#kept += 1;
  }

  /** Takes some of a place's names out. */
  take(place: string): string[] {
    const names = this.#names.get(place);
    if (names === undefined) return [];
    const taken = [...names].slice(0, MOST_AT_ONCE);
    for (const name of taken) names.delete(name);
    if (names.size === 0) this.#names.delete(place);
    this.#kept -= taken.length;
    return taken;
  }

  #forget(): void {
    this.#names.clear();
    this.#kept = 0;
  }
}
