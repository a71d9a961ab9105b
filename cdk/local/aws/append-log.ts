import { closeSync, createReadStream, openSync, writeSync } from 'node:fs';

/**
 * A file that only grows. A line that was appended survives the death of this process (not of the machine: no fsync), which is what
 * a local stack must survive. Writing is synchronous: a few microseconds into the page cache, and no order to get wrong.
 */
export class AppendLog {
  readonly #descriptor: number;
  #sizeBytes = 0;

  constructor(path: string, mode = 0o600) {
    this.#descriptor = openSync(path, 'a', mode);
  }

  /** Bytes appended by this process. */
  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  append(lines: string[]): void {
    if (lines.length === 0) return;
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    let written = 0;
    while (written < bytes.length) written += writeSync(this.#descriptor, bytes, written);
    this.#sizeBytes += bytes.length;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The lines of a file, one at a time. (node:readline would also split at U+2028, which JSON leaves as it is.) */
export async function* linesOf(path: string): AsyncGenerator<string> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let text: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    for (let end = text.indexOf(0x0a); end >= 0; end = text.indexOf(0x0a)) {
      yield text.toString('utf8', 0, end);
      text = text.subarray(end + 1);
    }
    rest = text;
  }
  if (rest.length > 0) yield rest.toString();
}
