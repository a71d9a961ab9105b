import * as z from 'zod';
import type { WebhookAttempt } from '../domain/webhook-endpoint.ts';
import { isoTime } from './message.ts';
import { cursorParameter, limitParameter, timeParameter } from './message-list.ts';
import { pageSchema } from './page.ts';

const time = z.iso.datetime({ precision: 3 });

/** The query of `GET /v1/webhook-endpoints/{id}/attempts`. */
export const attemptListQuerySchema = z.strictObject({
  limit: limitParameter,
  cursor: cursorParameter,
  created_after: timeParameter.optional(),
  created_before: timeParameter.optional(),
});

/** One try to deliver an event, or its end without one. */
export const attemptSchema = z.strictObject({
  event_id: z.string(),
  number: z.int(),
  at: time,
  duration_ms: z.int(),
  delivered: z.boolean(),
  is_last: z.boolean(),
  http_status: z.int().nullable(),
  reason: z.string().nullable(),
});

export const attemptPageSchema = pageSchema(attemptSchema);

export function presentAttempt(attempt: WebhookAttempt): z.output<typeof attemptSchema> {
  return {
    event_id: attempt.eventId,
    number: attempt.number,
    at: isoTime(attempt.at),
    duration_ms: attempt.durationMs,
    delivered: attempt.delivered,
    is_last: attempt.isLast,
    http_status: attempt.httpStatus ?? null,
    reason: attempt.reason ?? null,
  };
}

/** The answer of `POST /v1/webhook-endpoints/{id}/test`. */
export const endpointTestSchema = z.strictObject({ event_id: z.string() });

const instant = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2027-01-31T00:00:00Z' })
  .transform((written) => Date.parse(written));

/** The body of `POST /v1/webhook-endpoints/{id}/replay`: one event, or what came to its end in a stretch of time. */
export const replayRequestSchema = z.strictObject({
  event_id: z.string().min(1).max(80).optional(),
  from: instant.optional(),
  to: instant.optional(),
  which: z.enum(['undelivered', 'all']).default('undelivered'),
  cursor: z.string().min(1).max(400).optional(),
});

/** How far a replay has come. */
export const replaySchema = z.strictObject({
  queued: z.int(),
  gone: z.int(),
  done: z.boolean(),
  next_cursor: z.string().nullable(),
});
