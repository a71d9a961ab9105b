import type { Account } from '../shared/config/account.ts';
import type { ReportStore } from '../shared/store/control-reports.ts';
import { CarrierAccount } from './carrier-account.ts';
import { type Health, healthOf } from './health-page.ts';
import type { Heartbeats } from './lease/heartbeat-store.ts';
import type { Leases } from './lease/lease-store.ts';
import { Sharing, type SharingTimes } from './lease/sharing.ts';
import { MetricsReporter } from './metrics/reporter.ts';
import { StatusReporter } from './report/status-reporter.ts';
import { passMs } from './session/clock.ts';
import type { BinderContext } from './term.ts';

export interface BinderOptions {
  stage: string;
  /** Names this process, and no other ever. */
  owner: string;
  accounts: readonly Account[];
  leases: Leases;
  heartbeats: Heartbeats;
  reports: Pick<ReportStore, 'write'>;
  context: Omit<BinderContext, 'mayTake'>;
  metrics: { intervalMs: number; write: (line: string) => void };
  times?: SharingTimes;
}

/** Longest wait for the others to know that this process stops, before it hands its accounts over. */
const FAREWELL_MS = 500;

/** A binder process: its share of the accounts, in office or on standby, its health and its metrics. */
export class Binder {
  readonly #options: BinderOptions;
  readonly #sharing: Sharing;
  readonly #accounts: readonly CarrierAccount[];
  readonly #metrics: MetricsReporter;
  readonly #reports: StatusReporter;
  #stopped: Promise<void> | undefined;

  constructor(options: BinderOptions) {
    const { stage, owner, accounts, leases, heartbeats, context, metrics, times } = options;
    const { clock, wallClock, log } = context;
    this.#options = options;
    this.#sharing = new Sharing({ owner, heartbeats, clock, log, ...(times && { times }) });
    const shared = { ...context, mayTake: (freeForMs: number) => this.#sharing.mayTake(freeForMs) };
    this.#accounts = accounts.map((account) => new CarrierAccount(account, owner, leases, shared));
    // What test keys do is nobody's business figure, and each metric of an account is paid for.
    const measured = this.#accounts.filter((_, index) => accounts[index]?.simulated !== true);
    this.#metrics = new MetricsReporter({ stage, accounts: measured, clock, wallClock, ...metrics });
    this.#reports = new StatusReporter({ accounts: this.#accounts, store: options.reports, clock, log });
  }

  get health(): Health {
    return healthOf(this.#accounts.map((account) => account.snapshot()));
  }

  /** Resolves when this process knows of the others and looks for accounts to take. */
  async start(): Promise<void> {
    const { owner, context } = this.#options;
    context.log.info('binder started', { owner, accounts: this.#accounts.map(({ name }) => name) });
    this.#metrics.start();
    this.#reports.start();
    await this.#sharing.start(this.#accounts);
    if (this.#stopped === undefined) for (const account of this.#accounts) account.start();
  }

  /** Hands every account over: drains, unbinds, releases. Resolves when nothing is left to do. Never rejects. */
  async stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    await this.#stopped;
  }

  async #stop(): Promise<void> {
    const farewell = this.#sharing.stop();
    // Whoever takes the accounts over is to count without this process.
    await Promise.race([farewell, passMs(FAREWELL_MS, this.#options.context.clock)]);
    await Promise.allSettled([...this.#accounts.map((account) => account.stop()), farewell]);
    this.#metrics.stop();
    this.#reports.stop();
  }
}
