import { LANES, type Lane } from '../../shared/config/account.ts';

/** Ten times 0.1 is a little less than 1 to a computer. */
const ROUNDING = 1e-9;

/**
 * Which lane's segment goes to the wire next: the most urgent that waits, unless bulk has waited too and gone without its share.
 * Pure but for the share that it is owed.
 */
export class LaneOrder {
  readonly #bulkShare: number;
  #owedToBulk = 0;

  /** @param bulkShare part of the submits that bulk gets at the least while it waits, 0 to 0.5 */
  constructor(bulkShare: number) {
    this.#bulkShare = bulkShare;
  }

  /** @param waits whether a segment of a lane is ready for the wire */
  next(waits: (lane: Lane) => boolean): Lane | undefined {
    const first = LANES.find(waits);
    if (first === undefined || !waits('bulk')) return first;
    this.#owedToBulk += this.#bulkShare;
    if (first !== 'bulk' && this.#owedToBulk < 1 - ROUNDING) return first;
    // A turn that nobody else wants counts as well; what bulk has beyond its share it need not make up for.
    this.#owedToBulk = Math.max(0, this.#owedToBulk - 1);
    return 'bulk';
  }
}
