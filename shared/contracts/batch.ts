import * as z from 'zod';
import { LANES } from '../config/account.ts';
import { acceptedCount, BATCH_STATUSES, type Batch, type BatchCounters, COUNTED } from '../domain/batch.ts';
import { speedLimitSchema } from './batch-request.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import { isoTime } from './message.ts';
import { cursorParameter, limitParameter } from './message-list.ts';
import { pageSchema } from './page.ts';
import { fieldErrorSchema } from './problem.ts';

const time = z.iso.datetime({ precision: 3 });
const codes = Object.keys(ERROR_CODES) as ErrorCode[];

/** A batch as lists show it. */
export const batchSummarySchema = z.strictObject({
  id: z.string().regex(/^bat_[0-9A-HJKMNP-TV-Z]{26}$/),
  status: z.enum(BATCH_STATUSES),
  status_at: time,
  lane: z.enum(LANES),
  account: z.string(),
  client_ref: z.string().nullable(),
  speed_limit: speedLimitSchema.nullable(),
  /** Items that it was given. */
  total: z.int(),
  accepted: z.int(),
  refused: z.int(),
  /** Of the accepted items together. */
  segments: z.int(),
  created_at: time,
  /** When its first message goes at the earliest. */
  starts_at: time,
  test: z.boolean(),
});

const counts = Object.fromEntries(COUNTED.map((name) => [name, z.int()])) as Record<(typeof COUNTED)[number], z.ZodInt>;

/** Where the messages of the accepted items stand. */
const batchCountersSchema = z.strictObject(counts);

export const batchSchema = batchSummarySchema.extend({ counters: batchCountersSchema });
export type ApiBatch = z.output<typeof batchSchema>;

export const acceptedItemSchema = z.strictObject({
  index: z.int(),
  status: z.literal('accepted'),
  /** Of its message. */
  id: z.string(),
  client_ref: z.string().nullable(),
  segments: z.int(),
  encoding: z.enum(['gsm7', 'ucs2']),
});

export const refusedItemSchema = z.strictObject({
  index: z.int(),
  status: z.literal('refused'),
  client_ref: z.string().nullable(),
  /** What a single message would have been refused with. */
  code: z.enum(codes),
  /** Pointers begin with `/items/`. */
  errors: z.array(fieldErrorSchema),
});

/** What became of one item. */
const itemResultSchema = z.discriminatedUnion('status', [acceptedItemSchema, refusedItemSchema]);
export type ItemResult = z.output<typeof itemResultSchema>;

/** The answer of `POST /v1/batches`: the items in the order in which they were given. */
export const createdBatchSchema = batchSchema.extend({
  /** Until its last message will have gone to the operator, by what is measured; null where that is not known. */
  estimated_seconds: z.int().nullable(),
  items: z.array(itemResultSchema),
});
export type CreatedBatch = z.output<typeof createdBatchSchema>;

/** The query of `GET /v1/batches`. */
export const batchListQuerySchema = z.strictObject({
  limit: limitParameter,
  cursor: cursorParameter,
  account: z.string().min(1).max(31).optional(),
});

/** A page of `GET /v1/batches`, newest first. */
export const batchPageSchema = pageSchema(batchSummarySchema);
export type BatchPage = z.output<typeof batchPageSchema>;

/** @throws TypeError for one that is still being accepted, which is shown to nobody */
export function presentBatchSummary(batch: Batch): z.output<typeof batchSummarySchema> {
  const { status } = batch;
  if (status === 'accepting') throw new TypeError('a batch that is being accepted is not there yet');
  const total = batch.accepted.length;
  const accepted = acceptedCount(batch);
  return {
    id: batch.batchId,
    status,
    status_at: isoTime(batch.statusAt),
    lane: batch.lane,
    account: batch.account,
    client_ref: batch.clientRef ?? null,
    speed_limit: batch.speedLimit ?? null,
    total,
    accepted,
    refused: total - accepted,
    segments: batch.segments,
    created_at: isoTime(batch.createdAt),
    starts_at: isoTime(batch.startsAt),
    test: batch.test,
  };
}

export function presentBatch(batch: Batch, counters: BatchCounters): ApiBatch {
  return { ...presentBatchSummary(batch), counters };
}
