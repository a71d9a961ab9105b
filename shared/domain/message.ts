import type { Lane } from '../config/account.ts';
import type { Replacement } from '../encoding/smart-replacements.ts';
import type { Feedback } from './feedback.ts';
import type { Period } from './period.ts';

/**
 * Where a message stands. `scheduled -> queued -> sending -> sent -> delivered | undelivered | expired | unknown`, besides
 * `failed` (never accepted by the operator) and `canceled`. The table of allowed changes is in transitions.ts.
 */
export const MESSAGE_STATUSES = [
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'undelivered',
  'expired',
  'unknown',
  'failed',
  'canceled',
] as const;
export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

export type Encoding = 'gsm7' | 'ucs2';

/**
 * What is known of one submit_sm.
 * - `waiting`: not on the wire, or provably not accepted
 * - `submitting`: may be on the wire; written before the PDU is, so that a crash cannot hide it
 * - `accepted`: the message centre took it
 * - `refused`: the message centre finally refused it
 * - `unanswered`: written, never answered, and not to be sent again (promise P5)
 */
export type SegmentState = 'waiting' | 'submitting' | 'accepted' | 'refused' | 'unanswered';

/** What a final delivery receipt says of one segment. */
export type ReceiptState = 'delivered' | 'undelivered' | 'expired' | 'unknown';

export interface Segment {
  state: SegmentState;
  /** How often it was sent again after an unknown outcome. */
  resends: number;
  /** How often the message centre refused it for the time being; absent means never. */
  temporaryRefusals?: number;
  /** The message centre's id, as it was given. */
  mcMessageId?: string;
  /** Epoch milliseconds. */
  acceptedAt?: number;
  /** command_status of a refusal. */
  commandStatus?: number;
  /** Why it was finally refused. */
  error?: MessageError;
  receipt?: SegmentReceipt;
}

export interface SegmentReceipt {
  state: ReceiptState;
  /** The operator's own words: `stat` and `err` of the receipt. */
  stat?: string;
  err?: string;
  /** When it was received, epoch milliseconds. */
  at: number;
}

/** Why a message did not arrive; `code` is from shared/contracts' vocabulary. */
export interface MessageError {
  code: string;
  detail: string;
  /** The operator's own code: command_status of a refusal, `err` of a receipt. */
  operatorCode?: string;
  /** Name of a command_status in SMPP 3.4, and what the operator calls it if that is known. */
  operatorName?: string;
  operatorWords?: string;
  retryable: boolean;
}

export interface TimelineEntry {
  status: MessageStatus;
  at: number;
  /** Number of the published change; entries without one were not published. */
  sequence?: number;
  detail?: string;
}

/** Who holds a message on its way to the wire: a binder and the fence of its lease. A claim with an older fence is dead. */
export interface Claim {
  owner: string;
  fence: number;
  at: number;
}

/** What smart encoding did to a text. */
export interface SmartEncodingReport {
  replacements: Replacement[];
  /** What the text would have been as it was written; absent where it could not have been sent. */
  without?: { encoding: Encoding; segments: number };
}

/** A message as stored. Times are epoch milliseconds. */
export interface Message {
  /** `msg_` and a ULID. */
  messageId: string;
  /** Raised by every write; every write is conditional on it. */
  version: number;
  /** Number of published changes so far (promise P8). */
  sequence: number;
  account: string;
  lane: Lane;
  status: MessageStatus;
  statusAt: number;
  /** E.164. */
  to: string;
  from: string;
  /** Removed after hand-off where the lane says so. */
  text?: string;
  /** The text as it was written, where smart encoding changed it; goes where `text` goes. */
  originalText?: string;
  smartEncoding?: SmartEncodingReport;
  encoding: Encoding;
  segments: Segment[];
  timeline: TimelineEntry[];
  /** Id of the API key that sent it. */
  keyId: string;
  test: boolean;
  clientRef?: string;
  /** The batch that it came with. */
  batchId?: string;
  /** Confirms to a subscriber what he asked for by a word: no opt-out stops it. */
  confirmsKeyword?: true;
  /** In its lane's queue, if it still is, no binder takes it: its batch is paused, and will put it there again. */
  held?: true;
  /** Where its segments were counted. */
  countedIn?: Period;
  /** They were given back, for it never went out. */
  countReturned?: boolean;
  metadata?: Record<string, string>;
  /** Where its events are posted to. Nobody is shown it: it may hold a token. */
  statusCallbackUrl?: string;
  /** What its sender knows of its effect. */
  feedback?: Feedback;
  error?: MessageError;
  claim?: Claim;
  createdAt: number;
  queuedAt?: number;
  sentAt?: number;
  finalizedAt?: number;
  /** Not handed to the operator before this; absent where it goes at once. */
  sendAt?: number;
  /** When it was expected to go out, as its sender was told; absent where that was not known. */
  expectedAt?: number;
  /** Not handed to the operator after this. */
  expiresAt: number;
  /** When the sweep must look at it; absent once final. Together with `account` in the sparse index `due`. */
  dueAt?: number;
}

const FINAL: ReadonlySet<MessageStatus> = new Set([
  'delivered',
  'undelivered',
  'expired',
  'unknown',
  'failed',
  'canceled',
]);

export function isFinal(status: MessageStatus): boolean {
  return FINAL.has(status);
}

/** What events tell of. `sending` is between us and the wire, and comes and goes with retries; `scheduled` is the answer to the request itself. */
export type PublishedStatus = Exclude<MessageStatus, 'sending' | 'scheduled'>;

export function isPublished(status: MessageStatus): status is PublishedStatus {
  return status !== 'sending' && status !== 'scheduled';
}
