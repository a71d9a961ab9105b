import type { Account } from '../shared/config/account.ts';
import { Lease, type TakenLease } from './lease/lease.ts';
import type { Leases } from './lease/lease-store.ts';
import { type BinderContext, Term } from './term.ts';

/** One account in this process: on standby while another binder holds its lease, in office while this one does. */
export class CarrierAccount {
  readonly #account: Account;
  readonly #lease: Lease;
  readonly #owner: string;
  #term: Term | undefined;
  #stopping = false;

  constructor(account: Account, owner: string, leases: Leases, shared: BinderContext) {
    const context = { ...shared, log: shared.log.with({ account: account.name }) };
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
          const term = this.#term;
          this.#term = undefined;
          term?.abandon();
          void term?.stop();
        },
      },
    });
  }

  start(): void {
    this.#lease.start();
  }

  /** Hands the account over: drains, unbinds, and only then lets the next owner in. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const term = this.#term;
    // The lease is renewed while the window drains; it is released when the session is gone.
    await term?.handOver();
    // Where the lease was lost meanwhile, another may have submitted since.
    const quietMs = this.#term?.quietMs;
    this.#term = undefined;
    await this.#lease.release(quietMs);
    await term?.stop();
  }

  /** For people and for the health page; no personal data. */
  snapshot() {
    const role = this.#term ? 'owner' : 'standby';
    return {
      account: this.#account.name,
      role,
      segmentsPerSecond: this.#account.segmentsPerSecond,
      ...this.#term?.snapshot(),
    };
  }

  #begin(lease: TakenLease, context: BinderContext): void {
    // Lost during the hand-over and taken again: it is only held to be released.
    if (this.#stopping) return;
    const mayLead = () => this.#lease.fence === lease.fence;
    this.#term = new Term(this.#account, { ...lease, owner: this.#owner, mayLead }, context);
    this.#term.start();
  }
}
