import { closeSync, mkdirSync, openSync, renameSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const ROTATE_AT_OCTETS = 20 * 1024 * 1024;

/** One file of lines for each program, in one folder. Lines are written as they come, so that the last ones before a crash are there. */
export class LogFiles {
  readonly folder: string;
  readonly #files = new Map<string, number>();
  #closed = false;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  path(program: string): string {
    return join(this.folder, `${program.replaceAll(/[^\w.-]/g, '_')}.log`);
  }

  write(program: string, line: string): void {
    // The last words of a program that is ended together with the stack.
    if (this.#closed) return;
    let file = this.#files.get(program);
    if (file === undefined) {
      file = this.#open(this.path(program));
      this.#files.set(program, file);
    }
    writeSync(file, `${line}\n`);
  }

  close(): void {
    this.#closed = true;
    for (const file of this.#files.values()) closeSync(file);
    this.#files.clear();
  }

  /** A file that has grown large is put aside once; the one put aside before it is dropped. */
  #open(path: string): number {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > ROTATE_AT_OCTETS) renameSync(path, `${path}.1`);
    return openSync(path, 'a');
  }
}
