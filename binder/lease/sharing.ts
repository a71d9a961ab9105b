import type { Log } from '../../shared/log/log.ts';
import type { Clock } from '../session/clock.ts';
import type { Heartbeats } from './heartbeat-store.ts';
import { Membership, type MembershipTimes } from './membership.ts';
import { accountToHandOver, leaveToOthersMs, SHARE_TIMES, type ShareTimes, type ShareView } from './share.ts';

/** An account as far as it is shared. */
export interface SharedAccount {
  readonly name: string;
  /** Who has its lease, as far as is known. */
  readonly holder: string | undefined;
  /** Ends its term in this process politely, so that another can take it. */
  handOver(): Promise<void>;
}

export interface SharingTimes {
  share?: ShareTimes;
  membership?: MembershipTimes;
}

export interface SharingOptions {
  /** Names this process, and no other ever. */
  owner: string;
  heartbeats: Heartbeats;
  clock: Clock;
  log: Log;
  times?: SharingTimes;
}

/**
 * Several processes share the accounts evenly: it decides which free lease this process takes, and hands one account over
 * at a time to a process that has fewer. Leases alone make sure that nobody has what another has.
 */
export class Sharing {
  readonly #options: SharingOptions;
  readonly #times: ShareTimes;
  readonly #membership: Membership;
  #accounts: readonly SharedAccount[] = [];
  #owners: ReadonlyMap<string, string | undefined> = new Map();
  #ownersSince: number;
  #members: ReadonlySet<string> | undefined;
  readonly #handedOver = new Set<string>();
  #handingOver = false;

  constructor(options: SharingOptions) {
    const { owner, heartbeats, clock, log, times } = options;
    this.#options = options;
    this.#times = times?.share ?? SHARE_TIMES;
    this.#ownersSince = clock.now();
    this.#membership = new Membership({
      owner,
      store: heartbeats,
      clock,
      log,
      onLook: () => void this.#rebalance(),
      ...(times?.membership ? { times: times.membership } : {}),
    });
  }

  /** Resolves when this process knows of the others, or after a failed try. Only then its leases are to be started. */
  async start(accounts: readonly SharedAccount[]): Promise<void> {
    this.#accounts = accounts;
    await this.#membership.start();
  }

  /** This process is stopping: what it has is for the others now. */
  async stop(): Promise<void> {
    await this.#membership.stop();
  }

  /** Whether an account that has been without owner for so long is this process's to take now. */
  mayTake(freeForMs: number): boolean {
    if (freeForMs >= leaveToOthersMs(this.#view(), this.#times)) return true;
    // Who left it may have left altogether, and then there is less to share with.
    void this.#membership.look();
    return false;
  }

  async #rebalance(): Promise<void> {
    const account = this.#handingOver ? undefined : this.#accountToHandOver();
    if (account === undefined) return;
    const { log } = this.#options;
    this.#handingOver = true;
    this.#handedOver.add(account.name);
    log.info('handing an account over to a binder that has fewer', { account: account.name });
    try {
      await account.handOver();
    } catch (error) {
      log.error('an account was not handed over', { account: account.name, error });
    } finally {
      this.#handingOver = false;
    }
  }

  #accountToHandOver(): SharedAccount | undefined {
    const view = this.#view();
    this.#notice(view);
    const stability = {
      membersForMs: this.#membership.unchangedForMs,
      ownersForMs: this.#options.clock.now() - this.#ownersSince,
      handedOver: this.#handedOver,
    };
    const name = accountToHandOver(view, stability, this.#times);
    return this.#accounts.find((account) => account.name === name);
  }

  #notice({ live, owners }: ShareView): void {
    if (live !== this.#members) this.#handedOver.clear();
    this.#members = live;
    const same = [...owners].every(([name, owner]) => this.#owners.get(name) === owner);
    if (!same) this.#ownersSince = this.#options.clock.now();
    this.#owners = owners;
  }

  #view(): ShareView {
    return {
      me: this.#options.owner,
      live: this.#membership.live,
      owners: new Map(this.#accounts.map(({ name, holder }) => [name, holder])),
    };
  }
}
