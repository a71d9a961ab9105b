import type { Account } from '../../shared/config/account.ts';
import type { BindType } from '../smpp/pdu.ts';

/** What one session goes by. Times in milliseconds. */
export interface SessionSettings {
  bindType: BindType;
  connectMs: number;
  bindMs: number;
  /** Silence after which enquire_link is sent; any inbound PDU breaks it (SMPP 3.4 section 4.11). */
  enquireLinkMs: number;
  enquireLinkAnswerMs: number;
  submitAnswerMs: number;
  unbindAnswerMs: number;
  /** How long a handler may take over a deliver_sm before a temporary error is answered in its place. */
  deliverAnswerMs: number;
  /** How long written octets may stay in the socket before the peer is taken to have stopped reading. */
  writeStallMs: number;
  /** How long the closing of a connection may take before it is cut. */
  lingerMs: number;
  /** Most unanswered submit_sm (2.5.2). */
  submitWindow: number;
  /** Most deliver_sm being handled; beyond it nothing is read, and TCP slows the message centre down. */
  deliverWindow: number;
  /** Longest PDU accepted. A message_payload alone may have 65,535 octets. */
  maxLengthOctets: number;
}

const UNBIND_ANSWER_MS = 5_000;
const DELIVER_ANSWER_MS = 10_000;
const LINGER_MS = 1_000;
const DELIVER_WINDOW = 100;
const MAX_LENGTH_OCTETS = 128 * 1024;

export function sessionSettings(
  account: Account,
  bindType: BindType,
  overrides: Partial<SessionSettings> = {},
): SessionSettings {
  return {
    bindType,
    ...account.timers,
    unbindAnswerMs: UNBIND_ANSWER_MS,
    deliverAnswerMs: DELIVER_ANSWER_MS,
    writeStallMs: account.timers.enquireLinkAnswerMs,
    lingerMs: LINGER_MS,
    submitWindow: account.submitWindow,
    deliverWindow: DELIVER_WINDOW,
    maxLengthOctets: MAX_LENGTH_OCTETS,
    ...overrides,
  };
}
