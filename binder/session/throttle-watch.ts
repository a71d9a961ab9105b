import type { Log } from '../../shared/log/log.ts';
import type { Tally } from '../metrics/tally.ts';
import { STATUS } from '../smpp/status.ts';
import type { Clock } from './clock.ts';
import type { ThrottleReport } from './pacing.ts';
import type { SubmitOutcome } from './session-events.ts';

export interface ThrottleWatchOptions {
  clock: Clock;
  log: Log;
  tally: Pick<Tally, 'count' | 'paused'>;
}

/** Counts the pauses that a message centre asks for, and tells when they are over. */
export class ThrottleWatch {
  readonly #options: ThrottleWatchOptions;
  /** Since the first pause that no success has followed. */
  #throttled: { sinceMs: number; lastMs: number; pauses: number } | undefined;

  constructor(options: ThrottleWatchOptions) {
    this.#options = options;
  }

  /** A pause began. */
  paused({ pauseMs, belowRate }: ThrottleReport): void {
    const { clock, tally } = this.#options;
    const now = clock.now();
    tally.count('Throttles');
    if (belowRate) tally.count('ThrottlesBelowRate');
    tally.paused.begin(now, pauseMs);
    const { sinceMs, pauses } = this.#throttled ?? { sinceMs: now, pauses: 0 };
    this.#throttled = { sinceMs, lastMs: now, pauses: pauses + 1 };
  }

  /** The submit written at `sentAtMs` has ended. One that was written before the last pause says nothing about its end. */
  ended({ sentAtMs, outcome }: { sentAtMs: number; outcome: SubmitOutcome }): void {
    const { clock, log } = this.#options;
    if (this.#throttled === undefined || outcome.kind !== 'answered' || outcome.commandStatus !== STATUS.ok) return;
    const { sinceMs, lastMs, pauses } = this.#throttled;
    if (sentAtMs <= lastMs) return;
    this.#throttled = undefined;
    log.info('the message centre takes submits again', { pauses, forMs: Math.round(clock.now() - sinceMs) });
  }

  /** The term is over, and with it any pause. */
  stop(): void {
    const { clock, tally } = this.#options;
    tally.paused.end(clock.now());
  }
}
