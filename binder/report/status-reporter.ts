import { isDeepStrictEqual } from 'node:util';
import type { AccountReport } from '../../shared/domain/account-report.ts';
import type { Log } from '../../shared/log/log.ts';
import type { ReportStore } from '../../shared/store/control-reports.ts';
import { withinMs } from '../lease/time-limit.ts';
import type { Clock } from '../session/clock.ts';

/** An account as far as its report goes. */
export interface ReportedAccount {
  readonly name: string;
  /** How it stands; undefined while another process owns it. */
  report(): { report: AccountReport; fence: number } | undefined;
}

export interface StatusReporterOptions {
  accounts: readonly ReportedAccount[];
  store: Pick<ReportStore, 'write'>;
  clock: Clock;
  log: Log;
}

/** What is looked at; a session that changes is told of at the next look. */
const LOOK_MS = 2_500;
/**
 * What is written costs: every 5 s while something goes on, every 30 s while nothing does, that is half a million and 86,000
 * writes a month and account.
 */
const CHANGED_MS = 5_000;
const UNCHANGED_MS = 30_000;
const CALL_MS = 2_000;

interface Told {
  report: AccountReport;
  atMs: number;
}

/** Writes down how each account stands that this process owns, for the API. What could not be written is, the next time. */
export class StatusReporter {
  readonly #options: StatusReporterOptions;
  readonly #told = new Map<string, Told>();
  #isStopped = false;
  #cancelTimer: () => void = () => undefined;

  constructor(options: StatusReporterOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#cancelTimer = this.#options.clock.setTimer(LOOK_MS, () => {
      void this.#look().finally(() => this.start());
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer();
  }

  async #look(): Promise<void> {
    await Promise.all(this.#options.accounts.map(async (account) => await this.#tell(account)));
  }

  async #tell(account: ReportedAccount): Promise<void> {
    const { store, clock, log } = this.#options;
    const current = account.report();
    const told = this.#told.get(account.name);
    if (current === undefined) {
      this.#told.delete(account.name);
      return;
    }
    const { report, fence } = current;
    const atMs = clock.now();
    if (told !== undefined && atMs - told.atMs < restMs(told.report, report)) return;
    try {
      await withinMs(CALL_MS, clock, (signal) => store.write(account.name, report, { fence, signal }));
      this.#told.set(account.name, { report, atMs });
    } catch (error) {
      log.warn('report of an account not written, trying again', { account: account.name, error });
    }
  }
}

/** How long after the last report the next one follows. */
function restMs(told: AccountReport, now: AccountReport): number {
  if (!isDeepStrictEqual(told.session, now.session)) return 0;
  const { at: _toldAt, lastReadyAt: _toldReady, ...before } = told;
  const { at: _nowAt, lastReadyAt: _nowReady, ...after } = now;
  return isDeepStrictEqual(before, after) ? UNCHANGED_MS : CHANGED_MS;
}
