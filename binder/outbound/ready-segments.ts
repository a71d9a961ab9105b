import { LANES, type Lane } from '../../shared/config/account.ts';
import { type PerLane, perLane } from '../per-lane.ts';
import { LaneOrder } from './lane-order.ts';
import type { MessageInHand } from './message-in-hand.ts';

/** A segment whose claim is stored, waiting for its turn on the wire. */
export interface ReadySegment {
  inHand: MessageInHand;
  index: number;
  /** Its message was read again when its turn had come. */
  isFresh?: true;
}

/** The segments that are ready, in the order in which they go to the wire. */
export class ReadySegments {
  /** Ahead of their lane: what was refused for the rate, and what continues a message that is partly out. */
  readonly #first: PerLane<ReadySegment[]> = perLane(() => []);
  readonly #rest: PerLane<ReadySegment[]> = perLane(() => []);
  readonly #order: LaneOrder;

  constructor(bulkShare: number) {
    this.#order = new LaneOrder(bulkShare);
  }

  get empty(): boolean {
    return LANES.every((lane) => this.count(lane) === 0);
  }

  count(lane: Lane): number {
    return this.#first[lane].length + this.#rest[lane].length;
  }

  add(segment: ReadySegment): void {
    const { item, hasBegun } = segment.inHand;
    (hasBegun ? this.#first : this.#rest)[item.lane].push(segment);
  }

  addFirst(segment: ReadySegment): void {
    this.#first[segment.inHand.item.lane].push(segment);
  }

  /** Takes the next one for the wire. */
  next(): ReadySegment | undefined {
    const lane = this.#order.next((candidate) => this.count(candidate) > 0);
    return lane && (this.#first[lane].shift() ?? this.#rest[lane].shift());
  }

  /** Takes those of one message. */
  takeOf(inHand: MessageInHand): ReadySegment[] {
    const { lane } = inHand.item;
    const isOfIt = (segment: ReadySegment): boolean => segment.inHand === inHand;
    const taken = [...this.#first[lane], ...this.#rest[lane]].filter(isOfIt);
    for (const lanes of [this.#first, this.#rest]) lanes[lane] = lanes[lane].filter((segment) => !isOfIt(segment));
    return taken;
  }

  takeAll(): ReadySegment[] {
    return LANES.flatMap((lane) => [...this.#first[lane].splice(0), ...this.#rest[lane].splice(0)]);
  }
}
