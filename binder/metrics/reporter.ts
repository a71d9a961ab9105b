import type { Clock } from '../session/clock.ts';
import { embeddedMetrics } from './emf.ts';
import type { MetricValues, Tally } from './tally.ts';

/** An account as far as its metrics go. */
export interface MeasuredAccount {
  readonly name: string;
  readonly tally: Tally;
  /** How things stand; undefined while another process owns the account. */
  measure(): MetricValues | undefined;
}

export interface MetricsReporterOptions {
  stage: string;
  accounts: readonly MeasuredAccount[];
  intervalMs: number;
  clock: Clock;
  /** Epoch milliseconds. */
  wallClock: () => number;
  /** Gets each line without its newline. */
  write: (line: string) => void;
}

/** Writes a line of metrics for each account at an interval, and a last one at the end. */
export class MetricsReporter {
  readonly #options: MetricsReporterOptions;
  #cancelTimer: () => void = () => undefined;

  constructor(options: MetricsReporterOptions) {
    this.#options = options;
  }

  start(): void {
    this.#cancelTimer = this.#options.clock.setTimer(this.#options.intervalMs, () => {
      this.#tell();
      this.start();
    });
  }

  /** Tells what has not been told yet. */
  stop(): void {
    this.#cancelTimer();
    this.#tell();
  }

  #tell(): void {
    const { accounts, stage, clock, wallClock, write } = this.#options;
    for (const account of accounts) {
      const { name, tally } = account;
      const states = account.measure();
      const events = [...tally.take(clock.now())];
      // A process that only stands by says nothing.
      if (states === undefined && events.every(([, count]) => count === 0)) continue;
      const values = new Map([...events, ...tally.takeWaits(), ...(states ?? [])]);
      const line = embeddedMetrics({ stage, account: name, at: wallClock(), values });
      if (line !== undefined) write(line);
    }
  }
}
