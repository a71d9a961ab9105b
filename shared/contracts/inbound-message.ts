import * as z from 'zod';
import { addressOf, type InboundMessage, isComplete, type WaitingMessage } from '../domain/inbound-message.ts';
import { INBOUND_ENCODINGS, inboundText } from '../encoding/inbound-text.ts';
import { isoTime } from './message.ts';
import { cursorParameter, limitParameter, timeParameter } from './message-list.ts';
import { pageSchema } from './page.ts';

const INBOUND_STATUSES = ['waiting', 'complete', 'incomplete'] as const;

/** The query of `GET /v1/inbound-messages`. */
export const inboundMessageListQuerySchema = z.strictObject({
  limit: limitParameter,
  cursor: cursorParameter,
  /** The subscriber, in any form in which a number may be written. */
  from: z.string().min(1).max(40).optional(),
  /** The number or sender id to which it was sent. */
  to: z.string().min(1).max(40).optional(),
  account: z.string().min(1).max(31).optional(),
  /** Received at this time or later. */
  created_after: timeParameter.optional(),
  /** Received before this time, and not at it. */
  created_before: timeParameter.optional(),
});

/** A message from a subscriber as the API shows it. */
export const inboundMessageSchema = z.strictObject({
  id: z.string().regex(/^in_[0-9A-HJKMNP-TV-Z]{26}$/),
  account: z.string(),
  /** E.164, or as the operator wrote it where it is no mobile number of ours. */
  from: z.string(),
  to: z.string(),
  /** `waiting` for parts, `complete`, or `incomplete` where parts did not come in time. */
  status: z.enum(INBOUND_STATUSES),
  /** Only with the scope messages:read_body; null where it is no text, or waits for parts. */
  text: z.string().nullable().optional(),
  /** null while it waits for parts. */
  encoding: z.enum(INBOUND_ENCODINGS).nullable(),
  parts: z.strictObject({ received: z.int(), total: z.int() }),
  created_at: z.iso.datetime({ precision: 3 }),
});
export type ApiInboundMessage = z.output<typeof inboundMessageSchema>;

/** A page of `GET /v1/inbound-messages`, newest first. */
export const inboundMessagePageSchema = pageSchema(inboundMessageSchema);

/** @param withText whether the caller may read texts */
export function presentInboundMessage(
  message: InboundMessage | WaitingMessage,
  { withText }: { withText: boolean },
): ApiInboundMessage {
  const { messageId, account, from, to, total, at } = message;
  const isWaiting = message.kind === 'inbound_waiting';
  const { encoding, text } = isWaiting ? { encoding: null, text: null } : inboundText(message);
  return {
    id: messageId,
    account,
    from: addressOf(from),
    to: addressOf(to),
    status: isWaiting ? 'waiting' : isComplete(message) ? 'complete' : 'incomplete',
    ...(withText ? { text: text ?? null } : {}),
    encoding,
    parts: { received: isWaiting ? message.received : message.parts.length, total },
    created_at: isoTime(at),
  };
}
