import { type WebhookTask, webhookPayload } from '../contracts/webhook-task.ts';
import { wantsEvent } from '../domain/event-type.ts';
import type { WebhookEndpoint } from '../domain/webhook-endpoint.ts';

/** What all events have that go out to webhooks. */
export interface WebhookEvent {
  type: string;
  detail: { metadata: { event_id: string; occurred_at: string }; data: object };
}

/** The deliveries of an event, one to each endpoint that wants it. @param now epoch milliseconds */
export function deliveriesOf(
  event: WebhookEvent,
  endpoints: readonly Pick<WebhookEndpoint, 'endpointId' | 'events'>[],
  now: number,
): WebhookTask[] {
  const payload = webhookPayload(event);
  const isUrgent = 'lane' in event.detail.data && event.detail.data.lane === 'otp';
  const wanting = endpoints.filter(({ events }) => wantsEvent(event.type, events));
  return wanting.map(({ endpointId }) => ({
    endpoint_id: endpointId,
    event_id: event.detail.metadata.event_id,
    payload,
    ...(isUrgent ? { schedule: 'otp' as const } : {}),
    attempt: 1,
    first_at: now,
    not_before: now,
  }));
}
