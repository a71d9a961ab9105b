import * as z from 'zod';
import type { InboundMessage } from '../domain/inbound-message.ts';
import { normalizeNumber } from '../domain/phone-number.ts';
import { INBOUND_ENCODINGS, inboundText } from '../encoding/inbound-text.ts';
import { isoTime } from './message.ts';
import { cursorParameter, limitParameter, timeParameter } from './message-list.ts';
import { pageSchema } from './page.ts';

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

/** A message from a subscriber as the API shows it. A long one comes in parts, each of which stands here by itself. */
export const inboundMessageSchema = z.strictObject({
  id: z.string().regex(/^in_[0-9A-HJKMNP-TV-Z]{26}$/),
  account: z.string(),
  /** E.164, or as the operator wrote it where it is no mobile number of ours. */
  from: z.string(),
  to: z.string(),
  /** Only with the scope messages:read_body; null where it is no text. */
  text: z.string().nullable().optional(),
  encoding: z.enum(INBOUND_ENCODINGS),
  /** Parts of one message have the same sender, recipient, reference and total; null where it is whole. */
  part: z.strictObject({ reference: z.int(), index: z.int(), total: z.int() }).nullable(),
  created_at: z.iso.datetime({ precision: 3 }),
});
export type ApiInboundMessage = z.output<typeof inboundMessageSchema>;

/** A page of `GET /v1/inbound-messages`, newest first. */
export const inboundMessagePageSchema = pageSchema(inboundMessageSchema);

/** @param withText whether the caller may read texts */
export function presentInboundMessage(message: InboundMessage, { withText }: { withText: boolean }): ApiInboundMessage {
  const { messageId, account, from, to, part, at } = message;
  const { encoding, text } = inboundText(message);
  return {
    id: messageId,
    account,
    from: addressOf(from),
    to: addressOf(to),
    ...(withText ? { text: text ?? null } : {}),
    encoding,
    part: part === undefined ? null : { reference: part.reference, index: part.index, total: part.total },
    created_at: isoTime(at),
  };
}

/** An address in the one form in which the API shows it: E.164 where it is a mobile number, else as it is. */
export function addressOf(written: string): string {
  const number = normalizeNumber(written);
  return number.kind === 'ok' ? number.e164 : written;
}
