import { encodePdu } from '../smpp/encode.ts';
import type { Bind, Pdu } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import type { Clock } from './clock.ts';
import { Connection, faultCode } from './connection.ts';
import { nextWakeAtMs } from './session-deadlines.ts';
import type { InboundDeliver, SessionEffect, SessionEvent, SubmitBody, SubmitOutcome } from './session-events.ts';
import type { SessionOptions } from './session-options.ts';
import { SessionReader } from './session-reader.ts';
import {
  initialState,
  isConnected,
  type Phase,
  type SessionState,
  submitRefusal,
  submitRoom,
} from './session-state.ts';
import { step } from './session-step.ts';
import { WakeTimer } from './wake-timer.ts';

interface Submission<C> {
  context: C;
  settle: (outcome: SubmitOutcome) => void;
}

/**
 * One connection to the message centre from connect to close: feeds what happens to the pure core (session-step.ts) and
 * does what it says. Used once; the next connection is another Session, so nothing of an old one reaches a new one.
 */
export class Session<C> {
  readonly #options: SessionOptions<C>;
  readonly #clock: Clock;
  readonly #reader: SessionReader;
  readonly #wake: WakeTimer;
  #state: SessionState<Submission<C>>;
  #connection: Connection | undefined;
  readonly #events: SessionEvent<Submission<C>>[] = [];
  readonly #calls: (() => void)[] = [];
  #submitsToFlush = 0;
  #stepping = false;
  #reading = false;

  constructor(options: SessionOptions<C>) {
    const { settings, counters, log } = options;
    this.#options = options;
    this.#clock = options.clock;
    this.#state = initialState(settings);
    this.#wake = new WakeTimer(options.clock, () => this.#dispatch({ kind: 'wake' }));
    this.#reader = new SessionReader({ maxLengthOctets: settings.maxLengthOctets, counters, log });
  }

  start(bind: Bind): void {
    this.#dispatch({ kind: 'start', bind });
  }

  get phase(): Phase {
    return this.#state.phase;
  }

  /** How many submits window and socket would take now. The gate is another question. */
  get submitRoom(): number {
    return submitRoom(this.#state);
  }

  /** Submits without an answer, how old the oldest is, and how long ago the last PDU came in. */
  vitals(): { unanswered: number; oldestUnansweredMs: number; lastInboundAgeMs: number } {
    const { requests, lastInboundAtMs } = this.#state;
    const nowMs = this.#clock.now();
    return {
      unanswered: requests.unanswered.length,
      oldestUnansweredMs: Math.round(nowMs - (requests.unanswered[0]?.sentAtMs ?? nowMs)),
      lastInboundAgeMs: Math.round(nowMs - lastInboundAtMs),
    };
  }

  /** Writes now or not at all. Never rejects. */
  submit(pdu: SubmitBody, context: C): Promise<SubmitOutcome> {
    return new Promise((settle) => {
      const nowMs = this.#clock.now();
      if (submitRefusal(this.#state) === undefined && this.#options.gate.nextAt(nowMs) > nowMs) {
        return settle({ kind: 'not_sent', reason: 'paced' });
      }
      this.#dispatch({ kind: 'submit', pdu, request: { context, settle } });
    });
  }

  close(drainMs: number): void {
    this.#dispatch({ kind: 'close', drainMs });
  }

  destroy(): void {
    this.#dispatch({ kind: 'destroy' });
  }

  /** One event after the other: what an effect brings about is dealt with after it, and the handlers are called last. */
  #dispatch(event: SessionEvent<Submission<C>>): void {
    this.#events.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    try {
      for (let next = this.#events.shift(); next !== undefined; next = this.#events.shift()) this.#advance(next);
    } finally {
      this.#stepping = false;
    }
    this.#wake.follow(nextWakeAtMs(this.#state));
    for (let call = this.#calls.shift(); call !== undefined; call = this.#calls.shift()) this.#guard(call);
    this.#readOn();
  }

  #advance(event: SessionEvent<Submission<C>>): void {
    const before = this.#state.phase;
    const { state, effects } = step(this.#state, event, this.#clock.now());
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
    const { phase } = state;
    if (phase.name !== before.name) this.#calls.push(() => this.#options.handlers.onPhase(phase));
  }

  #perform(effect: SessionEffect<Submission<C>>): void {
    switch (effect.kind) {
      case 'connect':
        return this.#connect();
      case 'write':
        return this.#write(effect.pdu);
      case 'end':
        return this.#connection?.end();
      case 'destroy':
        return this.#connection?.destroy();
      case 'pause_reading':
        return this.#connection?.pause();
      case 'resume_reading':
        return this.#connection?.resume();
      case 'deliver':
        this.#calls.push(() => void this.#deliver(effect.ticket, effect.pdu));
        return;
      case 'settle':
        return this.#settle(effect);
      case 'late_answer':
        return this.#lateAnswer(effect);
      case 'note':
        return this.#options.counters.note(effect.note);
    }
  }

  #connect(): void {
    try {
      this.#connection = new Connection(this.#options.endpoint, {
        onConnected: () => this.#dispatch({ kind: 'connected' }),
        onOctets: (chunk) => {
          this.#reader.push(chunk);
          this.#readOn();
        },
        onFlushed: () => this.#onFlushed(),
        onDrained: () => this.#dispatch({ kind: 'write_drained' }),
        onClosed: (reason) => this.#dispatch({ kind: 'disconnected', reason }),
      });
    } catch (error) {
      // A certificate or key that is none.
      this.#events.push({ kind: 'disconnected', reason: { reason: 'connect_failed', detail: faultCode(error) } });
    }
  }

  #write(pdu: Pdu): void {
    const { gate, counters, log } = this.#options;
    let frame: Buffer;
    try {
      frame = encodePdu(pdu);
    } catch (error) {
      log.error('a PDU of ours cannot be encoded', { command: pdu.command, error });
      this.#events.push({ kind: 'unwritable', sequence: pdu.sequence });
      return;
    }
    const flowing = this.#connection?.write(frame);
    if (pdu.command === 'submit_sm') {
      gate.record(this.#clock.now());
      counters.unanswered(this.#state.requests.unanswered.length);
      this.#submitsToFlush += 1;
    }
    counters.pdu('written', pdu);
    if (flowing === false) this.#events.push({ kind: 'write_blocked' });
  }

  #onFlushed(): void {
    if (this.#submitsToFlush > 0) this.#options.gate.left(this.#submitsToFlush, this.#clock.now());
    this.#submitsToFlush = 0;
  }

  #settle({ request, outcome, sentAtMs }: Extract<SessionEffect<Submission<C>>, { kind: 'settle' }>): void {
    const { gate, counters, handlers } = this.#options;
    counters.outcome(outcome);
    const nowMs = this.#clock.now();
    if (outcome.kind === 'unknown') gate.lostUnanswered(nowMs);
    if (outcome.kind === 'answered') {
      const report = gate.answered({ commandStatus: outcome.commandStatus, sentAtMs, nowMs });
      if (report !== undefined) this.#calls.push(() => handlers.onThrottled(report));
    }
    request.settle(outcome);
  }

  #lateAnswer(effect: Extract<SessionEffect<Submission<C>>, { kind: 'late_answer' }>): void {
    const { counters, handlers } = this.#options;
    const { request, commandStatus, messageId } = effect;
    const answer = { context: request.context, commandStatus, ...(messageId === undefined ? {} : { messageId }) };
    counters.counts.lateAnswers += 1;
    this.#calls.push(() => handlers.onLateAnswer(answer));
  }

  async #deliver(ticket: number, pdu: InboundDeliver): Promise<void> {
    let status: number = STATUS.temporaryApplicationError;
    try {
      const wanted = await this.#options.handlers.onDeliver(pdu);
      if (Number.isInteger(wanted) && wanted >= 0 && wanted <= 0xffffffff) status = wanted;
    } catch (error) {
      this.#fault(error);
    }
    this.#dispatch({ kind: 'delivered', ticket, status });
  }

  #readOn(): void {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (isConnected(this.#state) && this.#state.readingPausedAtMs === undefined) {
        const inbound = this.#reader.take();
        if (inbound === undefined) break;
        this.#dispatch({ kind: 'inbound', inbound });
      }
    } finally {
      this.#reading = false;
    }
  }

  #guard(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#fault(error);
    }
  }

  #fault(error: unknown): void {
    this.#options.counters.counts.handlerFaults += 1;
    this.#options.log.error('a handler failed', { error });
  }
}
