import { nextWakeAtMs } from '../../../binder/session/session-deadlines.ts';
import type { SessionEffect, SessionEvent, SubmitOutcome } from '../../../binder/session/session-events.ts';
import { type SessionSettings, sessionSettings } from '../../../binder/session/session-settings.ts';
import { initialState, type SessionState } from '../../../binder/session/session-state.ts';
import { step } from '../../../binder/session/session-step.ts';
import type { Pdu, PduBody } from '../../../binder/smpp/pdu.ts';
import { accountSchema } from '../../../shared/config/account.ts';
import { accountInput, bindPdu, deliverBody, submitBody } from '../../fixtures/smpp-session.ts';

type Effect = SessionEffect<string>;

/** Drives the pure core with numbers as time; requests are marked by strings. */
export class Core {
  state: SessionState<string>;
  nowMs: number;
  /** Effects of the last event. */
  effects: readonly Effect[] = [];
  /** Effects of all events so far. */
  readonly history: Effect[] = [];

  constructor(overrides: Partial<SessionSettings> = {}, nowMs = 1_000) {
    this.nowMs = nowMs;
    this.state = initialState(sessionSettings(accountSchema.parse(accountInput), 'transceiver', overrides));
  }

  static bound(overrides: Partial<SessionSettings> = {}): Core {
    const core = new Core(overrides);
    core.send({ kind: 'start', bind: bindPdu });
    core.send({ kind: 'connected' });
    core.receive({ command: `bind_${core.state.settings.bindType}_resp`, systemId: 'MC' }, core.sequence);
    return core;
  }

  get phase(): string {
    return this.state.phase.name;
  }

  /** The last sequence number used. */
  get sequence(): number {
    return this.state.lastSequence;
  }

  send(event: SessionEvent<string>): readonly Effect[] {
    const { state, effects } = step(this.state, event, this.nowMs);
    this.state = state;
    this.effects = effects;
    this.history.push(...effects);
    return effects;
  }

  receive(body: PduBody, sequence: number, status = 0): readonly Effect[] {
    const pdu: Pdu = { ...body, status, sequence };
    return this.send({ kind: 'inbound', inbound: { kind: 'pdu', pdu } });
  }

  /** Submits and returns the sequence number. */
  submit(request: string): number {
    this.send({ kind: 'submit', pdu: submitBody, request });
    return this.sequence;
  }

  deliver(sequence: number): readonly Effect[] {
    return this.receive({ ...deliverBody, command: 'deliver_sm' }, sequence);
  }

  /** Lets time pass, waking the core whenever it wants to be woken. Returns the effects of all that. */
  passMs(ms: number): readonly Effect[] {
    const untilMs = this.nowMs + ms;
    const before = this.history.length;
    for (let atMs = nextWakeAtMs(this.state); atMs !== undefined && atMs <= untilMs; atMs = nextWakeAtMs(this.state)) {
      this.nowMs = Math.max(this.nowMs, atMs);
      this.send({ kind: 'wake' });
    }
    this.nowMs = untilMs;
    return this.history.slice(before);
  }
}

/** PDUs written among effects. */
export function written(effects: readonly Effect[]): Pdu[] {
  return effects.flatMap((effect) => (effect.kind === 'write' ? [effect.pdu] : []));
}

/** Outcomes among effects, as `[mark, outcome]`. */
export function settled(effects: readonly Effect[]): [string, SubmitOutcome][] {
  return effects.flatMap((effect) =>
    effect.kind === 'settle' ? [[effect.request, effect.outcome] satisfies [string, SubmitOutcome]] : [],
  );
}
