import { STATUS } from '../smpp/status.ts';
import { STANDARD_STATUSES, type StatusTable } from './status-table.ts';
import { pauseAfterRefusal, resetAfterSuccess, type Throttle, unthrottled } from './throttle.ts';

/** Operators count submits in a sliding second. */
const SECOND_MS = 1_000;
const DEFAULT_GUARD_MS = 2.5;
const WIDEST_GUARD_MS = 48;
/** After so long without a refusal for the rate a widened guard is halved: the rate that it costs is worth another try. */
const GUARD_KEPT_MS = 600_000;
/** Timers come late by about this much; the grid leaves room for it, or lateness would add up round by round. */
const TIMER_LATENESS_MS = 1.5;
const LEAST_CATCH_UP_MS = 25;
/** From this share of the configured rate on, a refusal for the rate can be jitter; below it, a quota or a block is likelier. */
const FULL_RATE_SHARE = 0.8;

export interface SubmitGateOptions {
  segmentsPerSecond: number;
  guardMs?: number;
  /**
   * When whoever had the account before submitted last, in this clock's milliseconds; -Infinity if no one has within
   * the last second. Left out: unknown, and the first second after the first bind stays silent.
   */
  previousSubmitAtMs?: number;
  /** Which answers ask for a pause; the standard's by default. */
  statuses?: StatusTable;
}

/** What the gate made of an answer that asked for less. */
export interface ThrottleReport {
  commandStatus: number;
  pauseMs: number;
  /** Submits in the second that ended with the refused one. */
  submitsInSecond: number;
  /** Refused for the rate with too few to have hit it: a quota or a block, and someone should look. */
  belowRate: boolean;
  /** The guard from now on, wider than before where it was refused for the rate. */
  guardMs: number;
}

/**
 * When the account's next submit_sm may be written. One gate per account, whatever sessions it has.
 *
 * Three rules, all on monotonic time. (a) Submit n not before submit n-r plus 1000 ms plus a guard: no sliding second
 * holds more than r, and the guard takes the network's jitter. (b) An even grid of (1000 + guard + 1.5) / r ms: at r = 10
 * and a guard of 2.5 ms that is 100.4 ms, 99.6 % of the rate. Rule (a) alone would send r at once each second. Rule (a)
 * refers to when submits really left, so each one's lateness moves the one r later; the 1.5 ms by which the grid's round
 * is longer give that back. (c) A submit that comes late by no more than a quarter of the spacing, or 25 ms at rates
 * above ten, keeps its place on the grid, so that lateness does not add up; one that comes later begins a new grid, so
 * that nothing more than those 25 ms is ever caught up in a burst. At r = 10 the least gap is therefore 75.3 ms.
 */
export class SubmitGate {
  readonly #perSecond: number;
  readonly #statuses: StatusTable;
  readonly #leastGuardMs: number;
  /** Ring of the last 2r times: r for the rule, as many again to look back at the second before a refused one. */
  readonly #sentAtMs: Float64Array;
  #sent = 0;
  #slotMs = Number.NEGATIVE_INFINITY;
  #heldUntilMs = Number.NEGATIVE_INFINITY;
  #guardMs: number;
  #guardSinceMs = Number.NEGATIVE_INFINITY;
  #previousSubmitAtMs: number | undefined;
  #throttle: Throttle = unthrottled;

  constructor(options: SubmitGateOptions) {
    this.#perSecond = options.segmentsPerSecond;
    this.#leastGuardMs = options.guardMs ?? DEFAULT_GUARD_MS;
    this.#guardMs = this.#leastGuardMs;
    this.#previousSubmitAtMs = options.previousSubmitAtMs;
    this.#statuses = options.statuses ?? STANDARD_STATUSES;
    this.#sentAtMs = new Float64Array(2 * this.#perSecond).fill(Number.NEGATIVE_INFINITY);
  }

  /** The earliest time, `nowMs` or later, at which the next submit may be written. */
  nextAt(nowMs: number): number {
    const windowAtMs = this.#sentBefore(this.#perSecond) + SECOND_MS + this.#guardMs;
    const gridAtMs = this.#slotMs + this.#spacingMs;
    return Math.max(nowMs, windowAtMs, gridAtMs, this.#heldUntilMs, this.#throttle.untilMs);
  }

  /** A submit is written: the next one has to wait for its turn from now on. */
  record(nowMs: number): void {
    this.#narrowGuard(nowMs);
    const slotMs = this.#slotMs + this.#spacingMs;
    this.#slotMs = nowMs - slotMs <= this.#catchUpMs ? slotMs : nowMs;
    this.#sentAtMs[this.#sent % this.#sentAtMs.length] = nowMs;
    this.#sent += 1;
    this.#previousSubmitAtMs = nowMs;
  }

  /**
   * The last `count` submits recorded have left the process. `nowMs` is read after that: by a clock that was read before, a
   * stall in between would let the next ones go too early.
   */
  left(count: number, nowMs: number): void {
    for (let n = 1; n <= Math.min(count, this.#perSecond); n += 1) {
      this.#sentAtMs[(this.#sent - n) % this.#sentAtMs.length] = nowMs;
    }
    this.#previousSubmitAtMs = nowMs;
  }

  /** Nothing before `atMs`. Never shortens an earlier hold. */
  holdUntil(atMs: number): void {
    this.#heldUntilMs = Math.max(this.#heldUntilMs, atMs);
  }

  /** A link ended with submits unanswered: for all that is known they lay in a buffer and arrived only now. */
  lostUnanswered(nowMs: number): void {
    this.#previousSubmitAtMs = nowMs;
  }

  /** A session was bound: nothing goes out within a second of the last submit by anyone, known or possible. */
  holdAfterBind(nowMs: number): void {
    this.holdUntil((this.#previousSubmitAtMs ?? nowMs) + SECOND_MS + this.#guardMs);
  }

  /** Learns from the answer to a submit written at `sentAtMs`. A report says that a pause began. */
  answered(answer: { commandStatus: number; sentAtMs: number; nowMs: number }): ThrottleReport | undefined {
    const { commandStatus, sentAtMs, nowMs } = answer;
    if (commandStatus === STATUS.ok) {
      this.#throttle = resetAfterSuccess(this.#throttle, sentAtMs);
      return undefined;
    }
    const asked = this.#statuses.submitAnswer(commandStatus);
    if (asked.action !== 'pause') return undefined;
    const throttle = pauseAfterRefusal(this.#throttle, { sentAtMs, nowMs, rule: asked });
    if (throttle === this.#throttle) return undefined;
    this.#throttle = throttle;
    const submitsInSecond = this.#sentWithinSecondBefore(sentAtMs);
    const forTheRate = asked.cause === 'rate';
    if (forTheRate) this.#widenGuard(nowMs);
    const belowRate = forTheRate && submitsInSecond < FULL_RATE_SHARE * this.#perSecond;
    return {
      commandStatus,
      pauseMs: Math.round(throttle.untilMs - nowMs),
      submitsInSecond,
      belowRate,
      guardMs: this.#guardMs,
    };
  }

  get guardMs(): number {
    return this.#guardMs;
  }

  /** Until when the message centre's wish keeps the link quiet; in the past when it does not. */
  get pausedUntilMs(): number {
    return this.#throttle.untilMs;
  }

  get lastSubmitAtMs(): number | undefined {
    return this.#previousSubmitAtMs;
  }

  get #spacingMs(): number {
    return (SECOND_MS + this.#guardMs + TIMER_LATENESS_MS) / this.#perSecond;
  }

  get #catchUpMs(): number {
    return Math.max(this.#spacingMs / 4, LEAST_CATCH_UP_MS);
  }

  /** We keep to the configured rate, so whoever is refused for it met jitter on the way or counts more strictly than we do. */
  #widenGuard(nowMs: number): void {
    this.#guardMs = Math.max(this.#guardMs, Math.min(2 * this.#guardMs, WIDEST_GUARD_MS));
    this.#guardSinceMs = nowMs;
  }

  #narrowGuard(nowMs: number): void {
    if (this.#guardMs === this.#leastGuardMs || nowMs - this.#guardSinceMs < GUARD_KEPT_MS) return;
    this.#guardMs = Math.max(this.#leastGuardMs, this.#guardMs / 2);
    this.#guardSinceMs = nowMs;
  }

  /** When the nth submit before the next one was written: 1 is the last. */
  #sentBefore(n: number): number {
    const length = this.#sentAtMs.length;
    return this.#sentAtMs[(this.#sent - n + length) % length] ?? Number.NEGATIVE_INFINITY;
  }

  #sentWithinSecondBefore(atMs: number): number {
    return this.#sentAtMs.filter((sentAtMs) => sentAtMs > atMs - SECOND_MS && sentAtMs <= atMs).length;
  }
}
