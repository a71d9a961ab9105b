import type { BusEvent } from '../../cdk/local/aws/api.ts';
import { batchEventSchema } from '../../shared/contracts/batch-event.ts';
import { type MessageEvent, messageEventSchema } from '../../shared/contracts/event.ts';

export interface RecordedEvent {
  type: string;
  source: string;
  detail: MessageEvent;
}

/** The events of messages on the stack's bus, each event there checked against its contract. */
export class BusRecord {
  readonly events: RecordedEvent[] = [];

  add(event: BusEvent): void {
    const { 'detail-type': type, source, detail } = event;
    if (type.startsWith('batch.')) {
      batchEventSchema.parse(detail);
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
