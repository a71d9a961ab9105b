import { STATUS } from '../smpp/status.ts';
import { expireRequests, forgivePause, type PendingRequest } from './pending-requests.ts';
import type { SessionState } from './session-state.ts';
import { beginUnbind, change, cut, finish, settle, type Turn, writeAnswer, writeRequest } from './session-turn.ts';

type Deadline = 'phase' | 'silence' | 'enquiry' | 'stalled' | 'drain' | 'submit' | 'deliver' | 'write_stall';

/**
 * What is waited for and when it is due. While nothing is read, the peer's answers may lie in our own buffers, so nothing
 * that it owes is judged.
 */
function deadlines<R>(state: SessionState<R>): [Deadline, number | undefined][] {
  const { phase, settings } = state;
  const due: [Deadline, number | undefined][] = [
    ['write_stall', state.writeStallDueAtMs],
    ['deliver', state.delivers[0]?.dueAtMs],
  ];
  if (phase.name === 'bound') due.push(['drain', phase.drainDueAtMs]);
  else if (phase.name !== 'closed') due.push(['phase', phase.dueAtMs]);
  if (state.readingPausedAtMs !== undefined) return due;
  due.push(['submit', state.requests.unanswered[0]?.dueAtMs]);
  if (phase.name !== 'bound') return due;
  due.push(['stalled', phase.stalledDueAtMs]);
  if (phase.enquiryDueAtMs === undefined) due.push(['silence', state.lastInboundAtMs + settings.enquireLinkMs]);
  else due.push(['enquiry', phase.enquiryDueAtMs]);
  return due;
}

/** When the session next has to be woken, or undefined if it waits for nothing. */
export function nextWakeAtMs<R>(state: SessionState<R>): number | undefined {
  const atMs = Math.min(...deadlines(state).map(([, dueAtMs]) => dueAtMs ?? Number.POSITIVE_INFINITY));
  return atMs === Number.POSITIVE_INFINITY ? undefined : atMs;
}

/** Acts on everything that is due. Each act takes its own deadline away or moves it on. */
export function onWake<R>(turn: Turn<R>): void {
  for (let due = firstDue(turn); due !== undefined; due = firstDue(turn)) act(turn, due);
}

function firstDue<R>(turn: Turn<R>): Deadline | undefined {
  return deadlines(turn.state).find(([, dueAtMs]) => dueAtMs !== undefined && dueAtMs <= turn.nowMs)?.[0];
}

function act<R>(turn: Turn<R>, deadline: Deadline): void {
  switch (deadline) {
    case 'phase':
      return endPhase(turn);
    case 'silence':
      return enquire(turn);
    case 'enquiry':
      return cut(turn, { reason: 'enquire_link_timeout' });
    case 'stalled':
      return cut(turn, { reason: 'submits_unanswered' });
    case 'drain':
      return beginUnbind(turn);
    case 'submit':
      return expireSubmits(turn);
    case 'deliver':
      return answerForHandler(turn);
    case 'write_stall':
      return cut(turn, { reason: 'peer_not_reading' });
  }
}

function endPhase<R>(turn: Turn<R>): void {
  const { phase } = turn.state;
  if (phase.name === 'connecting') cut(turn, { reason: 'connect_timeout' });
  else if (phase.name === 'binding') cut(turn, { reason: 'bind_timeout' });
  else if (phase.name === 'unbinding') finish(turn, { reason: 'requested' });
  else if (phase.name === 'open') cut(turn, phase.reason);
}

function enquire<R>(turn: Turn<R>): void {
  const { phase, settings } = turn.state;
  if (phase.name !== 'bound') return;
  writeRequest(turn, { command: 'enquire_link' });
  change(turn, { phase: { ...phase, enquiryDueAtMs: turn.nowMs + settings.enquireLinkAnswerMs } });
}

function expireSubmits<R>(turn: Turn<R>): void {
  const { expired, requests } = expireRequests(turn.state.requests, turn.nowMs);
  change(turn, { requests });
  for (const entry of expired) {
    settle(turn, entry, { kind: 'unknown', reason: 'timeout' });
    suspectStall(turn, entry);
  }
}

/**
 * One lost answer happens on a sound link. If nothing written since was answered either, the link is dead for submits,
 * though it may answer enquire_link: no more are written, and unless an answer comes after all it is given up.
 */
function suspectStall<R>(turn: Turn<R>, { sentAtMs }: PendingRequest<R>): void {
  const { phase, settings, lastSubmitAnswerAtMs } = turn.state;
  if (phase.name !== 'bound' || phase.stalledDueAtMs !== undefined || lastSubmitAnswerAtMs > sentAtMs) return;
  change(turn, { phase: { ...phase, stalledDueAtMs: turn.nowMs + settings.enquireLinkAnswerMs } });
  turn.effects.push({ kind: 'note', note: 'submits_stalled' });
}

/** A handler that takes too long must not keep the reader waiting for ever: the message centre will send it again. */
function answerForHandler<R>(turn: Turn<R>): void {
  const [oldest, ...delivers] = turn.state.delivers;
  if (oldest === undefined) return;
  change(turn, { delivers });
  turn.effects.push({ kind: 'note', note: 'deliver_unanswered_in_time' });
  const { sequence } = oldest;
  writeAnswer(turn, { command: 'deliver_sm_resp', status: STATUS.temporaryApplicationError, sequence });
}

/** Reading began again: the time without it is not counted against the peer. */
export function forgiveReadingPause<R>(turn: Turn<R>, sinceMs: number): void {
  const { phase, requests } = turn.state;
  const pausedMs = turn.nowMs - sinceMs;
  const later = (dueAtMs: number | undefined) => (dueAtMs === undefined ? undefined : dueAtMs + pausedMs);
  change(turn, { lastInboundAtMs: turn.nowMs, requests: forgivePause(requests, sinceMs, turn.nowMs) });
  if (phase.name !== 'bound') return;
  change(turn, {
    phase: { ...phase, enquiryDueAtMs: later(phase.enquiryDueAtMs), stalledDueAtMs: later(phase.stalledDueAtMs) },
  });
}
