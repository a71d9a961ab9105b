/** How far a stream has been done when several batches are under way: everything before the oldest that is not. */
export class StreamProgress {
  /** In order of the stream; done ones at the front are dropped. */
  readonly #open: string[];
  readonly #done = new Set<string>();

  /** @param sequenceNumbers of the records, in order */
  constructor(sequenceNumbers: readonly string[]) {
    this.#open = [...sequenceNumbers];
  }

  /** Marks records as done; answers the sequence number up to which all are, if that has moved. */
  finish(sequenceNumbers: readonly string[]): string | undefined {
    for (const sequenceNumber of sequenceNumbers) this.#done.add(sequenceNumber);
    let last: string | undefined;
    while (this.#open[0] !== undefined && this.#done.has(this.#open[0])) last = this.#open.shift();
    return last;
  }
}
