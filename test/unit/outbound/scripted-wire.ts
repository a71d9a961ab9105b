import type { SegmentRef, Wire } from '../../../binder/outbound/submission.ts';
import { SubmitGate } from '../../../binder/session/pacing.ts';
import type { SubmitOutcome } from '../../../binder/session/session-events.ts';
import type { SubmitSm } from '../../../binder/smpp/pdu.ts';
import type { SimulatedClock } from '../../fixtures/simulated-clock.ts';

export interface WrittenSubmit extends SegmentRef {
  atMs: number;
  /** Counts submits from 0. */
  ordinal: number;
  pdu: SubmitSm;
  outcome?: SubmitOutcome;
}

/** What the message centre makes of a submit: an answer after a time, or none. */
export type Reaction = { status: number; id?: string; afterMs: number } | 'silence';

const SUBMIT_ANSWER_MS = 60_000;

/** A link on simulated time: the real gate, a window, and a message centre that a test scripts. */
export class ScriptedWire implements Wire {
  readonly #clock: SimulatedClock;
  readonly #gate: SubmitGate;
  readonly #unanswered = new Map<WrittenSubmit, (outcome: SubmitOutcome) => void>();
  readonly submits: WrittenSubmit[] = [];
  window = 10;
  bound = false;
  /** For which answers a rebind was asked for. */
  readonly rebinds: number[] = [];
  react: (submit: WrittenSubmit) => Reaction = () => ({ status: 0, afterMs: 20 });
  onSubmit: (submit: WrittenSubmit) => void = () => undefined;

  constructor(clock: SimulatedClock, segmentsPerSecond: number) {
    this.#clock = clock;
    this.#gate = new SubmitGate({ segmentsPerSecond, previousSubmitAtMs: Number.NEGATIVE_INFINITY });
  }

  submitReady(): number {
    return this.bound ? this.window - this.#unanswered.size : 0;
  }

  nextAt(nowMs: number): number {
    return this.#gate.nextAt(nowMs);
  }

  rebind(commandStatus: number): void {
    this.rebinds.push(commandStatus);
  }

  submit(pdu: SubmitSm, ref: SegmentRef): Promise<SubmitOutcome> {
    const now = this.#clock.now();
    if (!this.bound) return Promise.resolve({ kind: 'not_sent', reason: 'not_bound' });
    if (this.submitReady() <= 0) return Promise.resolve({ kind: 'not_sent', reason: 'window_full' });
    if (this.#gate.nextAt(now) > now) return Promise.resolve({ kind: 'not_sent', reason: 'paced' });
    this.#gate.record(now);
    const submit: WrittenSubmit = { ...ref, pdu, atMs: now, ordinal: this.submits.length };
    this.submits.push(submit);
    this.onSubmit(submit);
    return new Promise((settle) => {
      this.#unanswered.set(submit, settle);
      const reaction = this.react(submit);
      if (reaction === 'silence') this.#later(SUBMIT_ANSWER_MS, submit, { kind: 'unknown', reason: 'timeout' });
      else this.#answerLater(submit, reaction);
    });
  }

  /** The connection is gone: what was unanswered stays so. */
  lose(): void {
    this.bound = false;
    for (const submit of this.#unanswered.keys()) this.#settle(submit, { kind: 'unknown', reason: 'link_lost' });
  }

  get unanswered(): number {
    return this.#unanswered.size;
  }

  #answerLater(submit: WrittenSubmit, { status, id, afterMs }: Exclude<Reaction, 'silence'>): void {
    const messageId = id ?? `mc-${submit.ordinal}`;
    this.#later(afterMs, submit, {
      kind: 'answered',
      commandStatus: status,
      answeredInMs: afterMs,
      ...(status === 0 ? { messageId } : {}),
    });
  }

  #later(afterMs: number, submit: WrittenSubmit, outcome: SubmitOutcome): void {
    this.#clock.setTimer(afterMs, () => this.#settle(submit, outcome));
  }

  #settle(submit: WrittenSubmit, outcome: SubmitOutcome): void {
    const settle = this.#unanswered.get(submit);
    if (!settle) return;
    this.#unanswered.delete(submit);
    submit.outcome = outcome;
    if (outcome.kind === 'answered') {
      const { commandStatus } = outcome;
      this.#gate.answered({ commandStatus, sentAtMs: submit.atMs, nowMs: this.#clock.now() });
    }
    settle(outcome);
  }
}
