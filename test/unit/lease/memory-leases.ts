import type { LeaseRecord, Leases, Take } from '../../../binder/lease/lease-store.ts';
import type { SimulatedClock } from '../../fixtures/simulated-clock.ts';

export type CallKind = 'read' | 'take' | 'renew' | 'release';

/** What becomes of one call of the store. */
export interface Fate {
  /** Until the store acts on it, milliseconds; infinite: never. */
  requestMs: number;
  /** From then until the caller knows; infinite: never. */
  responseMs: number;
  /** `lost`: an error before it reached the store; `unanswered`: done, but the caller gets an error. */
  outcome: 'ok' | 'lost' | 'unanswered';
}

export const AT_ONCE: Fate = { requestMs: 0, responseMs: 0, outcome: 'ok' };

/** Leases in memory, with the conditions of the real table, reached over a network that a test makes. */
export class MemoryLeases {
  record: LeaseRecord | undefined;
  readonly calls: { kind: CallKind; owner: string; atMs: number }[] = [];
  fate: (kind: CallKind, owner: string) => Fate = () => AT_ONCE;
  readonly #clock: SimulatedClock;

  constructor(clock: SimulatedClock) {
    this.#clock = clock;
  }

  /** The store as one process reaches it. `arrive` runs what an answer sets off, when the process can. */
  for(owner: string, arrive: (what: () => void) => void = (what) => what()): Leases {
    const call = <T>(kind: CallKind, act: () => T): Promise<T> => this.#call(kind, owner, { act, arrive });
    return {
      read: () => call('read', () => this.record),
      take: (_account, take) => call('take', () => this.#take(take)),
      renew: (_account, held) => call('renew', () => this.#update(held, ({ beat }) => ({ beat: beat + 1 }))),
      release: (_account, held) => {
        const quiet = held.quietMs === undefined ? {} : { quietMs: held.quietMs };
        return call('release', () => this.#update(held, () => ({ released: true, ...quiet })));
      },
    };
  }

  #call<T>(
    kind: CallKind,
    owner: string,
    { act, arrive }: { act: () => T; arrive: (what: () => void) => void },
  ): Promise<T> {
    this.calls.push({ kind, owner, atMs: this.#clock.now() });
    const { requestMs, responseMs, outcome } = this.fate(kind, owner);
    return new Promise((resolve, reject) => {
      this.#after(requestMs, () => {
        const result = outcome === 'lost' ? undefined : act();
        this.#after(responseMs, () =>
          arrive(() => (outcome === 'ok' ? resolve(result as T) : reject(new Error(`the ${kind} was ${outcome}`)))),
        );
      });
    });
  }

  #after(ms: number, act: () => void): void {
    if (ms === Number.POSITIVE_INFINITY) return;
    if (ms === 0) act();
    else this.#clock.setTimer(ms, act);
  }

  #take({ seen, owner, leaseMs }: Take): LeaseRecord | undefined {
    const { record } = this;
    const unchanged =
      seen === undefined ? record === undefined : record?.fence === seen.fence && record.beat === seen.beat;
    if (!unchanged) return undefined;
    this.record = { owner, leaseMs, fence: (seen?.fence ?? 0) + 1, beat: 0, released: false };
    return this.record;
  }

  #update(held: LeaseRecord, change: (record: LeaseRecord) => Partial<LeaseRecord>): boolean {
    const { record } = this;
    if (record?.owner !== held.owner || record.fence !== held.fence) return false;
    this.record = { ...record, ...change(record) };
    return true;
  }
}
