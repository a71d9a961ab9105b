import type { Log } from '../../shared/log/log.ts';
import type { Clock } from '../session/clock.ts';
import type { LeaseRecord, LeaseStore } from './lease-store.ts';

export interface LeaseTimes {
  /** Life of a lease without renewal. */
  leaseMs: number;
  renewMs: number;
  /** How often a standby looks. */
  watchMs: number;
  /** The owner stops this long before its lease ends, for what is already on its way. */
  marginMs: number;
}

export const LEASE_TIMES: LeaseTimes = { leaseMs: 10_000, renewMs: 2_500, watchMs: 500, marginMs: 1_500 };

export interface LeaseEvents {
  onTaken(lease: { fence: number }): void;
  onLost(reason: 'taken_over' | 'not_renewed'): void;
}

/**
 * Decides whether this process may bind an account (promise P3). A standby watches the record: it takes a lease that was
 * released at once, and one whose beat stood still for its whole life by its own monotonic clock; so clocks that disagree
 * between machines cannot make two owners. An owner that cannot renew stops before its lease can have ended for others.
 */
export class Lease {
  readonly #account: string;
  readonly #owner: string;
  readonly #store: LeaseStore;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #events: LeaseEvents;
  readonly #times: LeaseTimes;
  #held: LeaseRecord | undefined;
  #seen: { record: LeaseRecord; since: number } | undefined;
  #validUntil = 0;
  #stopped = false;
  #cancelTimer: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: {
    account: string;
    owner: string;
    store: LeaseStore;
    clock: Clock;
    log: Log;
    events: LeaseEvents;
    times?: LeaseTimes;
  }) {
    this.#account = options.account;
    this.#owner = options.owner;
    this.#store = options.store;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#events = options.events;
    this.#times = options.times ?? LEASE_TIMES;
  }

  get owner(): string {
    return this.#owner;
  }

  /** The fence while this process may send, else undefined. */
  get fence(): number | undefined {
    return this.#held && this.#clock.now() < this.#validUntil - this.#times.marginMs ? this.#held.fence : undefined;
  }

  start(): void {
    this.#schedule(0);
  }

  /** Gives the lease up and watches no more. Resolves when the record says so, or after a failed try. */
  async release(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer();
    await this.#running;
    const held = this.#held;
    this.#held = undefined;
    if (!held) return;
    try {
      await this.#store.release(this.#account, held);
    } catch (error) {
      this.#log.warn('lease not released; the next owner waits until it ends', { error });
    }
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#cancelTimer = this.#clock.setTimer(delayMs, () => {
      this.#running = this.#step();
    });
  }

  async #step(): Promise<void> {
    try {
      await (this.#held ? this.#renew(this.#held) : this.#watch());
    } catch (error) {
      this.#log.warn(this.#held ? 'lease not renewed, trying again' : 'lease not read, trying again', { error });
    }
    if (this.#held && this.fence === undefined) this.#lose('not_renewed');
    this.#schedule(this.#held ? this.#nextRenewalMs() : this.#times.watchMs);
  }

  /** After a failed renewal the next try is soon, and the last one in time to stop before the lease ends. */
  #nextRenewalMs(): number {
    const left = this.#validUntil - this.#times.marginMs - this.#clock.now();
    const fresh = this.#times.leaseMs - this.#times.marginMs - left < this.#times.renewMs;
    return Math.max(1, Math.min(fresh ? this.#times.renewMs : this.#times.renewMs / 4, left));
  }

  async #renew(held: LeaseRecord): Promise<void> {
    // The life counts from before the call: the record may have changed at any time since.
    const asked = this.#clock.now();
    if (await this.#store.renew(this.#account, held)) this.#validUntil = asked + this.#times.leaseMs;
    else this.#lose('taken_over');
  }

  async #watch(): Promise<void> {
    const record = await this.#store.read(this.#account);
    const now = this.#clock.now();
    if (record && !this.#isDead(record, now)) return;
    if (this.#stopped) return;
    const taken = await this.#store.take(this.#account, record, { owner: this.#owner, leaseMs: this.#times.leaseMs });
    if (!taken) return;
    this.#held = taken;
    this.#seen = undefined;
    this.#validUntil = now + this.#times.leaseMs;
    this.#log.info('lease taken', { fence: taken.fence, from: record?.owner });
    this.#events.onTaken({ fence: taken.fence });
  }

  #isDead(record: LeaseRecord, now: number): boolean {
    if (record.released) return true;
    const same = this.#seen?.record.fence === record.fence && this.#seen.record.beat === record.beat;
    if (!this.#seen || !same) this.#seen = { record, since: now };
    return now - this.#seen.since >= record.leaseMs;
  }

  #lose(reason: 'taken_over' | 'not_renewed'): void {
    this.#held = undefined;
    this.#log.error('lease lost, sending stops', { reason });
    this.#events.onLost(reason);
  }
}
