import { LANES, type Lane } from '../../shared/config/account.ts';
import { type PerLane, perLane } from '../per-lane.ts';
import type { LateAnswer } from '../session/session-events.ts';
import { Claiming } from './claiming.ts';
import { Custody } from './custody.ts';
import { LaneHours } from './lane-hours.ts';
import type { Intake, IntakeHooks } from './lane-intake.ts';
import type { LaneQueue, QueuedItem } from './lane-queue.ts';
import type { OptOutCheck } from './opt-out-check.ts';
import type { PoisonReason } from './poison.ts';
import { ReadySegments } from './ready-segments.ts';
import { RefusalWatch } from './refusal-watch.ts';
import type { SettleContext } from './settle.ts';
import { type SegmentRef, Submission, type Wire } from './submission.ts';

/** Claims cost a round trip to the table: so many segments a lane are ready ahead of their turn, for 50 ms of the rate. */
const READY_AHEAD_SECONDS = 0.05;
const LEAST_READY_AHEAD = 2;
/** Queue messages held per lane, for one second of the rate: enough to hide a poll, little enough to give back. */
const HELD_SECONDS = 1;
const LOOK_AGAIN_MS = 20;

export interface OutboundOptions {
  settle: Omit<SettleContext, 'refusals'>;
  wire: Wire;
  queue: LaneQueue;
  optOut: OptOutCheck;
  /** Makes the reader of a lane; it asks for credits and hands items over. */
  intake: (lane: Lane, hooks: IntakeHooks) => Intake;
  /** Under which claims are made. */
  lease: { owner: string; fence: number };
  /** Whether this process may send right now. */
  mayLead: () => boolean;
}

/**
 * From the lanes to the wire, for one account and one lease: receive by credits, claim, wait for the turn, submit, record,
 * delete. The most urgent ready segment goes next; only what is ready is ahead of it, never what was merely received.
 */
export class Outbound {
  readonly #options: OutboundOptions;
  readonly #settle: SettleContext;
  readonly #custody: Custody;
  readonly #intakes: PerLane<Intake>;
  /** Received, not yet being claimed. */
  readonly #held: PerLane<QueuedItem[]> = perLane(() => []);
  readonly #claiming: PerLane<number> = perLane(() => 0);
  readonly #ready: ReadySegments;
  readonly #claims: Claiming;
  readonly #submission: Submission;
  readonly #hours: LaneHours;
  readonly #readyAhead: number;
  readonly #mostHeld: number;
  #open = false;
  /** When to look again, while something is ready. */
  #turnDueAt: number | undefined;
  #cancelTurn: () => void = () => undefined;

  constructor(options: OutboundOptions) {
    this.#options = options;
    const { wire, queue } = options;
    const settle = { ...options.settle, refusals: new RefusalWatch(options.settle) };
    const { bulkShare, segmentsPerSecond } = settle.account;
    this.#settle = settle;
    this.#ready = new ReadySegments(bulkShare);
    this.#readyAhead = Math.max(LEAST_READY_AHEAD, Math.ceil(segmentsPerSecond * READY_AHEAD_SECONDS));
    this.#mostHeld = Math.max(LEAST_READY_AHEAD, Math.ceil(segmentsPerSecond * HELD_SECONDS));
    this.#hours = new LaneHours({ ...settle, onOpen: (lane) => this.#intakes[lane].wake() });
    this.#custody = new Custody({ queue, clock: settle.clock, log: settle.log });
    this.#submission = new Submission({
      settle,
      wire,
      custody: this.#custody,
      ready: this.#ready,
      isOpen: () => this.#open,
      onTurn: () => this.turn(),
    });
    this.#claims = new Claiming({
      settle,
      custody: this.#custody,
      optOut: options.optOut,
      lease: options.lease,
      onClaimed: (inHand, index) => this.#submission.begin(inHand, index),
    });
    this.#intakes = perLane((lane) =>
      options.intake(lane, {
        credits: () => this.#credits(lane),
        onItem: (item) => this.#take(item),
        onUnreadable: (delivery) => void this.#custody.parkUnreadable(delivery),
      }),
    );
  }

  /** Messages received and not yet done with, per lane. */
  get heldByLane(): PerLane<number> {
    const counts = perLane(() => 0);
    for (const { lane } of this.#custody.items) counts[lane] += 1;
    return counts;
  }

  /** Messages moved to a dead-letter queue, by reason. */
  get parked(): Readonly<Partial<Record<PoisonReason, number>>> {
    return this.#custody.parked;
  }

  /** For how long a turn has been overdue that should have come by itself, milliseconds; 0 while all is well. */
  get overdueMs(): number {
    return this.#turnDueAt === undefined ? 0 : Math.max(0, this.#settle.clock.now() - this.#turnDueAt);
  }

  /** The link is bound: take work. */
  open(): void {
    if (this.#open) return;
    this.#open = true;
    this.#settle.log.info('outbound open');
    for (const lane of LANES) {
      this.#intakes[lane].start();
      this.#intakes[lane].wake();
    }
    this.turn();
  }

  /**
   * Takes nothing more and gives back at once what is not on the wire; what is on the wire is settled when its answer comes.
   * @param reason for the log
   */
  close(reason = 'stopping'): void {
    const ready = this.#ready.takeAll();
    const held = LANES.flatMap((lane) => this.#held[lane].splice(0));
    if (this.#open) this.#settle.log.info('outbound closed', { reason, givenBack: ready.length + held.length });
    this.#open = false;
    this.#turnDueAt = undefined;
    this.#cancelTurn();
    this.#hours.stop();
    this.#submission.putBack(ready);
    for (const item of held) void this.#custody.giveBack(item);
  }

  /** Closes for good. Resolves when the last poll has ended; what it brought went straight back. */
  async stop(): Promise<void> {
    this.close();
    await Promise.all(LANES.map((lane) => this.#intakes[lane].stop()));
  }

  /** Resolves when nothing is in hand any more: all is recorded, and the queues know. */
  async settled(): Promise<void> {
    await this.#custody.empty();
  }

  /** An answer after all to a submit whose outcome was recorded as unknown. @throws LeaseGoneError */
  async answeredLate(answer: LateAnswer<SegmentRef>): Promise<void> {
    await this.#submission.answeredLate(answer);
  }

  /** Looks what can be done now: called when the window opens, a claim is stored or the time of the next submit comes. */
  turn(): void {
    if (!this.#open) return;
    this.#cancelTurn();
    this.#turnDueAt = undefined;
    // A lease that could not be renewed in time is lost or comes back within moments; until then nothing is begun.
    if (!this.#options.mayLead()) return this.#lookAgainIn(LOOK_AGAIN_MS);
    this.#submitReady();
    this.#claimMore();
  }

  /** Half of what may be held, or more: every poll costs the same, however few it asks for. */
  #credits(lane: Lane): number {
    if (!this.#open) return 0;
    if (!this.#hours.isOpen(lane)) {
      this.#hours.tellWhenOpen(lane);
      return 0;
    }
    const room = this.#mostHeld - this.#held[lane].length;
    return room >= this.#mostHeld / 2 ? room : 0;
  }

  #submitReady(): void {
    const { clock } = this.#settle;
    const { wire } = this.#options;
    while (!this.#ready.empty) {
      const now = clock.now();
      // A full window or socket says nothing when it opens: look again soon.
      const at = wire.submitReady() > 0 ? wire.nextAt(now) : now + LOOK_AGAIN_MS;
      if (at > now) return this.#lookAgainIn(at - now);
      const next = this.#ready.next();
      if (next) this.#submission.submit(next);
    }
  }

  #lookAgainIn(ms: number): void {
    const { clock } = this.#settle;
    this.#turnDueAt = clock.now() + ms;
    this.#cancelTurn = clock.setTimer(ms, () => this.turn());
  }

  #take(item: QueuedItem): void {
    if (!this.#custody.take(item)) return;
    if (!this.#open) return void this.#custody.giveBack(item);
    this.#held[item.lane].push(item);
    this.turn();
  }

  #claimMore(): void {
    for (const lane of LANES) {
      while (this.#ready.count(lane) + this.#claiming[lane] < this.#readyAhead) {
        const item = this.#held[lane].shift();
        if (!item) break;
        this.#intakes[lane].wake();
        if (!this.#hours.isOpen(lane)) {
          // Its hours ended while it was held; the queue keeps it until they begin again.
          void this.#custody.giveBack(item);
          continue;
        }
        this.#claiming[lane] += 1;
        void this.#claims.claim(item).finally(() => {
          this.#claiming[lane] -= 1;
          this.turn();
        });
      }
    }
  }
}
