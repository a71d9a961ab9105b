/** Undoes what was begun, latest first. */
export class Undo {
  readonly #steps: (() => Promise<void> | void | undefined)[] = [];
  #done: Promise<void> | undefined;

  add(step: () => Promise<void> | void | undefined): void {
    this.#steps.push(step);
  }

  run(): Promise<void> {
    this.#done ??= this.#runAll();
    return this.#done;
  }

  async #runAll(): Promise<void> {
    for (const step of this.#steps.toReversed()) await step();
  }
}
