import type { Database, Operation } from './dynalite.ts';

interface Waiting {
  operations: Operation[];
  resolve: () => void;
  reject: (cause: unknown) => void;
}

/**
 * Writes to the database one batch at a time; what comes meanwhile goes together into the next. So writes become visible in the order
 * in which they were appended (a reader of a stream never meets number 5 before number 4), and many at once cost little more than one.
 */
export class GroupCommit {
  readonly #database: Database;
  #waiting: Waiting[] = [];
  #writing: Promise<void> | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Resolves when the operations are written, all or none. */
  append(operations: Operation[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ operations, resolve, reject });
    this.#writing ??= this.#write();
    return promise;
  }

  /** Resolves when nothing waits to be written. */
  async drained(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#waiting;
      this.#waiting = [];
      try {
        await this.#database.batch(group.flatMap(({ operations }) => operations));
        for (const { resolve } of group) resolve();
      } catch (cause) {
        for (const { reject } of group) reject(cause);
      }
    }
    this.#writing = undefined;
  }
}
