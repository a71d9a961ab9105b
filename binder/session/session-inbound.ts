import { isResponseId } from '../smpp/layout.ts';
import type { Command, Pdu } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import { matchAnswer } from './pending-requests.ts';
import type { Inbound, InboundDeliver } from './session-events.ts';
import { isConnected } from './session-state.ts';
import { change, finish, settle, type Turn, writeAnswer } from './session-turn.ts';

/** ESME_RX_P_APPN: a deliver_sm that does not parse will not parse the next time either. */
const UNREADABLE = 0x65;
/** ESME_RUNKNOWNERR: a generic_nack is an error, whatever its status says. */
const UNKNOWN_ERROR = 0xff;

interface Header {
  command: Command;
  status: number;
  sequence: number;
}

/** A PDU came in, or something that should have been one. */
export function onInbound<R>(turn: Turn<R>, inbound: Inbound): void {
  if (!isConnected(turn.state)) return;
  if (inbound.kind === 'bad_length') return onBadLength(turn, inbound.length);
  signOfLife(turn);
  switch (inbound.kind) {
    case 'pdu':
      return onPdu(turn, inbound.pdu);
    case 'malformed':
      return onMalformed(turn, inbound);
    case 'unknown_command':
      // A generic_nack in answer to an answer would be answered in its turn, and so on.
      return isResponseId(inbound.commandId) ? noteUnmatched(turn) : refuseCommand(turn, inbound.sequence);
  }
}

function signOfLife<R>(turn: Turn<R>): void {
  const { phase } = turn.state;
  change(turn, { lastInboundAtMs: turn.nowMs });
  if (phase.name === 'bound' && phase.enquiryDueAtMs !== undefined) {
    change(turn, { phase: { ...phase, enquiryDueAtMs: undefined } });
  }
}

function onPdu<R>(turn: Turn<R>, pdu: Pdu): void {
  if (pdu.command === 'deliver_sm') return onDeliver(turn, pdu);
  if (pdu.command === 'submit_sm_resp') return onSubmitAnswer(turn, pdu);
  onHeader(turn, pdu);
}

/** The header holds what most answers say. An acceptance whose id is unreadable is still an acceptance. */
function onMalformed<R>(turn: Turn<R>, header: Header): void {
  const { command, status, sequence } = header;
  if (command === 'submit_sm_resp') return onSubmitAnswer(turn, { status, sequence });
  if (command === 'deliver_sm') {
    return writeAnswer(turn, { command: 'deliver_sm_resp', status: UNREADABLE, sequence });
  }
  onHeader(turn, header);
}

function onHeader<R>(turn: Turn<R>, { command, status, sequence }: Header): void {
  switch (command) {
    case 'bind_transmitter_resp':
    case 'bind_receiver_resp':
    case 'bind_transceiver_resp':
      return onBindAnswer(turn, { command, status, sequence });
    case 'enquire_link':
      return writeAnswer(turn, { command: 'enquire_link_resp', status: STATUS.ok, sequence });
    case 'unbind':
      return onPeerUnbind(turn, sequence);
    case 'unbind_resp':
      return onUnbindAnswer(turn, sequence);
    case 'generic_nack':
      return onNack(turn, { command, status: status === STATUS.ok ? UNKNOWN_ERROR : status, sequence });
    case 'enquire_link_resp':
    case 'outbind':
      return;
    case 'submit_sm_resp':
    case 'deliver_sm_resp':
      return noteUnmatched(turn);
    case 'bind_transmitter':
    case 'bind_receiver':
    case 'bind_transceiver':
    case 'submit_sm':
    case 'deliver_sm':
      return refuseCommand(turn, sequence);
  }
}

function onBindAnswer<R>(turn: Turn<R>, { command, status, sequence }: Header): void {
  const { phase, settings } = turn.state;
  if (phase.name !== 'binding' || phase.sequence !== sequence) return noteUnmatched(turn);
  if (status !== STATUS.ok) return finish(turn, { reason: 'bind_refused', commandStatus: status });
  if (command !== `bind_${settings.bindType}_resp`) return finish(turn, { reason: 'bind_mismatched', detail: command });
  change(turn, {
    phase: { name: 'bound', enquiryDueAtMs: undefined, stalledDueAtMs: undefined, drainDueAtMs: undefined },
  });
}

function onSubmitAnswer<R>(turn: Turn<R>, answer: { status: number; sequence: number; messageId?: string }): void {
  const matched = matchAnswer(turn.state.requests, answer.sequence);
  if (matched.kind === 'unmatched') return noteUnmatched(turn);
  const { entry, requests } = matched;
  const { phase } = turn.state;
  change(turn, { requests, lastSubmitAnswerAtMs: turn.nowMs });
  if (phase.name === 'bound' && phase.stalledDueAtMs !== undefined) {
    change(turn, { phase: { ...phase, stalledDueAtMs: undefined } });
  }
  const result = {
    commandStatus: answer.status,
    ...(answer.messageId === undefined ? {} : { messageId: answer.messageId }),
  };
  if (matched.kind === 'late') turn.effects.push({ kind: 'late_answer', request: entry.request, ...result });
  else settle(turn, entry, { kind: 'answered', ...result, answeredInMs: turn.nowMs - entry.sentAtMs });
}

/**
 * Handed on whatever the state: some message centres send receipts before the bind answer, and between our unbind and its
 * answer there may be some on the way.
 */
function onDeliver<R>(turn: Turn<R>, pdu: InboundDeliver): void {
  const { phase, delivers, lastTicket, settings } = turn.state;
  if (phase.name === 'open') return;
  const ticket = lastTicket + 1;
  const inFlight = { ticket, sequence: pdu.sequence, dueAtMs: turn.nowMs + settings.deliverAnswerMs };
  change(turn, { lastTicket: ticket, delivers: [...delivers, inFlight] });
  turn.effects.push({ kind: 'deliver', ticket, pdu });
}

function onNack<R>(turn: Turn<R>, { status, sequence }: Header): void {
  const { phase } = turn.state;
  if (phase.name === 'binding' && phase.sequence === sequence) {
    return finish(turn, { reason: 'bind_refused', commandStatus: status });
  }
  if (phase.name === 'unbinding' && phase.sequence === sequence) return finish(turn, { reason: 'requested' });
  onSubmitAnswer(turn, { status, sequence });
}

function onPeerUnbind<R>(turn: Turn<R>, sequence: number): void {
  const { phase } = turn.state;
  writeAnswer(turn, { command: 'unbind_resp', status: STATUS.ok, sequence });
  // Both sides unbinding at once: ours is still to be answered.
  if (phase.name === 'unbinding' || phase.name === 'open') return;
  const asked = phase.name === 'bound' && phase.drainDueAtMs !== undefined;
  finish(turn, { reason: asked ? 'requested' : 'peer_unbound' });
}

function onUnbindAnswer<R>(turn: Turn<R>, sequence: number): void {
  const { phase } = turn.state;
  if (phase.name !== 'unbinding' || phase.sequence !== sequence) return noteUnmatched(turn);
  finish(turn, { reason: 'requested' });
}

/** 4.3: the header is wrong, so the PDU cannot even be named; the stream behind it is not to be trusted. */
function onBadLength<R>(turn: Turn<R>, length: number): void {
  if (turn.state.phase.name === 'open') return;
  writeAnswer(turn, { command: 'generic_nack', status: STATUS.invalidCommandLength, sequence: 0 });
  finish(turn, { reason: 'bad_length', detail: String(length) });
}

function refuseCommand<R>(turn: Turn<R>, sequence: number): void {
  writeAnswer(turn, { command: 'generic_nack', status: STATUS.invalidCommandId, sequence });
}

function noteUnmatched<R>(turn: Turn<R>): void {
  turn.effects.push({ kind: 'note', note: 'unmatched_answer' });
}
