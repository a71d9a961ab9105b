import { LANES, type Lane } from '../../shared/config/account.ts';
import { type Claimant, claimMessage } from './claim.ts';
import { HIDDEN_SECONDS, type LaneIntake, type LaneQueueHandle, type QueuedItem } from './lane-intake.ts';
import { MessageInHand } from './message-in-hand.ts';
import { type PerLane, perLane, ReadySegments } from './ready-segments.ts';
import type { SettleContext } from './settle.ts';
import { Submission, type Wire } from './submission.ts';

/** Claims cost a round trip to the table: so many segments a lane are ready ahead of their turn, for 50 ms of the rate. */
const READY_AHEAD_SECONDS = 0.05;
const LEAST_READY_AHEAD = 2;
/** Queue messages held per lane, for one second of the rate: enough to hide a poll, little enough to give back. */
const HELD_SECONDS = 1;
const FAULT_DELAY_SECONDS = 5;
const EXTEND_EVERY_MS = 5_000;
const LOOK_AGAIN_MS = 20;

export interface OutboundOptions {
  settle: SettleContext;
  claimant: Claimant;
  wire: Wire;
  queue: LaneQueueHandle;
  /** Makes the reader of a lane; it asks for credits and hands items over. */
  intake: (lane: Lane, hooks: { credits: () => number; onItem: (item: QueuedItem) => void }) => LaneIntake;
  /** Whether this process may send right now. */
  mayLead: () => boolean;
}

/**
 * From the lanes to the wire, for one account and one lease: receive by credits, claim, wait for the turn, submit, record,
 * delete. The most urgent ready segment goes next; only what is ready is ahead of it, never what was merely received.
 */
export class Outbound {
  readonly #options: OutboundOptions;
  readonly #intakes: PerLane<LaneIntake>;
  /** Received, not yet claimed. */
  readonly #held: PerLane<QueuedItem[]> = perLane(() => []);
  readonly #claiming: PerLane<number> = perLane(() => 0);
  readonly #ready: ReadySegments;
  readonly #submission: Submission;
  readonly #readyAhead: number;
  readonly #mostHeld: number;
  #open = false;
  #cancelTurn: () => void = () => undefined;
  #cancelExtend: () => void = () => undefined;

  constructor(options: OutboundOptions) {
    this.#options = options;
    const { settle, wire, queue } = options;
    const { bulkShare, segmentsPerSecond } = settle.account;
    this.#ready = new ReadySegments(bulkShare);
    this.#readyAhead = Math.max(LEAST_READY_AHEAD, Math.ceil(segmentsPerSecond * READY_AHEAD_SECONDS));
    this.#mostHeld = Math.max(LEAST_READY_AHEAD, Math.ceil(segmentsPerSecond * HELD_SECONDS));
    this.#submission = new Submission({
      settle,
      wire,
      queue,
      ready: this.#ready,
      isOpen: () => this.#open,
      onTurn: () => this.turn(),
    });
    this.#intakes = perLane((lane) =>
      options.intake(lane, {
        credits: () => (this.#open ? this.#mostHeld - this.#held[lane].length : 0),
        onItem: (item) => this.#take(item),
      }),
    );
  }

  /** Messages received and not yet done with, per lane. */
  get heldByLane(): PerLane<number> {
    const counts = perLane((lane) => this.#held[lane].length + this.#claiming[lane]);
    for (const { item } of this.#submission.inHand) counts[item.lane] += 1;
    return counts;
  }

  /** The link is bound: take work. */
  open(): void {
    if (this.#open) return;
    this.#open = true;
    for (const lane of LANES) this.#intakes[lane].start();
    this.#extendLater();
    this.turn();
  }

  /** Takes nothing more and gives back at once what is not on the wire; what is on the wire is settled when its answer comes. */
  async close(): Promise<void> {
    this.#open = false;
    this.#cancelTurn();
    this.#cancelExtend();
    const stopped = Promise.all(LANES.map((lane) => this.#intakes[lane].stop()));
    await this.#giveBackAll();
    await stopped;
    // What a poll under way still brought.
    await this.#giveBackAll();
  }

  /** Resolves when nothing is in hand any more. */
  async idle(): Promise<void> {
    await this.#submission.idle();
  }

  /** Looks whether something may go to the wire now: called when the window opens, a claim is stored or its time comes. */
  turn(): void {
    if (!this.#open) return;
    const { wire, settle, mayLead } = this.#options;
    this.#claimMore();
    this.#cancelTurn();
    while (!this.#ready.empty) {
      const now = settle.clock.now();
      // A full window or socket says nothing when it opens: look again soon.
      const at = wire.submitReady() > 0 && mayLead() ? wire.nextAt(now) : now + LOOK_AGAIN_MS;
      if (at > now) {
        this.#cancelTurn = settle.clock.setTimer(at - now, () => this.turn());
        return;
      }
      const next = this.#ready.next();
      if (next) this.#submission.submit(next);
    }
  }

  #take(item: QueuedItem): void {
    const known = this.#submission.find(item.messageId);
    if (!known) {
      this.#held[item.lane].push(item);
      this.#claimMore();
    } else if (known.item.lane === item.lane) {
      // Delivered again while we work on it: the newest handle is the one that can delete it.
      known.item.receiptHandle = item.receiptHandle;
    }
  }

  #claimMore(): void {
    for (const lane of LANES) {
      while (this.#open && this.#ready.count(lane) + this.#claiming[lane] < this.#readyAhead) {
        const item = this.#held[lane].shift();
        if (!item) break;
        this.#intakes[lane].wake();
        this.#claiming[lane] += 1;
        void this.#claim(item).finally(() => {
          this.#claiming[lane] -= 1;
          this.turn();
        });
      }
    }
  }

  async #claim(item: QueuedItem): Promise<void> {
    const { settle, claimant, queue } = this.#options;
    if (this.#submission.find(item.messageId)) return;
    try {
      const result = await claimMessage(settle.messages, item, claimant);
      switch (result.kind) {
        case 'claimed':
          this.#submission.begin(new MessageInHand(item, result.message, settle), result.index);
          break;
        case 'done':
          await queue.remove(item);
          break;
        case 'not_ours':
          settle.log.warn('message not claimed', { messageId: item.messageId, lane: item.lane, reason: result.reason });
      }
    } catch (error) {
      settle.log.warn('message not claimed, trying again later', { messageId: item.messageId, error });
      await queue.giveBack(item, FAULT_DELAY_SECONDS);
    }
  }

  async #giveBackAll(): Promise<void> {
    const held = LANES.flatMap((lane) => this.#held[lane].splice(0));
    await Promise.all([
      this.#submission.putBack(this.#ready.takeAll()),
      ...held.map((item) => this.#options.queue.giveBack(item)),
    ]);
  }

  /** Keeps hidden what is held longer than a poll's hidden time, as during a pause that the operator asked for. */
  #extendLater(): void {
    const { clock } = this.#options.settle;
    this.#cancelExtend = clock.setTimer(EXTEND_EVERY_MS, () => {
      const old = clock.now() - (HIDDEN_SECONDS * 1000) / 3;
      const held = LANES.flatMap((lane) => this.#held[lane]);
      const inHand = [...this.#submission.inHand].map(({ item }) => item);
      for (const item of [...held, ...inHand]) if (item.hiddenSince < old) void this.#options.queue.extend(item);
      this.#extendLater();
    });
  }
}
