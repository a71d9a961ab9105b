import type { BusEvent } from '../../cdk/local/aws/api.ts';
import { batchEventSchema } from '../../shared/contracts/batch-event.ts';
import { type MessageEvent, messageEventSchema } from '../../shared/contracts/event.ts';
import { endpointEventSchema } from '../../shared/contracts/webhook-endpoint-event.ts';

export interface RecordedEvent {
  type: string;
  source: string;
  detail: MessageEvent;
}

/** The events of messages on the stack's bus, each event there checked against its contract. */
export class BusRecord {
  readonly events: RecordedEvent[] = [];
  /** Ids of webhook endpoints of which it was told. */
  readonly disabledEndpoints: string[] = [];

  add(event: BusEvent): void {
    const { 'detail-type': type, source, detail } = event;
    if (type.startsWith('batch.')) {
      batchEventSchema.parse(detail);
      return;
    }
    if (type === 'webhook_endpoint.disabled') {
      this.disabledEndpoints.push(endpointEventSchema.parse(detail).data.webhook_endpoint_id);
      return;
    }
    this.events.push({ type, source, detail: messageEventSchema.parse(detail) });
  }

  of(messageId: string): RecordedEvent[] {
    return this.events.filter(({ detail }) => detail.data.message_id === messageId);
  }

  get size(): number {
    return this.events.length;
  }
}
