import * as z from 'zod';

/** One delivery to one endpoint, or to the address that a message came with, as the webhook queue carries it. Times are epoch milliseconds. */
export const webhookTaskSchema = z.strictObject({
  /** Of a callback, `cb_` and its host: what is known of its health is known of that. */
  endpoint_id: z.string(),
  /** Only of a callback. */
  callback: z.strictObject({ url: z.string(), message_id: z.string() }).optional(),
  /** `webhook-id`: the same in every attempt. */
  event_id: z.string(),
  /** The body as it is sent and signed, byte for byte the same in every attempt. */
  payload: z.string(),
  /** When attempts are made; absent for the standard one, which takes a day. `once` is a test. */
  schedule: z.enum(['standard', 'otp', 'once']).optional(),
  /** Number of the attempt that comes next, from 1. */
  attempt: z.int().min(1),
  /** When the first attempt was due; the schedule counts from here. */
  first_at: z.int(),
  /** Not to be tried before this: the queue delays by 15 minutes at most, so that long waits take several hops. */
  not_before: z.int(),
});
export type WebhookTask = z.output<typeof webhookTaskSchema>;

/** The body of a delivery, shaped as Standard Webhooks 1.0.0 recommends. */
export function webhookPayload(event: {
  type: string;
  detail: { metadata: { occurred_at: string }; data: unknown };
}): string {
  const { metadata, data } = event.detail;
  return JSON.stringify({ type: event.type, timestamp: metadata.occurred_at, data, metadata });
}
