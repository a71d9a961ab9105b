import type { Pdu, PduBody } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import type { CloseReason } from './close-reason.ts';
import type { PendingRequest } from './pending-requests.ts';
import { nextSequence } from './sequence.ts';
import type { SessionEffect, SubmitOutcome } from './session-events.ts';
import { isConnected, type SessionState } from './session-state.ts';

/** One step in the making: the state so far and what is to be done. The state that the step began with stays as it was. */
export interface Turn<R> {
  readonly nowMs: number;
  state: SessionState<R>;
  readonly effects: SessionEffect<R>[];
}

export function change<R>(turn: Turn<R>, changes: Partial<SessionState<R>>): void {
  turn.state = { ...turn.state, ...changes };
}

/** Writes a request under the next sequence number, which is returned. */
export function writeRequest<R>(turn: Turn<R>, body: PduBody): number {
  const sequence = nextSequence(turn.state.lastSequence);
  change(turn, { lastSequence: sequence });
  turn.effects.push({ kind: 'write', pdu: { ...body, status: STATUS.ok, sequence } });
  return sequence;
}

/** Writes an answer, which carries the sequence number of its request (3.2). Our half may be closed already: then not. */
export function writeAnswer<R>(turn: Turn<R>, pdu: Pdu): void {
  if (isConnected(turn.state) && turn.state.phase.name !== 'open') turn.effects.push({ kind: 'write', pdu });
}

export function settle<R>(turn: Turn<R>, entry: PendingRequest<R>, outcome: SubmitOutcome): void {
  turn.effects.push({ kind: 'settle', request: entry.request, sentAtMs: entry.sentAtMs, outcome });
}

/** Closes in peace: what was written still goes out, what is on its way still comes in. */
export function finish<R>(turn: Turn<R>, reason: CloseReason): void {
  change(turn, { phase: { name: 'open', dueAtMs: turn.nowMs + turn.state.settings.lingerMs, reason } });
  turn.effects.push({ kind: 'end' });
}

/** Cuts the connection. Whatever was unanswered is lost with it. */
export function cut<R>(turn: Turn<R>, reason: CloseReason): void {
  const { unanswered } = turn.state.requests;
  change(turn, {
    phase: { name: 'closed', reason },
    requests: { unanswered: [], late: [] },
    delivers: [],
    writeStallDueAtMs: undefined,
    readingPausedAtMs: undefined,
  });
  turn.effects.push({ kind: 'destroy' });
  for (const entry of unanswered) settle(turn, entry, { kind: 'unknown', reason: 'link_lost' });
}

export function beginUnbind<R>(turn: Turn<R>): void {
  const sequence = writeRequest(turn, { command: 'unbind' });
  change(turn, {
    phase: { name: 'unbinding', dueAtMs: turn.nowMs + turn.state.settings.unbindAnswerMs, sequence },
  });
}
