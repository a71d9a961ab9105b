import type { Log } from '../../shared/log/log.ts';
import type { Clock } from '../session/clock.ts';
import { type Delivery, HIDDEN_SECONDS, type LaneQueue, type QueuedItem } from './lane-queue.ts';
import type { Poison, PoisonReason } from './poison.ts';

const EXTEND_EVERY_MS = 5_000;
/** A third of the hidden time leaves three tries. */
const EXTEND_AFTER_MS = (HIDDEN_SECONDS * 1_000) / 3;

/**
 * Every queue message in our hands, from its receipt until it is deleted, given back or let go. A message is in hand once,
 * however often its queue delivers it: otherwise the second delivery would take the claim of the first for a dead one.
 */
export class Custody {
  readonly #queue: LaneQueue;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #items = new Map<string, QueuedItem>();
  /** Calls under way that end an item's time with us. */
  #leaving = 0;
  #whenEmpty: (() => void)[] = [];
  #cancelExtend: (() => void) | undefined;

  /** Messages moved to a dead-letter queue, by reason. */
  readonly parked: Partial<Record<PoisonReason, number>> = {};

  constructor(options: { queue: LaneQueue; clock: Clock; log: Log }) {
    this.#queue = options.queue;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  get items(): Iterable<QueuedItem> {
    return this.#items.values();
  }

  /** @returns false where its message is in hand already, and nothing is to be done about this delivery */
  take(item: QueuedItem): boolean {
    const known = this.#items.get(item.messageId);
    if (known === undefined) {
      this.#items.set(item.messageId, item);
      this.#extendLater();
      return true;
    }
    // The newest handle is the one that can delete it. A copy from another lane comes back and finds the message done.
    if (known.lane === item.lane) {
      known.receiptHandle = item.receiptHandle;
      known.receives = item.receives;
      known.hiddenSince = item.hiddenSince;
    }
    return false;
  }

  /** It is done with. */
  async remove(item: QueuedItem): Promise<void> {
    await this.#leave(item, () => this.#queue.remove(item));
  }

  async giveBack(item: QueuedItem, delaySeconds = 0): Promise<void> {
    await this.#leave(item, () => this.#queue.giveBack(item, delaySeconds));
  }

  /** It will never be sent: it goes to the dead-letter queue with the reason. */
  async park(item: QueuedItem, poison: Poison): Promise<void> {
    await this.#leave(item, () => this.#park(item, poison));
  }

  /** As `park`, for a queue message that is none of ours. */
  async parkUnreadable(delivery: Delivery): Promise<void> {
    await this.#telling(() => this.#park(delivery, { reason: 'unreadable', detail: 'the body is none of ours' }));
  }

  /** Does nothing about it: it becomes visible again by itself. */
  letGo(item: QueuedItem): void {
    if (this.#items.get(item.messageId) !== item) return;
    this.#items.delete(item.messageId);
    this.#tellIfEmpty();
  }

  /** Resolves when nothing is in hand and every queue has been told. */
  async empty(): Promise<void> {
    if (this.#isEmpty) return;
    await new Promise<void>((resolve) => {
      this.#whenEmpty.push(resolve);
    });
  }

  get #isEmpty(): boolean {
    return this.#items.size === 0 && this.#leaving === 0;
  }

  async #leave(item: QueuedItem, call: () => Promise<void>): Promise<void> {
    if (this.#items.get(item.messageId) !== item) return;
    // Before the call: once it is visible it may come in again.
    this.#items.delete(item.messageId);
    await this.#telling(call);
  }

  async #park(delivery: Delivery & { messageId?: string }, poison: Poison): Promise<void> {
    if (!(await this.#queue.park(delivery, poison))) return;
    this.parked[poison.reason] = (this.parked[poison.reason] ?? 0) + 1;
    const { lane, messageId } = delivery;
    this.#log.error('a queue message was moved to the dead-letter queue', { lane, messageId, ...poison });
  }

  async #telling(call: () => Promise<void>): Promise<void> {
    this.#leaving += 1;
    try {
      await call();
    } finally {
      this.#leaving -= 1;
      this.#tellIfEmpty();
    }
  }

  #tellIfEmpty(): void {
    if (!this.#isEmpty) return;
    this.#cancelExtend?.();
    this.#cancelExtend = undefined;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }

  /** Keeps hidden what is held long, as during a pause that the operator asked for or while the table fails. */
  #extendLater(): void {
    this.#cancelExtend ??= this.#clock.setTimer(EXTEND_EVERY_MS, () => {
      this.#cancelExtend = undefined;
      const now = this.#clock.now();
      for (const item of this.#items.values())
        if (now - item.hiddenSince >= EXTEND_AFTER_MS) void this.#extend(item, now);
      if (this.#items.size > 0) this.#extendLater();
    });
  }

  async #extend(item: QueuedItem, now: number): Promise<void> {
    if (await this.#queue.extend(item)) item.hiddenSince = Math.max(item.hiddenSince, now);
  }
}
