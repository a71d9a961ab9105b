import { LANES, type Lane } from '../../shared/config/account.ts';
import { LaneOrder } from './lane-order.ts';
import type { MessageInHand } from './message-in-hand.ts';

export type PerLane<T> = Record<Lane, T>;

export function perLane<T>(make: (lane: Lane) => T): PerLane<T> {
  return { otp: make('otp'), transactional: make('transactional'), bulk: make('bulk') };
}

/** A segment whose claim is stored, waiting for its turn on the wire. */
export interface ReadySegment {
  inHand: MessageInHand;
  index: number;
}

/** The segments that are ready, in the order in which they go to the wire. */
export class ReadySegments {
  readonly #lanes: PerLane<ReadySegment[]> = perLane(() => []);
  readonly #order: LaneOrder;

  constructor(bulkShare: number) {
    this.#order = new LaneOrder(bulkShare);
  }

  get empty(): boolean {
    return LANES.every((lane) => this.#lanes[lane].length === 0);
  }

  count(lane: Lane): number {
    return this.#lanes[lane].length;
  }

  add(segment: ReadySegment): void {
    const lane = this.#lanes[segment.inHand.item.lane];
    // A message that is partly out goes before one that has not begun.
    if (segment.inHand.hasBegun) lane.unshift(segment);
    else lane.push(segment);
  }

  /** Ahead of all others of its lane: it was refused for the rate. */
  addFirst(segment: ReadySegment): void {
    this.#lanes[segment.inHand.item.lane].unshift(segment);
  }

  /** Takes the next one for the wire. */
  next(): ReadySegment | undefined {
    const lane = this.#order.next((candidate) => this.#lanes[candidate].length > 0);
    return lane && this.#lanes[lane].shift();
  }

  takeAll(): ReadySegment[] {
    return LANES.flatMap((lane) => this.#lanes[lane].splice(0));
  }
}
