import { LANES, type Lane } from '../../shared/config/account.ts';
import type { AccountReport, LaneReport } from '../../shared/domain/account-report.ts';
import { type PerLane, perLane } from '../per-lane.ts';

const WINDOW_MS = 60_000;
/** Weight of the newest message in the mean: about the last fifty count. */
const NEWEST = 0.04;
/** A rate is told after so much work. */
const LEAST_BUSY_MS = 5_000;

/** A stretch between two looks. */
interface Stretch {
  fromMs: number;
  untilMs: number;
  submitted: PerLane<number>;
  wasBusy: boolean;
}

const none = (): PerLane<number> => perLane(() => 0);

/** What goes to the wire of one account, over the last minute. Times are epoch milliseconds. */
export class Flow {
  #submitted = none();
  #stretches: Stretch[] = [];
  #lookedAt: { ms: number; isBusy: boolean } | undefined;
  #lastSubmitAt: number | undefined;
  #lastReceiptAt: number | undefined;
  readonly #lanes: PerLane<Omit<LaneReport, 'submitted'>> = perLane(() => ({}));

  /** A segment goes to the wire. */
  submitted(lane: Lane, at: number): void {
    this.#submitted[lane] += 1;
    this.#lastSubmitAt = at;
  }

  /** The first segment of a message does. */
  began(lane: Lane, { segments, queuedAt }: { segments: number; queuedAt: number }): void {
    const { segmentsPerMessage: mean = segments } = this.#lanes[lane];
    this.#lanes[lane] = { segmentsPerMessage: mean + NEWEST * (segments - mean), frontQueuedAt: queuedAt };
  }

  received(at: number): void {
    this.#lastReceiptAt = at;
  }

  /**
   * Ends a stretch, and tells what the last minute came to.
   * @param isBusy whether as much waits now as can be held, and may be sent: busy from one look to the next was busy between
   */
  look(at: number, isBusy: boolean): Pick<AccountReport, 'lanes' | 'lastSubmitAt' | 'lastReceiptAt' | 'busyPerSecond'> {
    const before = this.#lookedAt;
    if (before !== undefined) {
      const wasBusy = isBusy && before.isBusy;
      this.#stretches.push({ fromMs: before.ms, untilMs: at, submitted: this.#submitted, wasBusy });
      this.#submitted = none();
    }
    this.#lookedAt = { ms: at, isBusy };
    this.#stretches = this.#stretches.filter(({ fromMs }) => fromMs >= at - WINDOW_MS && fromMs <= at);
    const busyPerSecond = this.#busyPerSecond();
    return {
      ...(this.#lastSubmitAt === undefined ? {} : { lastSubmitAt: this.#lastSubmitAt }),
      ...(this.#lastReceiptAt === undefined ? {} : { lastReceiptAt: this.#lastReceiptAt }),
      ...(busyPerSecond === undefined ? {} : { busyPerSecond }),
      lanes: perLane((lane) => this.#laneOf(lane)),
    };
  }

  #laneOf(lane: Lane): LaneReport {
    return { submitted: sum(this.#stretches.map(({ submitted }) => submitted[lane])), ...this.#lanes[lane] };
  }

  #busyPerSecond(): number | undefined {
    const busy = this.#stretches.filter(({ wasBusy }) => wasBusy);
    const busyMs = sum(busy.map(({ fromMs, untilMs }) => untilMs - fromMs));
    if (busyMs < LEAST_BUSY_MS) return undefined;
    const submitted = sum(busy.flatMap((stretch) => LANES.map((lane) => stretch.submitted[lane])));
    return Math.round((10 * submitted * 1_000) / busyMs) / 10;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
