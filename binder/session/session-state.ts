import type { Bind } from '../smpp/pdu.ts';
import type { CloseReason } from './close-reason.ts';
import { noRequests, type PendingRequests } from './pending-requests.ts';
import type { NotSent } from './session-events.ts';
import type { SessionSettings } from './session-settings.ts';

/** The states of SMPP 3.4 section 2.2, and `connecting` before them. Connected is not bound. */
export type Phase =
  /** `reason` is undefined before the start only. */
  | { readonly name: 'closed'; readonly reason: CloseReason | undefined }
  | { readonly name: 'connecting'; readonly dueAtMs: number; readonly bind: Bind }
  | { readonly name: 'binding'; readonly dueAtMs: number; readonly sequence: number }
  | BoundPhase
  | { readonly name: 'unbinding'; readonly dueAtMs: number; readonly sequence: number }
  /** Not bound any more, the connection is closing; what the peer still answers counts. */
  | { readonly name: 'open'; readonly dueAtMs: number; readonly reason: CloseReason };

export interface BoundPhase {
  readonly name: 'bound';
  /** When the answer to enquire_link, or any other PDU, is overdue. */
  readonly enquiryDueAtMs: number | undefined;
  /** Set when a submit went unanswered and none written after it was answered either: until then we only listen. */
  readonly stalledDueAtMs: number | undefined;
  /** Set when closing was asked for: until then the window may empty. */
  readonly drainDueAtMs: number | undefined;
}

export interface InFlightDeliver {
  readonly ticket: number;
  readonly sequence: number;
  readonly dueAtMs: number;
}

/** A session as a value. `R` is the caller's mark of a submit. */
export interface SessionState<R> {
  readonly settings: SessionSettings;
  readonly phase: Phase;
  readonly lastSequence: number;
  readonly requests: PendingRequests<R>;
  readonly delivers: readonly InFlightDeliver[];
  /** Our own number of a deliver_sm: peers have been seen to use a sequence number twice. */
  readonly lastTicket: number;
  readonly lastInboundAtMs: number;
  readonly lastSubmitAnswerAtMs: number;
  /** Set while the socket is full: when the peer is taken to have stopped reading. */
  readonly writeStallDueAtMs: number | undefined;
  /** Set while nothing is read. */
  readonly readingPausedAtMs: number | undefined;
}

export function initialState(settings: SessionSettings): SessionState<never> {
  return {
    settings,
    phase: { name: 'closed', reason: undefined },
    lastSequence: 0,
    requests: noRequests,
    delivers: [],
    lastTicket: 0,
    lastInboundAtMs: Number.NEGATIVE_INFINITY,
    lastSubmitAnswerAtMs: Number.NEGATIVE_INFINITY,
    writeStallDueAtMs: undefined,
    readingPausedAtMs: undefined,
  };
}

/** Why a submit would not be written now, or undefined if it would. */
export function submitRefusal<R>(state: SessionState<R>): NotSent | undefined {
  const { phase, settings } = state;
  // 2.3: submit_sm needs a session bound as transmitter or transceiver.
  if (phase.name !== 'bound' || settings.bindType === 'receiver') return 'not_bound';
  if (phase.drainDueAtMs !== undefined) return 'closing';
  if (phase.stalledDueAtMs !== undefined || state.writeStallDueAtMs !== undefined) return 'blocked';
  return state.requests.unanswered.length >= settings.submitWindow ? 'window_full' : undefined;
}

/** How many submits would be written now. */
export function submitRoom<R>(state: SessionState<R>): number {
  return submitRefusal(state) === undefined ? state.settings.submitWindow - state.requests.unanswered.length : 0;
}

/** Whether the connection stands, so that PDUs may be written and read. */
export function isConnected<R>(state: SessionState<R>): boolean {
  return state.phase.name !== 'closed' && state.phase.name !== 'connecting';
}
