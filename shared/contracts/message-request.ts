import * as z from 'zod';
import { LANES } from '../config/account.ts';

/** 255 segments, the most that a concatenation header can number, of 153 septets each. */
const MOST_CHARACTERS = 39_015;
const MOST_METADATA = 20;

const metadataName = z
  .string()
  // The SDK looks at an object's constructor to know what it is, and would take a value of that name for it.
  .regex(
    /^(?!constructor$)[A-Za-z0-9_.-]{1,40}$/,
    "a name has 1 to 40 letters, digits, dots, dashes or underscores, and is not 'constructor'",
  );

/** The body of `POST /v1/messages`. What the number, the sender id and the text mean is checked after it. */
export const messageRequestSchema = z.strictObject({
  to: z.string().min(1).max(40),
  from: z.string().min(1).max(40),
  text: z.string().min(1).max(MOST_CHARACTERS),
  lane: z.enum(LANES).default('transactional'),
  encoding: z.enum(['auto', 'gsm7', 'ucs2']).default('auto'),
  /** Replaces quotes, dashes, ellipses and odd spaces by plain ones where that saves a segment; `with_peso` also ₱ by PHP. */
  smart_encoding: z.union([z.boolean(), z.literal('with_peso')], "must be true, false or 'with_peso'").optional(),
  /** When to send it, with its offset; at most 35 days ahead. Without it, at once. */
  send_at: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2026-11-22T18:00:00+08:00' })
    .transform((written) => Date.parse(written))
    .optional(),
  /** Life of the message from the time when it is to be sent, seconds; without it, the lane's default. At most 35 days. */
  ttl_seconds: z.int().min(1).max(3_024_000).optional(),
  /** Where each event of this message is posted to, besides the webhook endpoints; only to hosts that the deployment allows. */
  status_callback_url: z.string().min(1).max(2048).optional(),
  /** Answer with the message as it would be, 200, and neither store nor send it. */
  dry_run: z.boolean().default(false),
  /** The caller's own reference, given back in answers and events. */
  client_ref: z.string().min(1).max(128).optional(),
  /** The caller's own names and values, given back in answers and events. */
  metadata: z
    .record(metadataName, z.string().max(500))
    .refine((metadata) => Object.keys(metadata).length <= MOST_METADATA, {
      error: `must have at most ${MOST_METADATA} entries`,
      params: { code: 'too_many' },
    })
    .optional(),
});
export type MessageRequest = z.output<typeof messageRequestSchema>;
