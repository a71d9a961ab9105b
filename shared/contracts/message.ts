import * as z from 'zod';
import { LANES } from '../config/account.ts';
import { ERASED } from '../domain/erasure.ts';
import { FEEDBACK_OUTCOMES } from '../domain/feedback.ts';
import {
  isFinal,
  MESSAGE_STATUSES,
  type Message,
  type MessageError,
  type Segment,
  type SmartEncodingReport,
} from '../domain/message.ts';
import { maskNumber } from '../domain/phone-number.ts';

const time = z.iso.datetime({ precision: 3 });

export const segmentCountsSchema = z.strictObject({
  total: z.int(),
  /** Accepted by the operator. */
  sent: z.int(),
  delivered: z.int(),
  failed: z.int(),
});

export const messageErrorSchema = z.strictObject({
  code: z.string(),
  detail: z.string(),
  /** The operator's own word: command_status of a refusal, `err` of a receipt. */
  operator_code: z.string().nullable(),
  retryable: z.boolean(),
});

/** Characters that smart encoding replaced, in order of appearance. */
export const replacementSchema = z.strictObject({
  character: z.string(),
  /** Empty where it was left out. */
  replacement: z.string(),
  count: z.int(),
});

export const smartEncodingSchema = z.strictObject({
  replacements: z.array(replacementSchema),
  /** What the text would have been without; null where it could not have been sent in the encoding that was asked for. */
  encoding_without: z.enum(['gsm7', 'ucs2']).nullable(),
  segments_without: z.int().nullable(),
});

/** A message as the API shows it. */
export const messageSchema = z.strictObject({
  id: z.string().regex(/^msg_[0-9A-HJKMNP-TV-Z]{26}$/),
  status: z.enum(MESSAGE_STATUSES),
  status_at: time,
  is_final: z.boolean(),
  lane: z.enum(LANES),
  account: z.string(),
  /** E.164; with messages:read_masked alone the middle of it is hidden; `erased` where the recipient's data was deleted. */
  to: z.string(),
  from: z.string(),
  /** Only with the scope messages:read_body; null where it is not kept any more. */
  text: z.string().nullable().optional(),
  /** As it was written, where smart encoding changed it; with the same scope. */
  original_text: z.string().optional(),
  encoding: z.enum(['gsm7', 'ucs2']),
  segments: segmentCountsSchema,
  /** What smart encoding changed; null where it left the text alone. */
  smart_encoding: smartEncodingSchema.nullable(),
  client_ref: z.string().nullable(),
  batch_id: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  error: messageErrorSchema.nullable(),
  /** What its sender said of its effect; null where nothing. */
  feedback: z.strictObject({ outcome: z.enum(FEEDBACK_OUTCOMES), at: time }).nullable(),
  created_at: time,
  queued_at: time.nullable(),
  sent_at: time.nullable(),
  finalized_at: time.nullable(),
  /** When it goes to the operator at the earliest; null where it goes at once. */
  send_at: time.nullable(),
  expires_at: time,
  /** How long it still waits in its lane; null where it does not, or nobody knows. */
  estimated_wait_seconds: z.int().nullable(),
  test: z.boolean(),
  timeline: z.array(
    z.strictObject({
      status: z.enum(MESSAGE_STATUSES),
      at: time,
      /** Number of the event that was published for it; null where none was. */
      sequence: z.int().nullable(),
      detail: z.string().nullable(),
    }),
  ),
});
export type ApiMessage = z.output<typeof messageSchema>;

/** What a caller may see of a message. */
export interface MessageView {
  withText: boolean;
  /** Default: it is shown in full. */
  withNumber?: boolean;
  /** How long it still waits, where that is known. */
  waitSeconds?: number | undefined;
}

export function presentMessage(
  message: Message,
  { withText, withNumber = true, waitSeconds }: MessageView,
): ApiMessage {
  return {
    id: message.messageId,
    status: message.status,
    status_at: isoTime(message.statusAt),
    is_final: isFinal(message.status),
    lane: message.lane,
    account: message.account,
    to: withNumber || message.to === ERASED ? message.to : maskNumber(message.to),
    from: message.from,
    ...(withText ? { text: message.text ?? null } : {}),
    ...(withText && message.originalText !== undefined ? { original_text: message.originalText } : {}),
    encoding: message.encoding,
    segments: countSegments(message.segments),
    smart_encoding: message.smartEncoding === undefined ? null : presentSmartEncoding(message.smartEncoding),
    client_ref: message.clientRef ?? null,
    batch_id: message.batchId ?? null,
    metadata: message.metadata ?? {},
    error: message.error === undefined ? null : presentError(message.error),
    feedback: message.feedback === undefined ? null : { ...message.feedback, at: isoTime(message.feedback.at) },
    created_at: isoTime(message.createdAt),
    queued_at: optionalTime(message.queuedAt),
    sent_at: optionalTime(message.sentAt),
    finalized_at: optionalTime(message.finalizedAt),
    send_at: optionalTime(message.sendAt),
    expires_at: isoTime(message.expiresAt),
    estimated_wait_seconds: waitSeconds ?? null,
    test: message.test,
    timeline: message.timeline.map(({ status, at, sequence, detail }) => ({
      status,
      at: isoTime(at),
      sequence: sequence ?? null,
      detail: detail ?? null,
    })),
  };
}

export function countSegments(segments: readonly Segment[]): z.output<typeof segmentCountsSchema> {
  const count = (matches: (segment: Segment) => boolean) => segments.filter(matches).length;
  return {
    total: segments.length,
    sent: count(({ state }) => state === 'accepted'),
    delivered: count(({ receipt }) => receipt?.state === 'delivered'),
    failed: count(
      ({ state, receipt }) => state === 'refused' || receipt?.state === 'undelivered' || receipt?.state === 'expired',
    ),
  };
}

function presentSmartEncoding({ replacements, without }: SmartEncodingReport): z.output<typeof smartEncodingSchema> {
  return {
    replacements,
    encoding_without: without?.encoding ?? null,
    segments_without: without?.segments ?? null,
  };
}

function presentError(error: MessageError): z.output<typeof messageErrorSchema> {
  const { code, detail, retryable } = error;
  return { code, detail, operator_code: error.operatorCode ?? null, retryable };
}

/** @param epochMs epoch milliseconds */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

export function optionalTime(epochMs: number | undefined): string | null {
  return epochMs === undefined ? null : isoTime(epochMs);
}
