import type { Account } from '../shared/config/account.ts';
import { Lease } from './lease/lease.ts';
import type { LeaseStore } from './lease/lease-store.ts';
import { type BinderContext, Term } from './term.ts';

/** One account in this process: on standby while another binder holds its lease, in office while this one does. */
export class CarrierAccount {
  readonly #account: Account;
  readonly #lease: Lease;
  #term: Term | undefined;

  constructor(account: Account, owner: string, leases: LeaseStore, shared: BinderContext) {
    const context = { ...shared, log: shared.log.with({ account: account.name }) };
    this.#account = account;
    this.#lease = new Lease({
      account: account.name,
      owner,
      store: leases,
      clock: context.clock,
      log: context.log,
      events: {
        onTaken: ({ fence }) => {
          this.#term = new Term(account, { owner, fence, mayLead: () => this.#lease.fence === fence }, context);
          this.#term.start();
        },
        onLost: () => {
          this.#term?.abandon();
          this.#term = undefined;
        },
      },
    });
  }

  start(): void {
    this.#lease.start();
  }

  /** Hands the account over: drains, unbinds, and only then lets the next owner in. */
  async stop(): Promise<void> {
    // The lease is renewed while the window drains; it is released when the session is gone.
    await this.#term?.handOver();
    this.#term = undefined;
    await this.#lease.release();
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
}
