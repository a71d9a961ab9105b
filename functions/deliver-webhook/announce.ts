import { presentEndpointDisabled } from '../../shared/contracts/webhook-endpoint-event.ts';
import type { WebhookEndpoint } from '../../shared/domain/webhook-endpoint.ts';
import type { WebhookQueue } from '../../shared/queue/webhooks.ts';
import type { WebhookStore } from '../../shared/store/control-webhooks.ts';
import { deliveriesOf } from '../../shared/webhooks/fan-out.ts';
import type { EventBus } from '../middleware/event-bus.ts';

export interface AnnounceDependencies {
  endpoints: Pick<WebhookStore, 'list' | 'change'>;
  bus: Pick<EventBus, 'put'>;
  queue: Pick<WebhookQueue, 'send'>;
  stage: string;
  /** Epoch milliseconds. */
  now: () => number;
}

/**
 * Tells the bus and the other endpoints that one was disabled. It is marked until that is done, so that whoever comes next for
 * it tries again where this breaks off; the event has the same id then.
 * @throws where it was not told
 */
export async function announceDisabled(
  endpoint: WebhookEndpoint,
  { endpoints, bus, queue, stage, now }: AnnounceDependencies,
): Promise<void> {
  const event = presentEndpointDisabled(endpoint, stage);
  const others = (await endpoints.list()).filter(({ disabled }) => disabled === undefined);
  const offBus = await bus.put([event]);
  const offQueue = await queue.send(deliveriesOf(event, others, now()));
  if (offBus.length + offQueue.length > 0) throw new Error('that an endpoint is disabled could not be told');
  await endpoints.change(endpoint.endpointId, { unannounced: undefined });
}
