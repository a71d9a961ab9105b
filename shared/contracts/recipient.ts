import * as z from 'zod';

/** The body of `POST /v1/recipients/erase`. */
export const eraseRequestSchema = z.strictObject({
  /** The recipient, in any form in which a number may be written. */
  to: z.string().min(1).max(40),
  /** `next_cursor` of the last answer, where it was not done. */
  cursor: z.string().min(1).max(400).optional(),
});

/**
 * How far the data of a recipient is deleted. What stays of each message is what it was and what became of it, without number,
 * text, client_ref and metadata. An opt-out stays, for it is what keeps the number from being written to again.
 */
export const erasureSchema = z.strictObject({
  /** Whether nothing is left. Where it is not, ask again, with `next_cursor` if there is one. */
  done: z.boolean(),
  messages_erased: z.int(),
  /** Of those erased: they waited to be sent, and will not be. */
  messages_canceled: z.int(),
  /** They are with the operator or about to be, and can be erased when he has answered, most likely within a minute. */
  messages_under_way: z.int(),
  /** Messages from the recipient; nothing stays of them. */
  inbound_erased: z.int(),
  next_cursor: z.string().nullable(),
});
export type Erasure = z.output<typeof erasureSchema>;
