import type { CloseReason } from './close-reason.ts';
import { addRequest, matchAnswer } from './pending-requests.ts';
import { forgiveReadingPause, onWake } from './session-deadlines.ts';
import type { SessionEffect, SessionEvent } from './session-events.ts';
import { onInbound } from './session-inbound.ts';
import { isConnected, type SessionState, submitRefusal } from './session-state.ts';
import { beginUnbind, change, cut, finish, settle, type Turn, writeAnswer, writeRequest } from './session-turn.ts';

export interface Step<R> {
  state: SessionState<R>;
  effects: readonly SessionEffect<R>[];
}

/**
 * The session as a function: what it becomes by an event, and what is to be done about it. No clock, no socket, no chance;
 * the state given is not changed. `nextWakeAtMs` of the new state tells when to come back with a `wake`.
 */
export function step<R>(state: SessionState<R>, event: SessionEvent<R>, nowMs: number): Step<R> {
  const turn: Turn<R> = { nowMs, state, effects: [] };
  apply(turn, event);
  unbindWhenDrained(turn);
  adjustReading(turn);
  return { state: turn.state, effects: turn.effects };
}

function apply<R>(turn: Turn<R>, event: SessionEvent<R>): void {
  switch (event.kind) {
    case 'start':
      return onStart(turn, event);
    case 'connected':
      return onConnected(turn);
    case 'inbound':
      return onInbound(turn, event.inbound);
    case 'submit':
      return onSubmit(turn, event);
    case 'unwritable':
      return onUnwritable(turn, event.sequence);
    case 'delivered':
      return onDelivered(turn, event);
    case 'write_blocked':
      return onWriteBlocked(turn);
    case 'write_drained':
      return change(turn, { writeStallDueAtMs: undefined });
    case 'wake':
      return onWake(turn);
    case 'close':
      return onClose(turn, event.drainMs);
    case 'destroy':
      return onEnd(turn, { reason: 'requested' });
    case 'disconnected':
      return onEnd(turn, event.reason);
  }
}

type EventOf<R, K> = Extract<SessionEvent<R>, { kind: K }>;

function onStart<R>(turn: Turn<R>, { bind }: EventOf<R, 'start'>): void {
  const { phase, settings } = turn.state;
  if (phase.name !== 'closed' || phase.reason !== undefined) return;
  change(turn, { phase: { name: 'connecting', dueAtMs: turn.nowMs + settings.connectMs, bind } });
  turn.effects.push({ kind: 'connect' });
}

function onConnected<R>(turn: Turn<R>): void {
  const { phase, settings } = turn.state;
  if (phase.name !== 'connecting') return;
  const sequence = writeRequest(turn, phase.bind);
  change(turn, { phase: { name: 'binding', dueAtMs: turn.nowMs + settings.bindMs, sequence } });
}

function onSubmit<R>(turn: Turn<R>, { pdu, request }: EventOf<R, 'submit'>): void {
  const { nowMs } = turn;
  const refusal = submitRefusal(turn.state);
  if (refusal !== undefined) {
    const outcome = { kind: 'not_sent', reason: refusal } as const;
    turn.effects.push({ kind: 'settle', request, sentAtMs: nowMs, outcome });
    return;
  }
  const sequence = writeRequest(turn, { ...pdu, command: 'submit_sm' });
  const dueAtMs = nowMs + turn.state.settings.submitAnswerMs;
  change(turn, { requests: addRequest(turn.state.requests, { sequence, sentAtMs: nowMs, dueAtMs, request }) });
}

function onUnwritable<R>(turn: Turn<R>, sequence: number): void {
  const { phase, requests } = turn.state;
  const matched = matchAnswer(requests, sequence);
  if (matched.kind === 'answered') {
    change(turn, { requests: matched.requests });
    settle(turn, matched.entry, { kind: 'not_sent', reason: 'not_encodable' });
  } else if (phase.name === 'binding' && phase.sequence === sequence) {
    finish(turn, { reason: 'bind_not_encodable' });
  }
}

function onDelivered<R>(turn: Turn<R>, { ticket, status }: EventOf<R, 'delivered'>): void {
  const inFlight = turn.state.delivers.find((deliver) => deliver.ticket === ticket);
  if (inFlight === undefined) return;
  change(turn, { delivers: turn.state.delivers.filter((deliver) => deliver !== inFlight) });
  writeAnswer(turn, { command: 'deliver_sm_resp', status, sequence: inFlight.sequence });
}

function onWriteBlocked<R>(turn: Turn<R>): void {
  if (!isConnected(turn.state) || turn.state.writeStallDueAtMs !== undefined) return;
  change(turn, { writeStallDueAtMs: turn.nowMs + turn.state.settings.writeStallMs });
}

function onClose<R>(turn: Turn<R>, drainMs: number): void {
  const { phase } = turn.state;
  if (phase.name === 'bound') {
    const drainDueAtMs = Math.min(phase.drainDueAtMs ?? Number.POSITIVE_INFINITY, turn.nowMs + drainMs);
    change(turn, { phase: { ...phase, drainDueAtMs } });
  } else if (phase.name === 'binding') finish(turn, { reason: 'requested' });
  else if (phase.name === 'connecting' || phase.name === 'closed') onEnd(turn, { reason: 'requested' });
}

/** The connection is gone, or is to be. A reason that was there before is the better one. */
function onEnd<R>(turn: Turn<R>, reason: CloseReason): void {
  const { phase } = turn.state;
  if (phase.name === 'closed' && phase.reason !== undefined) return;
  if (phase.name === 'open') cut(turn, phase.reason);
  else if (phase.name === 'unbinding') cut(turn, { reason: 'requested' });
  else cut(turn, reason);
}

/** What is still unanswered is waited for; deliver_sm are not, for the message centre may never run out of them. */
function unbindWhenDrained<R>(turn: Turn<R>): void {
  const { phase, requests } = turn.state;
  if (phase.name === 'bound' && phase.drainDueAtMs !== undefined && requests.unanswered.length === 0) beginUnbind(turn);
}

/** Neither more deliver_sm than are handled at a time, nor more answers than the peer takes, are kept in memory. */
function adjustReading<R>(turn: Turn<R>): void {
  const { state } = turn;
  if (!isConnected(state)) return;
  const sinceMs = state.readingPausedAtMs;
  const full = state.writeStallDueAtMs !== undefined || state.delivers.length >= state.settings.deliverWindow;
  if (full && sinceMs === undefined) {
    change(turn, { readingPausedAtMs: turn.nowMs });
    turn.effects.push({ kind: 'pause_reading' });
  } else if (!full && sinceMs !== undefined) {
    change(turn, { readingPausedAtMs: undefined });
    forgiveReadingPause(turn, sinceMs);
    turn.effects.push({ kind: 'resume_reading' });
  }
}
