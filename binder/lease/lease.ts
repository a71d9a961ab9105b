import type { Log } from '../../shared/log/log.ts';
import type { Clock } from '../session/clock.ts';
import type { LeaseRecord, Leases } from './lease-store.ts';
import { withinMs } from './time-limit.ts';
import { untilReleased } from './until-released.ts';

export interface LeaseTimes {
  /** Life of a lease without renewal. */
  leaseMs: number;
  renewMs: number;
  /** How often a standby looks. */
  watchMs: number;
  /** The owner stops this long before its lease ends, for what is already on its way. */
  marginMs: number;
  /** Longest wait for the store: one that hangs counts like one that fails. */
  callMs: number;
}

export const LEASE_TIMES: LeaseTimes = {
  leaseMs: 10_000,
  renewMs: 2_500,
  watchMs: 250,
  marginMs: 1_500,
  callMs: 2_000,
};

/** Always left to a renewal, also where a stall of this process has used up the time: it may still be the owner. */
const LAST_CALL_MS = 500;

export interface TakenLease {
  fence: number;
  /** When the account's previous owner submitted last, at the latest, on this process's clock; undefined where nobody knows. */
  previousSubmitAtMs: number | undefined;
}

/** What a term of office is given by the lease. */
export interface TermLease extends TakenLease {
  owner: string;
  /** Whether this process may send right now. */
  mayLead: () => boolean;
}

export interface LeaseEvents {
  onTaken(lease: TakenLease): void;
  onLost(reason: 'taken_over' | 'not_renewed'): void;
}

export interface LeaseOptions {
  account: string;
  /** Names this process, and no other ever. */
  owner: string;
  store: Leases;
  clock: Clock;
  log: Log;
  events: LeaseEvents;
  /** Whether a lease that has been free for so long is this process's to take; left out: always. */
  mayTake?: (freeForMs: number) => boolean;
  times?: LeaseTimes;
}

/**
 * Decides whether this process may bind an account (promise P3). A standby watches the record: it takes a lease that was
 * released at once, and one whose beat stood still for its whole life by its own monotonic clock; so clocks that disagree
 * between machines cannot make two owners. An owner that cannot renew stops sending before its lease can have ended for
 * others; only a renewal that the store takes, as nobody else has begun, lets it go on.
 */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #times: LeaseTimes;
  #held: LeaseRecord | undefined;
  #seen: { record: LeaseRecord; since: number } | undefined;
  /** Another process that has it. */
  #other: string | undefined;
  #freeSince: number | undefined;
  #taking = false;
  #validUntil = 0;
  #stopped = false;
  #progressAt: number;
  #cancelTimer: () => void = () => undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#times = options.times ?? LEASE_TIMES;
    this.#progressAt = options.clock.now();
  }

  /** The fence while this process may send, else undefined. */
  get fence(): number | undefined {
    return this.#stopped || this.#leftMs <= 0 ? undefined : this.#held?.fence;
  }

  /** Who has the lease, as far as is known: this process also while it is taking it. */
  get holder(): string | undefined {
    return this.#held || this.#taking ? this.#options.owner : this.#other;
  }

  /** For how long neither a renewal nor a look has ended, well or badly, milliseconds; 0 after the release. */
  get idleMs(): number {
    return this.#stopped ? 0 : this.#options.clock.now() - this.#progressAt;
  }

  /** Watches for the lease to be free; again, where it was released before. */
  start(): void {
    this.#stopped = false;
    this.#schedule(0);
  }

  /**
   * Gives the lease up and watches no more. Resolves when the record says so, or when the lease ends by itself.
   * @returns whether there was one to give up and it was given up
   * @param quietMs for how long nothing has been submitted; lets the next owner submit without waiting out a second
   */
  async release(quietMs?: number): Promise<boolean> {
    this.#stopped = true;
    this.#cancelTimer();
    await this.#running;
    const held = this.#held;
    this.#held = undefined;
    if (!held) return false;
    const { account, store, clock, log } = this.#options;
    const record = quietMs === undefined ? held : { ...held, quietMs };
    const limits = { endsAtMs: this.#validUntil, callMs: this.#times.callMs };
    const released = await untilReleased((signal) => store.release(account, record, signal), { ...limits, clock, log });
    if (released) log.info('lease released', { fence: held.fence });
    return released;
  }

  /** Time for which this process may still send; negative when it is over. */
  get #leftMs(): number {
    return this.#validUntil - this.#times.marginMs - this.#options.clock.now();
  }

  #schedule(delayMs: number): void {
    if (this.#stopped) return;
    this.#cancelTimer = this.#options.clock.setTimer(delayMs, () => {
      this.#running = this.#step();
    });
  }

  async #step(): Promise<void> {
    const { log } = this.#options;
    try {
      await (this.#held ? this.#renew(this.#held) : this.#watch());
    } catch (error) {
      log.warn(this.#held ? 'lease not renewed, trying again' : 'lease not read, trying again', { error });
      if (this.#held && this.#leftMs <= 0) this.#lose('not_renewed');
    }
    this.#progressAt = this.#options.clock.now();
    this.#schedule(this.#held ? this.#nextRenewalMs() : this.#times.watchMs);
  }

  /** After a failed renewal the next try is soon, and the last one in time to stop before the lease ends. */
  #nextRenewalMs(): number {
    const { leaseMs, marginMs, renewMs } = this.#times;
    const left = this.#leftMs;
    const fresh = leaseMs - marginMs - left < renewMs;
    return Math.max(1, Math.min(fresh ? renewMs : renewMs / 4, left));
  }

  async #renew(held: LeaseRecord): Promise<void> {
    const { account, store, clock } = this.#options;
    // The life counts from before the call: the record may have changed at any time since.
    const asked = clock.now();
    const renewed = await this.#inTime(
      (signal) => store.renew(account, held, signal),
      Math.max(LAST_CALL_MS, this.#leftMs),
    );
    if (renewed) this.#validUntil = asked + this.#times.leaseMs;
    else this.#lose('taken_over');
  }

  async #watch(): Promise<void> {
    const { account, store, clock, mayTake } = this.#options;
    const record = await this.#inTime((signal) => store.read(account, signal));
    const now = clock.now();
    if (this.#stopped) return;
    if (record && !this.#isFree(record, now)) return this.#standBy(record);
    this.#other = undefined;
    this.#freeSince ??= now;
    if (mayTake && !mayTake(now - this.#freeSince)) return;
    this.#taking = true;
    try {
      await this.#take(record, now);
    } finally {
      this.#taking = false;
    }
  }

  #standBy({ owner, fence }: LeaseRecord): void {
    this.#freeSince = undefined;
    if (this.#other === owner) return;
    this.#other = owner;
    this.#options.log.info('standing by', { fence, owner });
  }

  async #take(seen: LeaseRecord | undefined, now: number): Promise<void> {
    const { account, owner, store } = this.#options;
    const { leaseMs } = this.#times;
    const taken = await this.#inTime((signal) => store.take(account, { seen, owner, leaseMs }, signal));
    if (taken) this.#hold(taken, { from: seen, since: now });
  }

  #hold(taken: LeaseRecord, { from, since }: { from: LeaseRecord | undefined; since: number }): void {
    const { log, events } = this.#options;
    this.#held = taken;
    this.#seen = undefined;
    this.#freeSince = undefined;
    this.#other = undefined;
    this.#validUntil = since + this.#times.leaseMs;
    if (this.#leftMs <= 0) {
      // Taken too slowly to be of use.
      this.#held = undefined;
      return;
    }
    log.info('lease taken', { fence: taken.fence, from: from?.owner });
    // Stopped meanwhile: it is only held to be released.
    if (this.#stopped) return;
    const quietMs = from?.released === true ? from.quietMs : undefined;
    events.onTaken({ fence: taken.fence, previousSubmitAtMs: quietMs === undefined ? undefined : since - quietMs });
  }

  #isFree(record: LeaseRecord, now: number): boolean {
    // One of our own that we do not hold: the answer to its taking was lost, or it was given up for lack of renewal.
    if (record.released || record.owner === this.#options.owner) return true;
    const same = this.#seen?.record.fence === record.fence && this.#seen.record.beat === record.beat;
    if (!this.#seen || !same) this.#seen = { record, since: now };
    return now - this.#seen.since >= record.leaseMs;
  }

  #lose(reason: 'taken_over' | 'not_renewed'): void {
    this.#held = undefined;
    this.#options.log.error('lease lost, sending stops', { reason });
    this.#options.events.onLost(reason);
  }

  async #inTime<T>(call: (signal: AbortSignal) => Promise<T>, atMostMs = Number.POSITIVE_INFINITY): Promise<T> {
    return await withinMs(Math.max(1, Math.min(this.#times.callMs, atMostMs)), this.#options.clock, call);
  }
}
