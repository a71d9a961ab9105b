import * as z from 'zod';
import { LANES } from '../config/account.ts';
import { FEEDBACK_OUTCOMES, OTHER_SENDERS, type OutcomePlace, type SenderOutcomes } from '../domain/feedback.ts';
import { wholeListSchema } from './page.ts';

/** The body of `POST /v1/messages/{id}/feedback`. */
export const feedbackRequestSchema = z.strictObject({
  outcome: z.enum(FEEDBACK_OUTCOMES),
  /** When it was known; without it, now. */
  at: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2027-01-31T00:00:00Z' })
    .transform((written) => Date.parse(written))
    .optional(),
});

/** The answer: what stands with the message now. */
export const messageFeedbackSchema = z.strictObject({
  message_id: z.string(),
  outcome: z.enum(FEEDBACK_OUTCOMES),
  at: z.iso.datetime({ precision: 3 }),
});

/** The query of `GET /v1/usage/senders`. */
export const senderUsageQuerySchema = z.strictObject({
  /** Without it, the present one. */
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'must be a month such as 2026-11')
    .optional(),
  account: z.string().min(1).max(31).optional(),
});

const rate = z.number().nullable();

/** What became of the messages of one sender id in one lane, accepted in one month. */
export const senderUsageSchema = z.strictObject({
  account: z.string(),
  month: z.string(),
  lane: z.enum(LANES),
  /** null: all senders behind those that are counted by themselves. */
  from: z.string().nullable(),
  sent: z.int(),
  /** By receipt. */
  delivered: z.int(),
  converted: z.int(),
  not_converted: z.int(),
  /** Of those sent; null where none was. */
  delivery_rate: rate,
  conversion_rate: rate,
});
export type ApiSenderUsage = z.output<typeof senderUsageSchema>;

export const senderUsageListSchema = wholeListSchema(senderUsageSchema);

export function presentSenderUsage({
  account,
  month,
  lane,
  from,
  sent,
  delivered,
  converted,
  notConverted,
}: OutcomePlace & SenderOutcomes): ApiSenderUsage {
  return {
    account,
    month,
    lane,
    from: from === OTHER_SENDERS ? null : from,
    sent,
    delivered,
    converted,
    not_converted: notConverted,
    delivery_rate: share(delivered, sent),
    conversion_rate: share(converted, sent),
  };
}

/** To four digits behind the point. */
function share(part: number, whole: number): number | null {
  return whole > 0 ? Math.round((part / whole) * 10_000) / 10_000 : null;
}
