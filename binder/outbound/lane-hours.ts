import type { Account, Lane } from '../../shared/config/account.ts';
import { laneOpensAt } from '../../shared/domain/delivery-window.ts';
import type { Clock } from '../session/clock.ts';

/** The wall clock may be set meanwhile: looked at again after so long at the latest. */
const LONGEST_WAIT_MS = 60_000;

export interface LaneHoursOptions {
  account: Pick<Account, 'lanes' | 'timeZone'>;
  clock: Clock;
  /** Epoch milliseconds. */
  wallClock: () => number;
  /** A lane may have opened. */
  onOpen: (lane: Lane) => void;
}

/** The hours in which a lane's messages may go out. Only bulk has any. */
export class LaneHours {
  readonly #options: LaneHoursOptions;
  #cancel: (() => void) | undefined;

  constructor(options: LaneHoursOptions) {
    this.#options = options;
  }

  isOpen(lane: Lane): boolean {
    return this.#closedMs(lane) === 0;
  }

  /** Tells once when a lane that is closed may have opened. */
  tellWhenOpen(lane: Lane): void {
    if (this.#cancel !== undefined) return;
    const { clock, onOpen } = this.#options;
    this.#cancel = clock.setTimer(Math.min(LONGEST_WAIT_MS, this.#closedMs(lane)), () => {
      this.#cancel = undefined;
      onOpen(lane);
    });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** For how long a lane is closed, milliseconds; 0 while it is open. */
  #closedMs(lane: Lane): number {
    const { account, wallClock } = this.#options;
    const now = wallClock();
    return laneOpensAt(account, lane, now) - now;
  }
}
