import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';

const PATIENCE_MS = 15_000;

/** What passes a TCP port of the loopback, caught by Wireshark's own program. */
export class Capture {
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #chunks: Buffer[] = [];
  #said = '';

  private constructor(port: number) {
    const args = ['-q', '-i', 'lo', '-f', `tcp port ${port}`, '-w', '-'];
    this.#child = spawn('dumpcap', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout.on('data', (chunk: Buffer) => this.#chunks.push(chunk));
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.#said += chunk.toString();
    });
  }

  /** Settles when nothing that is sent from now on can be missed. */
  static async start(port: number): Promise<Capture> {
    const capture = new Capture(port);
    // It names its file after it has opened the interface and set the filter.
    await capture.#until('the beginning of the capture', capture.#child.stderr, () => capture.#said.includes('File: '));
    return capture;
  }

  /** Waits for these octets, in one TCP segment, ends, and returns everything that was caught, in pcapng. */
  async endWith(octets: Buffer): Promise<Buffer> {
    await this.#until('the last PDU', this.#child.stdout, () => Buffer.concat(this.#chunks).includes(octets));
    const closed = once(this.#child, 'close');
    this.#child.kill('SIGINT');
    await closed;
    return Buffer.concat(this.#chunks);
  }

  abort(): void {
    this.#child.kill();
  }

  async #until(what: string, stream: Readable, condition: () => boolean): Promise<void> {
    const ended = new AbortController();
    const signal = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ended.signal]);
    this.#child.once('error', () => ended.abort());
    this.#child.once('close', () => ended.abort());
    while (!condition()) {
      await once(stream, 'data', { signal }).catch(() => {
        throw new Error(`waited in vain for ${what}; dumpcap said: ${this.#said}`);
      });
    }
  }
}
