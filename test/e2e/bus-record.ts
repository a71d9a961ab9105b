import type { BusEvent } from '../../cdk/local/aws/api.ts';
import { type MessageEvent, messageEventSchema } from '../../shared/contracts/event.ts';
import { DETAIL_SCHEMAS } from '../../shared/contracts/event-catalog.ts';
import { endpointEventSchema } from '../../shared/contracts/webhook-endpoint-event.ts';
import type { EventType } from '../../shared/domain/event-type.ts';

export interface RecordedEvent {
  type: string;
  source: string;
  detail: MessageEvent;
}

/** Any event, as the contract of its type has it. */
export interface OtherEvent {
  type: string;
  detail: unknown;
}

/** The events on the stack's bus, each checked against its contract. */
export class BusRecord {
  /** Those of messages that were sent. */
  readonly events: RecordedEvent[] = [];
  /** All others. */
  readonly others: OtherEvent[] = [];
  /** Ids of webhook endpoints of which it was told. */
  readonly disabledEndpoints: string[] = [];

  add(event: BusEvent): void {
    const { 'detail-type': type, source, detail } = event;
    const schema = DETAIL_SCHEMAS.get(type as EventType);
    if (schema === undefined) throw new Error(`${type} has no contract`);
    if (schema === messageEventSchema) {
      this.events.push({ type, source, detail: messageEventSchema.parse(detail) });
      return;
    }
    this.others.push({ type, detail: schema.parse(detail) });
    if (type === 'webhook_endpoint.disabled') {
      this.disabledEndpoints.push(endpointEventSchema.parse(detail).data.webhook_endpoint_id);
    }
  }

  of(messageId: string): RecordedEvent[] {
    return this.events.filter(({ detail }) => detail.data.message_id === messageId);
  }

  get size(): number {
    return this.events.length;
  }
}
