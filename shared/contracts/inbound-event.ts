import * as z from 'zod';
import { addressOf, type InboundMessage, inboundUlidOf, isComplete } from '../domain/inbound-message.ts';
import { INBOUND_ENCODINGS, inboundText } from '../encoding/inbound-text.ts';
import { eventMetadata } from './event-metadata.ts';
import { isoTime } from './message.ts';

const time = z.iso.datetime({ precision: 3 });

/** `detail` of `message.received` on the bus: a subscriber's message, without its text, which is asked of the API. */
export const inboundEventSchema = z.strictObject({
  /** Each stands by itself. */
  metadata: eventMetadata('bindery.inbound_message').extend({ sequence: z.literal(1) }),
  data: z.strictObject({
    message_id: z.string(),
    /** E.164, or as the operator wrote it where it is no mobile number of ours. */
    from: z.string(),
    to: z.string(),
    encoding: z.enum(INBOUND_ENCODINGS),
    /** False where parts of it did not come in time. */
    is_complete: z.boolean(),
    parts_received: z.int(),
    parts_total: z.int(),
    /** When its first part came. */
    created_at: time,
  }),
});

export interface TypedInboundEvent {
  /** `detail-type` on the bus. */
  type: 'message.received';
  detail: z.output<typeof inboundEventSchema>;
}

export function presentInboundEvent(message: InboundMessage, stage: string): TypedInboundEvent {
  const { messageId, account, from, to, test, parts, total, at } = message;
  return {
    type: 'message.received',
    detail: {
      metadata: {
        event_id: `evt_${inboundUlidOf(messageId)}_1`,
        schema: 'bindery.inbound_message',
        schema_version: '1',
        occurred_at: isoTime(at),
        sequence: 1,
        account,
        stage,
        test,
      },
      data: {
        message_id: messageId,
        from: addressOf(from),
        to: addressOf(to),
        encoding: inboundText(message).encoding,
        is_complete: isComplete(message),
        parts_received: parts.length,
        parts_total: total,
        created_at: isoTime(at),
      },
    },
  };
}
