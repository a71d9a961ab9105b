import { type WebhookTask, webhookPayload } from '../contracts/webhook-task.ts';
import { wantsEvent } from '../domain/event-type.ts';
import type { Message } from '../domain/message.ts';
import type { WebhookEndpoint } from '../domain/webhook-endpoint.ts';
import { callbackHostId } from './callback.ts';

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
  const delivery = firstDelivery(event, now);
  const wanting = endpoints.filter(({ events }) => wantsEvent(event.type, events));
  return wanting.map(({ endpointId }) => ({ endpoint_id: endpointId, ...delivery }));
}

/** The delivery of an event to the address that its message came with, if it came with one. @param now epoch milliseconds */
export function callbackOf(
  event: WebhookEvent,
  { messageId, statusCallbackUrl: url }: Pick<Message, 'messageId' | 'statusCallbackUrl'>,
  now: number,
): WebhookTask[] {
  if (url === undefined) return [];
  const callback = { url, message_id: messageId };
  return [{ endpoint_id: callbackHostId(url), callback, ...firstDelivery(event, now) }];
}

function firstDelivery(event: WebhookEvent, now: number): Omit<WebhookTask, 'endpoint_id'> {
  const isUrgent = 'lane' in event.detail.data && event.detail.data.lane === 'otp';
  return {
    event_id: event.detail.metadata.event_id,
    payload: webhookPayload(event),
    ...(isUrgent ? { schedule: 'otp' as const } : {}),
    attempt: 1,
    first_at: now,
    not_before: now,
  };
}
