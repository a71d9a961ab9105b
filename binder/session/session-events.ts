import type { Bind, Decoded, DeliverSm, Pdu, SubmitSm } from '../smpp/pdu.ts';
import type { CloseReason } from './close-reason.ts';

/** What became of a submit_sm. Each has exactly one outcome, and a promise of it is never rejected. */
export type SubmitOutcome =
  /** `commandStatus` 0 is acceptance. `messageId` is the message centre's; absent or empty where it gave none. */
  | { kind: 'answered'; commandStatus: number; messageId?: string; answeredInMs: number }
  /** It was written and not answered: whether the message centre has it cannot be known. */
  | { kind: 'unknown'; reason: 'timeout' | 'link_lost' }
  /** It never reached the wire. */
  | { kind: 'not_sent'; reason: NotSent };

export type NotSent =
  | 'not_bound'
  | 'closing'
  | 'window_full'
  /** The socket is full, or the message centre does not answer submits at present. */
  | 'blocked'
  /** The gate does not allow it yet. */
  | 'paced'
  /** A field does not fit: a fault of the caller. */
  | 'not_encodable';

/** The answer to a submit whose outcome was already given as unknown. */
export interface LateAnswer<C> {
  context: C;
  commandStatus: number;
  messageId?: string;
}

export type SubmitBody = Omit<SubmitSm, 'command'>;
export type InboundDeliver = DeliverSm & { status: number; sequence: number };

export type Inbound = Decoded | { kind: 'bad_length'; length: number };

/** All that can happen to a session. `R` is the caller's own mark of a submit, handed back with its outcome. */
export type SessionEvent<R> =
  | { kind: 'start'; bind: Bind }
  | { kind: 'connected' }
  | { kind: 'inbound'; inbound: Inbound }
  | { kind: 'submit'; pdu: SubmitBody; request: R }
  /** A request could not be encoded. */
  | { kind: 'unwritable'; sequence: number }
  /** The handler of a deliver_sm is done; `status` goes into the deliver_sm_resp. */
  | { kind: 'delivered'; ticket: number; status: number }
  | { kind: 'write_blocked' }
  | { kind: 'write_drained' }
  | { kind: 'wake' }
  /** Send no more, let the window empty for at most `drainMs`, unbind. */
  | { kind: 'close'; drainMs: number }
  | { kind: 'destroy' }
  | { kind: 'disconnected'; reason: CloseReason };

/** What is to be done about it, in this order. */
export type SessionEffect<R> =
  | { kind: 'connect' }
  | { kind: 'write'; pdu: Pdu }
  /** Flush what was written, then close our half. */
  | { kind: 'end' }
  | { kind: 'destroy' }
  | { kind: 'pause_reading' }
  | { kind: 'resume_reading' }
  | { kind: 'deliver'; ticket: number; pdu: InboundDeliver }
  | { kind: 'settle'; request: R; sentAtMs: number; outcome: SubmitOutcome }
  | { kind: 'late_answer'; request: R; commandStatus: number; messageId?: string }
  | { kind: 'note'; note: SessionNote };

/** Worth counting, nothing to do. */
export type SessionNote = 'unmatched_answer' | 'deliver_unanswered_in_time' | 'submits_stalled';
