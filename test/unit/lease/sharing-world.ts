import { Lease } from '../../../binder/lease/lease.ts';
import { MEMBERSHIP_TIMES } from '../../../binder/lease/membership.ts';
import { SHARE_TIMES, type ShareTimes } from '../../../binder/lease/share.ts';
import { type SharedAccount, Sharing } from '../../../binder/lease/sharing.ts';
import { quietLog } from '../../fixtures/log.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';
import { MemoryHeartbeats } from './memory-heartbeats.ts';
import { AT_ONCE, MemoryLeases } from './memory-leases.ts';

/** Shorter than in production only where nothing but patience would be shown. */
export const TIMES: ShareTimes = { ...SHARE_TIMES, membersMs: 20_000, ownersMs: 5_000 };

/** Who had an account, in order. */
export interface Tenure {
  account: string;
  owner: string;
  fromMs: number;
}

/** An account of one process: its lease, and a term that takes a while to end. */
class Account implements SharedAccount {
  readonly name: string;
  readonly lease: Lease;
  readonly #drain: () => Promise<void>;

  constructor(name: string, lease: Lease, drain: () => Promise<void>) {
    this.name = name;
    this.lease = lease;
    this.#drain = drain;
  }

  get holder(): string | undefined {
    return this.lease.holder;
  }

  async handOver(): Promise<void> {
    await this.#drain();
    await this.lease.release();
    this.lease.start();
  }

  async stop(): Promise<void> {
    await this.#drain();
    await this.lease.release();
  }
}

/** A binder process as far as leases go. */
export class SharingProcess {
  readonly owner: string;
  readonly log = quietLog();
  readonly #sharing: Sharing;
  readonly #accounts: Account[];
  #killed = false;

  constructor(owner: string, world: SharingWorld) {
    this.owner = owner;
    // Nothing of a killed process runs any more.
    const clock = {
      now: () => world.clock.now(),
      setTimer: (ms: number, fn: () => void) => world.clock.setTimer(ms, () => (this.#killed ? undefined : fn())),
    };
    this.#sharing = new Sharing({
      owner,
      heartbeats: world.heartbeats.for(owner),
      clock,
      log: this.log,
      times: { share: TIMES },
    });
    this.#accounts = [...world.leases].map(([name, leases]) => {
      const lease = new Lease({
        account: name,
        owner,
        store: leases.for(owner),
        clock,
        log: this.log.with({ account: name }),
        events: {
          onTaken: () => world.tenures.push({ account: name, owner, fromMs: world.clock.now() }),
          onLost: () => undefined,
        },
        mayTake: (freeForMs) => this.#sharing.mayTake(freeForMs),
      });
      const drain = () => new Promise<void>((resolve) => void clock.setTimer(world.drainMs, resolve));
      return new Account(name, lease, drain);
    });
  }

  async start(): Promise<void> {
    await this.#sharing.start(this.#accounts);
    for (const { lease } of this.#accounts) lease.start();
  }

  async stop(): Promise<void> {
    await this.#sharing.stop();
    await Promise.all(this.#accounts.map((account) => account.stop()));
  }

  kill(): void {
    this.#killed = true;
  }

  /** Names of the accounts that it leads. */
  get leads(): string[] {
    return this.#killed ? [] : this.#accounts.filter(({ lease }) => lease.fence !== undefined).map(({ name }) => name);
  }
}

/** Processes that share accounts, on simulated time. */
export class SharingWorld {
  readonly clock = new SimulatedClock();
  readonly heartbeats = new MemoryHeartbeats(this.clock);
  readonly leases: ReadonlyMap<string, MemoryLeases>;
  readonly tenures: Tenure[] = [];
  readonly running: SharingProcess[] = [];
  drainMs = 200;
  #started = 0;

  constructor(accounts: number) {
    const names = Array.from({ length: accounts }, (_, i) => `account-${i}`);
    this.leases = new Map(names.map((name) => [name, new MemoryLeases(this.clock)]));
    for (const leases of this.leases.values()) leases.fate = () => ({ ...AT_ONCE, requestMs: 2, responseMs: 2 });
  }

  start(): SharingProcess {
    this.#started += 1;
    // Names that sort in another order than they started.
    const process = new SharingProcess(`${(this.#started * 7) % 10}-${this.#started}`, this);
    this.running.push(process);
    void process.start();
    return process;
  }

  stop(process: SharingProcess): void {
    void process.stop();
    this.#forget(process);
  }

  kill(process: SharingProcess): void {
    process.kill();
    this.heartbeats.unreachable.add(process.owner);
    this.#forget(process);
  }

  /** How many accounts each running process leads, most first. */
  get loads(): number[] {
    return this.running.map(({ leads }) => leads.length).sort((a, b) => b - a);
  }

  /** Long enough for the dead to be noticed. */
  async untilOwned(atMostMs = MEMBERSHIP_TIMES.lifeMs * 2 + TIMES.orphanMs): Promise<void> {
    await this.clock.passUntilTrue(
      () => this.loads.reduce((sum, load) => sum + load, 0) === this.leases.size,
      atMostMs,
    );
  }

  #forget(process: SharingProcess): void {
    this.running.splice(this.running.indexOf(process), 1);
  }
}
