import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Arrival } from './rate.ts';
import { until } from './until.ts';
import type { TapReport } from './wire-tap-process.ts';

const PROGRAM = join(import.meta.dirname, 'wire-tap-process.ts');
const ANSWER_TIMEOUT_MS = 10_000;

/** Measures on the wire to an operator when each submit_sm comes. Binders connect to its port instead of his. */
export class WireTap {
  readonly #child: ChildProcess;
  #port: number | undefined;
  #arrivals: Arrival[] | undefined;

  constructor(operator: { host: string; port: number }) {
    this.#child = fork(PROGRAM, [operator.host, String(operator.port)], { execArgv: [] });
    this.#child.on('message', (report: TapReport) => {
      if (report.kind === 'listening') this.#port = report.port;
      else this.#arrivals = report.arrivals;
    });
  }

  /** Where binders connect to. */
  async url(): Promise<string> {
    return `smpp://127.0.0.1:${await until('the tap to listen', ANSWER_TIMEOUT_MS, () => this.#port)}`;
  }

  /** When each submit_sm came, refused ones included. */
  async arrivals(): Promise<Arrival[]> {
    this.#arrivals = undefined;
    this.#child.send('arrivals');
    return await until('the tap to answer', ANSWER_TIMEOUT_MS, () => this.#arrivals);
  }

  close(): void {
    if (this.#child.connected) this.#child.disconnect();
  }
}
