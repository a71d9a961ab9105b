import type { Heartbeat, Heartbeats } from '../../../binder/lease/heartbeat-store.ts';
import type { SimulatedClock } from '../../fixtures/simulated-clock.ts';

/** Heartbeats in memory, with the condition of the real table. */
export class MemoryHeartbeats implements Heartbeats {
  readonly beats = new Map<string, number>();
  /** Owners whose calls fail. */
  readonly unreachable = new Set<string>();
  calls = 0;
  /** Until a sign of life is written. */
  writeMs = 0;
  readonly #clock: SimulatedClock;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** The store as one process reaches it. */
  for(owner: string): Heartbeats {
    const call = async <T>(act: () => Promise<T>): Promise<T> => {
      this.calls += 1;
      if (this.unreachable.has(owner)) throw new Error('the store was not reached');
      return await act();
    };
    return {
      write: (heartbeat) => call(() => this.write(heartbeat)),
      list: () => call(() => this.list()),
      leave: (who) => call(() => this.leave(who)),
      bury: (seen) => call(() => this.bury(seen)),
    };
  }

  async write({ owner, beat }: Heartbeat): Promise<void> {
    if (this.writeMs > 0) await new Promise<void>((resolve) => void this.#clock.setTimer(this.writeMs, resolve));
    this.beats.set(owner, beat);
  }

  async list(): Promise<Heartbeat[]> {
    return [...this.beats].map(([owner, beat]) => ({ owner, beat }));
  }

  async leave(owner: string): Promise<void> {
    this.beats.delete(owner);
  }

  async bury({ owner, beat }: Heartbeat): Promise<void> {
    if (this.beats.get(owner) === beat) this.beats.delete(owner);
  }
}
