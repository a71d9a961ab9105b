import type { Log } from '../../shared/log/log.ts';
import type { Clock } from '../session/clock.ts';
import type { Heartbeat, Heartbeats } from './heartbeat-store.ts';
import { withinMs } from './time-limit.ts';

export interface MembershipTimes {
  beatMs: number;
  /** A process whose beat stood still for this long is dead. As long as a lease: accounts and processes die together. */
  lifeMs: number;
  /** Longest wait for the store. */
  callMs: number;
}

export const MEMBERSHIP_TIMES: MembershipTimes = { beatMs: 2_500, lifeMs: 10_000, callMs: 2_000 };

export interface MembershipOptions {
  /** Names this process, and no other ever. */
  owner: string;
  store: Heartbeats;
  clock: Clock;
  log: Log;
  /** After each look. */
  onLook: () => void;
  times?: MembershipTimes;
}

interface Seen {
  heartbeat: Heartbeat;
  /** When its beat was first seen, on this process's clock. */
  since: number;
}

/**
 * Which binder processes there are. Each gives a sign of life in the Control table and looks at the others'; whose beat
 * stands still is dead, by the monotonic clock of the one who looks. A process that stops takes its own away at once.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #times: MembershipTimes;
  readonly #seen = new Map<string, Seen>();
  #live: ReadonlySet<string>;
  #liveSince: number;
  #beat = 0;
  #stopped = false;
  #cancelTimer: () => void = () => undefined;
  #looking: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(options: MembershipOptions) {
    this.#options = options;
    this.#times = options.times ?? MEMBERSHIP_TIMES;
    this.#live = new Set([options.owner]);
    this.#liveSince = options.clock.now();
  }

  /** Every process that lives and is not stopping; this one is always among them. */
  get live(): ReadonlySet<string> {
    return this.#live;
  }

  /** For how long they have been the same, milliseconds. */
  get unchangedForMs(): number {
    return this.#options.clock.now() - this.#liveSince;
  }

  /** Resolves after the first look at the others, or after a failed try. */
  async start(): Promise<void> {
    this.#running = this.#step();
    await this.#running;
  }

  /** From now on the others need not count on this process. Resolves when they can know, or after a failed try. */
  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelTimer();
    // A sign of life on its way would come after the farewell.
    await this.#running;
    const { owner, store, log } = this.#options;
    try {
      await this.#inTime((signal) => store.leave(owner, signal));
    } catch (error) {
      log.warn('heartbeat not taken away; the others wait until it is dead', { error });
    }
  }

  /** Looks before its time. Never rejects; looks once however often it is asked meanwhile. */
  async look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  async #step(): Promise<void> {
    const { owner, store, clock, log } = this.#options;
    this.#beat += 1;
    try {
      await this.#inTime((signal) => store.write({ owner, beat: this.#beat }, signal));
    } catch (error) {
      log.warn('heartbeat not written, trying again', { error });
    }
    await this.look();
    if (this.#stopped) return;
    this.#cancelTimer = clock.setTimer(this.#times.beatMs, () => {
      this.#running = this.#step();
    });
  }

  async #look(): Promise<void> {
    const { store, log, onLook } = this.#options;
    try {
      this.#see(await this.#inTime((signal) => store.list(signal)));
      await this.#buryTheDead();
    } catch (error) {
      log.warn('heartbeats not read, trying again', { error });
    }
    this.#count();
    if (!this.#stopped) onLook();
  }

  #see(heartbeats: readonly Heartbeat[]): void {
    const now = this.#options.clock.now();
    const others = heartbeats.filter(({ owner }) => owner !== this.#options.owner);
    for (const owner of this.#seen.keys()) if (!others.some((other) => other.owner === owner)) this.#seen.delete(owner);
    for (const heartbeat of others) {
      const known = this.#seen.get(heartbeat.owner);
      if (known?.heartbeat.beat !== heartbeat.beat) this.#seen.set(heartbeat.owner, { heartbeat, since: now });
    }
  }

  /** Whoever was killed could not take its heartbeat away. */
  async #buryTheDead(): Promise<void> {
    const dead = [...this.#seen.values()].filter((seen) => !this.#lives(seen));
    await Promise.all(
      dead.map(({ heartbeat }) => this.#inTime((signal) => this.#options.store.bury(heartbeat, signal))),
    );
  }

  #lives({ since }: Seen): boolean {
    return this.#options.clock.now() - since < this.#times.lifeMs;
  }

  #count(): void {
    const { owner, clock, log } = this.#options;
    const others = [...this.#seen.values()].filter((seen) => this.#lives(seen));
    const live = new Set([owner, ...others.map(({ heartbeat }) => heartbeat.owner)]);
    const came = [...live].filter((one) => !this.#live.has(one));
    const went = [...this.#live].filter((one) => !live.has(one));
    if (came.length === 0 && went.length === 0) return;
    this.#live = live;
    this.#liveSince = clock.now();
    log.info('binders changed', { live: live.size, came, went });
  }

  async #inTime<T>(call: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return await withinMs(this.#times.callMs, this.#options.clock, call);
  }
}
