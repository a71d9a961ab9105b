import * as z from 'zod';
import type { TypedMessageEvent } from './event.ts';

/** `detail-type` of AWS End User Messaging, whose consumers may stay as they are but for the source in their rule. */
export const END_USER_MESSAGING_TYPE = 'Text Message Delivery Status Updated';

/** Those of AWS's types for text messages that have a counterpart here. */
const STATUSES = [
  'QUEUED',
  'PENDING',
  'DELIVERED',
  'UNREACHABLE',
  'TTL_EXPIRED',
  'UNKNOWN',
  'INVALID',
  'BLOCKED',
  'CARRIER_UNREACHABLE',
  'CARRIER_BLOCKED',
] as const;
type Status = (typeof STATUSES)[number];

/**
 * `detail` as AWS End User Messaging documents it. What only a carrier or AWS knows is left out: mcc, mnc, carrierName,
 * isInternationalSend, totalMessagePrice, totalCarrierFee.
 */
export const endUserMessagingSchema = z.strictObject({
  eventType: z.enum(STATUSES.map((status) => `TEXT_${status}` as const)),
  eventVersion: z.literal('1.0'),
  /** Epoch milliseconds. */
  eventTimestamp: z.int(),
  isFinal: z.boolean(),
  /** As AWS does, a sender id where there is no number. */
  originationPhoneNumber: z.string(),
  destinationPhoneNumber: z.string(),
  /** ISO 3166-1 alpha-2; only of the Philippines, whose numbers are known here. */
  isoCountryCode: z.string().optional(),
  messageId: z.string(),
  /** Epoch milliseconds. */
  messageRequestTimestamp: z.int(),
  messageEncoding: z.enum(['GSM', 'Unicode']),
  messageType: z.enum(['TRANSACTIONAL', 'PROMOTIONAL']),
  messageStatus: z.enum(STATUSES),
  messageStatusDescription: z.string(),
  /** The message's metadata. */
  context: z.record(z.string(), z.string()),
  totalMessageParts: z.int(),
});
export type EndUserMessagingDetail = z.output<typeof endUserMessagingSchema>;

type Data = TypedMessageEvent['detail']['data'];

/** The same change as AWS End User Messaging would tell of it; undefined where it knows no such thing. */
export function endUserMessagingDetail(data: Data): EndUserMessagingDetail | undefined {
  const status = statusOf(data);
  if (status === undefined) return undefined;
  return {
    eventType: `TEXT_${status}`,
    eventVersion: '1.0',
    eventTimestamp: Date.parse(data.status_at),
    isFinal: data.is_final,
    originationPhoneNumber: data.from,
    destinationPhoneNumber: data.to,
    ...(data.to.startsWith('+63') ? { isoCountryCode: 'PH' } : {}),
    messageId: data.message_id,
    messageRequestTimestamp: Date.parse(data.created_at),
    messageEncoding: data.encoding === 'gsm7' ? 'GSM' : 'Unicode',
    messageType: data.lane === 'bulk' ? 'PROMOTIONAL' : 'TRANSACTIONAL',
    messageStatus: status,
    messageStatusDescription: data.error_detail ?? DESCRIPTIONS[status],
    context: data.metadata,
    totalMessageParts: data.segments_total,
  };
}

function statusOf(data: Data): Status | undefined {
  switch (data.status) {
    case 'queued':
      return 'QUEUED';
    // AWS's SUCCESSFUL is the word of the recipient's carrier, and final; this is only the operator's acceptance.
    case 'sent':
      return 'PENDING';
    case 'delivered':
      return 'DELIVERED';
    case 'undelivered':
      return 'UNREACHABLE';
    case 'expired':
      return 'TTL_EXPIRED';
    case 'unknown':
      return 'UNKNOWN';
    case 'failed':
      return failureOf(data);
    // AWS neither schedules nor cancels, and a message on its way is no event.
    case 'scheduled':
    case 'sending':
    case 'canceled':
      return undefined;
  }
}

function failureOf({ error_code: code, retryable }: Data): Status {
  if (code === 'recipient_opted_out') return 'BLOCKED';
  if (code === 'recipient_refused') return 'INVALID';
  return retryable === true ? 'CARRIER_UNREACHABLE' : 'CARRIER_BLOCKED';
}

const DESCRIPTIONS: Readonly<Record<Status, string>> = {
  QUEUED: 'Message is queued for delivery',
  PENDING: 'Message has been accepted by the operator',
  DELIVERED: 'Message has been delivered',
  UNREACHABLE: 'Message could not be delivered',
  TTL_EXPIRED: 'Message has expired',
  UNKNOWN: 'No final receipt has come for the message',
  INVALID: 'Destination number is not valid',
  BLOCKED: 'The recipient has opted out',
  CARRIER_UNREACHABLE: 'The operator could not take the message',
  CARRIER_BLOCKED: 'The operator refused the message',
};
