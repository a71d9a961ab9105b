import * as z from 'zod';
import { LANES } from '../config/account.ts';
import { VARIABLE_NAME } from '../domain/template.ts';
import { messageRequestSchema } from './message-request.ts';

export const MOST_ITEMS = 1_000;
const MOST_VARIABLES = 50;
const FASTEST = { second: 1_000, minute: 60_000 };

const variablesSchema = z
  .record(
    z.string().regex(VARIABLE_NAME, 'a name has a letter, and then up to 39 letters, digits or underscores'),
    z.string().max(1_000),
  )
  .refine((variables) => Object.keys(variables).length <= MOST_VARIABLES, {
    error: `must have at most ${MOST_VARIABLES} entries`,
    params: { code: 'too_many' },
  });

const shape = messageRequestSchema.shape;
/** Of a message, what its items may differ in. Lane, time and life are the batch's. */
const own = {
  from: shape.from.optional(),
  /** With places such as `{{name}}`, for which `variables` have the values. */
  text: shape.text.optional(),
  /** Of these none has a default here: what neither an item nor the defaults say is as for a single message. */
  encoding: z.enum(['auto', 'gsm7', 'ucs2']).optional(),
  smart_encoding: shape.smart_encoding,
  metadata: shape.metadata,
  status_callback_url: shape.status_callback_url,
};

/** What all items share that do not say otherwise. */
export const batchDefaultsSchema = z.strictObject({
  ...own,
  /** Values for whatever text uses them. */
  variables: variablesSchema.optional(),
});

/** One message of a batch. */
export const batchItemSchema = z.strictObject({
  to: shape.to,
  ...own,
  client_ref: shape.client_ref,
  /** Values for the text of this item; each must be used in it. They go before those of the defaults. */
  variables: variablesSchema.optional(),
});
export type BatchItem = z.output<typeof batchItemSchema>;

export const speedLimitSchema = z
  .strictObject({
    segments: z.int().min(1),
    per: z.enum(['second', 'minute']),
  })
  .refine(({ segments, per }) => segments <= FASTEST[per], {
    error: `must be at most ${FASTEST.second} a second`,
    path: ['segments'],
    params: { code: 'out_of_range' },
  });

const fields = {
  lane: z.enum(LANES).default('bulk'),
  /** Most segments in any second or minute; without it, as fast as the lane. */
  speed_limit: speedLimitSchema.optional(),
  /** When the first message may go; without it, at once. */
  send_at: shape.send_at,
  /** Life of each message from the start of the batch, seconds; without it, the lane's default. */
  ttl_seconds: shape.ttl_seconds,
  /** The caller's own reference of the batch. */
  client_ref: shape.client_ref,
  defaults: batchDefaultsSchema.default({}),
};

/** The body of `POST /v1/batches`, as it is documented. */
export const batchRequestSchema = z.strictObject({
  ...fields,
  items: z.array(batchItemSchema).min(1).max(MOST_ITEMS),
});

/** The same as it is read: each item is checked for itself, so that one that is wrong refuses no other. */
export const batchEnvelopeSchema = z.strictObject({
  ...fields,
  items: z.array(z.unknown()).min(1).max(MOST_ITEMS),
});
export type BatchRequest = z.output<typeof batchEnvelopeSchema>;
