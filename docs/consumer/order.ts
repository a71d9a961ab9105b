/** As much of an event as its order needs. */
export interface Ordered {
  event_id: string;
  sequence: number;
}

/**
 * What an event is about: its message, its batch. The events of one subject are numbered by `sequence`, from 1 and without gaps;
 * those of different subjects have no order.
 */
export function subjectOf({ event_id: eventId, sequence }: Ordered): string {
  const number = `_${sequence}`;
  return eventId.endsWith(number) ? eventId.slice(0, -number.length) : eventId;
}

/** Remembers the newest event of each subject. */
export interface LatestStore {
  /** @returns whether nothing newer was seen; the same one again may be, for its work may have failed */
  advance(subject: string, sequence: number): Promise<boolean>;
}

/**
 * Drops what is older: right for a state that is shown, where only the newest counts. One that is dropped was overtaken and says
 * nothing any more. Repeats are not its matter, but that of `once`.
 */
export async function isNewest(event: Ordered, store: LatestStore): Promise<boolean> {
  return await store.advance(subjectOf(event), event.sequence);
}

/** For one process: it remembers so many subjects, and forgets those that it heard of longest ago. */
export class MemoryLatestStore implements LatestStore {
  readonly #latest = new Map<string, number>();
  readonly #most: number;

  constructor({ most = 100_000 }: { most?: number } = {}) {
    this.#most = most;
  }

  async advance(subject: string, sequence: number): Promise<boolean> {
    const latest = this.#latest.get(subject) ?? 0;
    if (sequence < latest) return await Promise.resolve(false);
    this.#latest.delete(subject);
    this.#latest.set(subject, sequence);
    const oldest = this.#latest.keys().next();
    if (this.#latest.size > this.#most && !oldest.done) this.#latest.delete(oldest.value);
    return await Promise.resolve(true);
  }
}

interface Subject<E> {
  /** Handed out up to here. */
  upTo: number;
  held: Map<number, { event: E; since: number }>;
}

/**
 * Holds back what comes too early: right where every step counts, such as a ledger. For one process that gets all events of a
 * subject. Times are epoch milliseconds, passed in.
 *
 * Of so many subjects it remembers how far they were handed out, and forgets those that it heard of longest ago. A repeat of
 * an event that was forgotten looks as if it came too early, and is handed out again once it is overdue: let `once` have it.
 * What is held back is never forgotten: it stays until its predecessors come, or `overdue` is asked, which therefore has to be
 * asked from time to time.
 */
export class Sequencer<E> {
  /** Subjects of which something is held back. */
  readonly #waiting = new Map<string, Subject<E>>();
  /** How far the others were handed out; first of them the one that was heard of longest ago. */
  readonly #settled = new Map<string, number>();
  readonly #orderOf: (event: E) => Ordered;
  readonly #most: number;

  constructor(orderOf: (event: E) => Ordered, { most = 100_000 }: { most?: number } = {}) {
    this.#orderOf = orderOf;
    this.#most = most;
  }

  /** @returns what may be handled now, in order: nothing while an event before this one is missing, or where it was handed out before */
  push(event: E, now: number): E[] {
    const order = this.#orderOf(event);
    const name = subjectOf(order);
    const subject: Subject<E> = this.#waiting.get(name) ?? { upTo: this.#settled.get(name) ?? 0, held: new Map() };
    const isNew = order.sequence > subject.upTo && !subject.held.has(order.sequence);
    if (isNew) subject.held.set(order.sequence, { event, since: now });
    const ready = inRow(subject);
    this.#remember(name, subject);
    return ready;
  }

  /** What has waited for longer than `waitMs`, and what comes right behind it: its predecessor is not waited for any more. */
  overdue(now: number, waitMs: number): E[] {
    return [...this.#waiting].flatMap(([name, subject]) => {
      const ready: E[] = [];
      while ([...subject.held.values()].some(({ since }) => now - since >= waitMs)) {
        subject.upTo = Math.min(...subject.held.keys()) - 1;
        ready.push(...inRow(subject));
      }
      this.#remember(name, subject);
      return ready;
    });
  }

  #remember(name: string, subject: Subject<E>): void {
    this.#settled.delete(name);
    if (subject.held.size > 0) {
      this.#waiting.set(name, subject);
      return;
    }
    this.#waiting.delete(name);
    this.#settled.set(name, subject.upTo);
    const oldest = this.#settled.keys().next();
    if (this.#settled.size > this.#most && !oldest.done) this.#settled.delete(oldest.value);
  }
}

function inRow<E>(subject: Subject<E>): E[] {
  const ready: E[] = [];
  for (let next = subject.held.get(subject.upTo + 1); next !== undefined; next = subject.held.get(subject.upTo + 1)) {
    subject.upTo += 1;
    subject.held.delete(subject.upTo);
    ready.push(next.event);
  }
  return ready;
}
