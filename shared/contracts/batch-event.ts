import * as z from 'zod';
import { LANES } from '../config/account.ts';
import { acceptedCount, BATCH_EVENTS, type Batch } from '../domain/batch.ts';
import { eventMetadata } from './event-metadata.ts';
import { isoTime } from './message.ts';

const time = z.iso.datetime({ precision: 3 });

/** `detail` of an event of a batch on the bus. How far it has come is asked of the API: events of its messages tell the rest. */
export const batchEventSchema = z.strictObject({
  /** `sequence` counts the events of one batch. */
  metadata: eventMetadata('bindery.batch'),
  data: z.strictObject({
    batch_id: z.string(),
    event: z.enum(BATCH_EVENTS),
    lane: z.enum(LANES),
    client_ref: z.string().nullable(),
    total: z.int(),
    accepted: z.int(),
    segments: z.int(),
    created_at: time,
    starts_at: time,
  }),
});
export type BatchEventDetail = z.output<typeof batchEventSchema>;

export interface TypedBatchEvent {
  /** `detail-type` on the bus: `batch.` and what happened. */
  type: string;
  detail: BatchEventDetail;
}

/** The event of one entry of a batch's history. */
export function presentBatchEvent(
  batch: Batch,
  { event, at, sequence }: Batch['history'][number],
  stage: string,
): TypedBatchEvent {
  return {
    type: `batch.${event}`,
    detail: {
      metadata: {
        event_id: `evt_${batch.batchId.slice('bat_'.length)}_${sequence}`,
        schema: 'bindery.batch',
        schema_version: '1',
        occurred_at: isoTime(at),
        sequence,
        account: batch.account,
        stage,
        test: batch.test,
      },
      data: {
        batch_id: batch.batchId,
        event,
        lane: batch.lane,
        client_ref: batch.clientRef ?? null,
        total: batch.accepted.length,
        accepted: acceptedCount(batch),
        segments: batch.segments,
        created_at: isoTime(batch.createdAt),
        starts_at: isoTime(batch.startsAt),
      },
    },
  };
}
