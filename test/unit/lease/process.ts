import { Lease, type LeaseTimes, type TakenLease } from '../../../binder/lease/lease.ts';
import type { Clock } from '../../../binder/session/clock.ts';
import { quietLog } from '../../fixtures/log.ts';
import type { SimulatedClock } from '../../fixtures/simulated-clock.ts';
import type { MemoryLeases } from './memory-leases.ts';

/**
 * A process that wants a lease. Its clock runs as all others do and shows another time. While it is paused, as by a
 * collection of garbage or a stopped machine, nothing of it runs: timers and answers are kept until it goes on.
 */
export class LeaseProcess {
  readonly owner: string;
  readonly lease: Lease;
  readonly taken: TakenLease[] = [];
  readonly lost: string[] = [];
  readonly clock: Clock;
  #waiting: (() => void)[] | undefined;

  constructor(
    owner: string,
    {
      clock,
      leases,
      originMs = 0,
      times,
    }: { clock: SimulatedClock; leases: MemoryLeases; originMs?: number; times?: LeaseTimes },
  ) {
    this.owner = owner;
    this.clock = {
      now: () => clock.now() + originMs,
      setTimer: (delayMs, fn) => clock.setTimer(delayMs, () => this.#run(fn)),
    };
    this.lease = new Lease({
      account: 'main',
      owner,
      store: leases.for(owner, (what) => this.#run(what)),
      clock: this.clock,
      log: quietLog(),
      events: { onTaken: (lease) => this.taken.push(lease), onLost: (reason) => this.lost.push(reason) },
      ...(times === undefined ? {} : { times }),
    });
  }

  get leads(): boolean {
    return this.lease.fence !== undefined;
  }

  pause(): void {
    this.#waiting ??= [];
  }

  resume(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const run of waiting) run();
  }

  #run(what: () => void): void {
    if (this.#waiting) this.#waiting.push(what);
    else what();
  }
}
