import { accessSync, constants, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { CliError } from '../failure.ts';

/** A row that was refused: its place in the chunk from 0, the code, and why. */
export type Refusal = [index: number, code: string, why: string];

/** What became of a chunk. */
export interface SentChunk {
  batch_id: string;
  accepted: number;
  segments: number;
  refused: Refusal[];
  sent_at: string;
}

/**
 * What of a file has been sent, in a file beside it, by idempotency key. The API knows a key for 24 hours; this knows it for as
 * long as the file is there. It holds no number and no text.
 */
export class Journal {
  readonly path: string;
  readonly #chunks: Record<string, SentChunk>;

  private constructor(path: string, chunks: Record<string, SentChunk>) {
    this.path = path;
    this.#chunks = chunks;
  }

  /** @throws CliError where what is there is no journal, or none can be kept: better nothing is sent than everything twice */
  static open(path: string): Journal {
    requireFolder(dirname(path));
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return new Journal(path, {});
      throw fault;
    }
    try {
      return new Journal(path, (JSON.parse(text) as { chunks: Record<string, SentChunk> }).chunks);
    } catch {
      throw new CliError('journal_broken', `${path} cannot be read, so nobody knows what was sent`, {
        next: 'Look with `npm run cli -- batch list`, and move the file away when you are sure.',
      });
    }
  }

  find(idempotencyKey: string): SentChunk | undefined {
    return Object.hasOwn(this.#chunks, idempotencyKey) ? this.#chunks[idempotencyKey] : undefined;
  }

  add(idempotencyKey: string, chunk: SentChunk): void {
    this.#chunks[idempotencyKey] = chunk;
    const whole = `${this.path}.${process.pid}`;
    writeFileSync(whole, `${JSON.stringify({ chunks: this.#chunks }, undefined, 1)}\n`);
    renameSync(whole, this.path);
  }
}

function requireFolder(folder: string): void {
  try {
    accessSync(folder, constants.W_OK);
  } catch {
    throw new CliError('journal_unwritable', `what is sent cannot be written down: ${folder} takes no files`, {
      next: 'Copy the file to a folder of yours and send it from there.',
    });
  }
}
