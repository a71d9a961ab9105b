import type { Account } from '../shared/config/account.ts';
import type { AccountReport } from '../shared/domain/account-report.ts';
import { Lease, type TakenLease } from './lease/lease.ts';
import type { Leases } from './lease/lease-store.ts';
import type { SharedAccount } from './lease/sharing.ts';
import type { MeasuredAccount } from './metrics/reporter.ts';
import { type MetricValues, Tally } from './metrics/tally.ts';
import { stalledParts } from './progress.ts';
import type { ReportedAccount } from './report/status-reporter.ts';
import { type BinderContext, Term, type TermContext } from './term.ts';

/** One account in this process: on standby while another binder holds its lease, in office while this one does. */
export class CarrierAccount implements SharedAccount, MeasuredAccount, ReportedAccount {
  readonly tally = new Tally();
  readonly #account: Account;
  readonly #lease: Lease;
  readonly #owner: string;
  #term: Term | undefined;
  #stopping = false;
  /** The end of a term under way. */
  #leaving: Promise<void> | undefined;

  constructor(account: Account, owner: string, leases: Leases, shared: BinderContext) {
    const context = { ...shared, tally: this.tally, log: shared.log.with({ account: account.name }) };
    this.#account = account;
    this.#owner = owner;
    this.#lease = new Lease({
      account: account.name,
      owner,
      store: leases,
      clock: context.clock,
      log: context.log,
      events: {
        onTaken: (lease) => this.#begin(lease, context),
        onLost: () => {
          this.tally.count('LeasesLost');
          const term = this.#term;
          this.#term = undefined;
          term?.abandon();
          void term?.stop();
        },
      },
      ...(shared.mayTake ? { mayTake: shared.mayTake } : {}),
    });
  }

  get name(): string {
    return this.#account.name;
  }

  get holder(): string | undefined {
    return this.#lease.holder;
  }

  start(): void {
    this.#lease.start();
  }

  /** Ends the term politely and stands by again, so that another process can take the account. */
  async handOver(): Promise<void> {
    await this.#leave();
    if (!this.#stopping) this.#lease.start();
  }

  /** Hands the account over and takes it no more. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#leave();
  }

  /** For people and for the health page; no personal data. */
  snapshot() {
    const { name, segmentsPerSecond, timers } = this.#account;
    const role = this.#term ? ('owner' as const) : ('standby' as const);
    const progress = { leaseIdleMs: this.#lease.idleMs, ...(this.#term && { term: this.#term.progress }) };
    const stalled = stalledParts(progress, timers);
    return { account: name, role, segmentsPerSecond, stalled, ...this.#term?.snapshot() };
  }

  report(): { report: AccountReport; fence: number } | undefined {
    const { fence } = this.#lease;
    return this.#term === undefined || fence === undefined ? undefined : { report: this.#term.report(), fence };
  }

  measure(): MetricValues | undefined {
    return this.#term?.measure();
  }

  #begin(lease: TakenLease, context: TermContext): void {
    this.tally.count('LeasesTaken');
    // Lost during the hand-over and taken again: it is only held to be released.
    if (this.#leaving) return;
    const mayLead = () => this.#lease.fence === lease.fence;
    this.#term = new Term(this.#account, { ...lease, owner: this.#owner, mayLead }, context);
    this.#term.start();
  }

  async #leave(): Promise<void> {
    this.#leaving ??= this.#endTerm().finally(() => {
      this.#leaving = undefined;
    });
    await this.#leaving;
  }

  /** Drains, unbinds, and only then lets the next owner in. */
  async #endTerm(): Promise<void> {
    const term = this.#term;
    // The lease is renewed while the window drains; it is released when the session is gone.
    await term?.handOver();
    // Where the lease was lost meanwhile, another may have submitted since.
    const quietMs = this.#term?.quietMs;
    this.#term = undefined;
    if (await this.#lease.release(quietMs)) this.tally.count('LeasesReleased');
    await term?.stop();
  }
}
