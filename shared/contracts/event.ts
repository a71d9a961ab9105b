import * as z from 'zod';
import { LANES } from '../config/account.ts';
import { isFinal, MESSAGE_STATUSES, type Message, type TimelineEntry } from '../domain/message.ts';
import { eventMetadata } from './event-metadata.ts';
import { countSegments, isoTime, optionalTime } from './message.ts';

const time = z.iso.datetime({ precision: 3 });

/** What is said of a message in an event: flat, so that rules can filter on it, and without its text. */
const messageEventDataSchema = z.strictObject({
  message_id: z.string(),
  status: z.enum(MESSAGE_STATUSES),
  status_at: time,
  is_final: z.boolean(),
  lane: z.enum(LANES),
  to: z.string(),
  from: z.string(),
  encoding: z.enum(['gsm7', 'ucs2']),
  segments_total: z.int(),
  segments_sent: z.int(),
  segments_delivered: z.int(),
  segments_failed: z.int(),
  client_ref: z.string().nullable(),
  metadata: z.record(z.string(), z.string()),
  error_code: z.string().nullable(),
  error_detail: z.string().nullable(),
  operator_code: z.string().nullable(),
  retryable: z.boolean().nullable(),
  created_at: time,
  sent_at: time.nullable(),
  finalized_at: time.nullable(),
  expires_at: time,
});

/** `detail` of an event on the bus. */
export const messageEventSchema = z.strictObject({
  /** `sequence` counts the events of one message. */
  metadata: eventMetadata('bindery.message'),
  data: messageEventDataSchema,
});
export type MessageEvent = z.output<typeof messageEventSchema>;

export interface TypedMessageEvent {
  /** `detail-type` on the bus: `message.` and the status. */
  type: string;
  detail: MessageEvent;
}

/** The id of a message's event number `sequence`; derived, so that every repetition has the same. */
function messageEventId(messageId: string, sequence: number): string {
  return `evt_${messageId.slice('msg_'.length)}_${sequence}`;
}

/**
 * The event of one published change.
 * @param entry the change, out of the message's timeline
 */
export function presentMessageEvent(
  message: Message,
  entry: TimelineEntry & { sequence: number },
  stage: string,
): TypedMessageEvent {
  const segments = countSegments(message.segments);
  const final = isFinal(entry.status);
  // An earlier change that is published late was no failure yet.
  const error = entry.status === message.status ? message.error : undefined;
  return {
    type: `message.${entry.status}`,
    detail: {
      metadata: {
        event_id: messageEventId(message.messageId, entry.sequence),
        schema: 'bindery.message',
        schema_version: '1',
        occurred_at: isoTime(entry.at),
        sequence: entry.sequence,
        account: message.account,
        stage,
        test: message.test,
      },
      data: {
        message_id: message.messageId,
        status: entry.status,
        status_at: isoTime(entry.at),
        is_final: final,
        lane: message.lane,
        to: message.to,
        from: message.from,
        encoding: message.encoding,
        segments_total: segments.total,
        segments_sent: segments.sent,
        segments_delivered: segments.delivered,
        segments_failed: segments.failed,
        client_ref: message.clientRef ?? null,
        metadata: message.metadata ?? {},
        error_code: error?.code ?? null,
        error_detail: error?.detail ?? null,
        operator_code: error?.operatorCode ?? null,
        retryable: error?.retryable ?? null,
        created_at: isoTime(message.createdAt),
        sent_at: optionalTime(message.sentAt),
        finalized_at: final ? isoTime(entry.at) : null,
        expires_at: isoTime(message.expiresAt),
      },
    },
  };
}
