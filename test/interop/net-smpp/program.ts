import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** One line that a program printed: what Net::SMPP made of a PDU, by its names. */
export type Told = Record<string, string | number>;

const PATIENCE_MS = 10_000;

/** A program on Net::SMPP, and everything that it has told so far. */
export class Program {
  readonly told: Told[] = [];
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  #complaints = '';
  #ended = false;
  #wake: () => void = () => {};

  constructor(script: 'message-centre.pl' | 'esme.pl', ...args: string[]) {
    this.#child = spawn('perl', [join(import.meta.dirname, script), ...args], { stdio: 'pipe' });
    createInterface(this.#child.stdout).on('line', (line) => {
      this.told.push(JSON.parse(line) as Told);
      this.#wake();
    });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#complaints += chunk.toString();
    });
    this.#child.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  command(line: 'enquire' | 'unbind'): void {
    this.#child.stdin.write(`${line}\n`);
  }

  /** The PDUs of one command_id, in order. */
  of(commandId: number): Told[] {
    return this.told.filter(({ cmd }) => Number(cmd) === commandId);
  }

  /** Waits until the program has told what makes `condition` true. */
  async until(what: string, condition: () => boolean): Promise<void> {
    const deadlineMs = performance.now() + PATIENCE_MS;
    while (!condition()) {
      const leftMs = deadlineMs - performance.now();
      if (this.#ended || leftMs <= 0) {
        throw new Error(`waited in vain for ${what}; told ${JSON.stringify(this.told)} and ${this.#complaints}`);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  async untilEnded(): Promise<void> {
    await this.until('the program to end', () => this.#ended);
  }

  end(): void {
    this.#child.kill();
  }
}
