import type { BusEvent } from '../../cdk/local/aws/api.ts';
import { type MessageEvent, messageEventSchema } from '../../shared/contracts/event.ts';

export interface RecordedEvent {
  type: string;
  source: string;
  detail: MessageEvent;
}

/** Everything that was put on the stack's bus, each event checked against its contract. */
export class BusRecord {
  readonly events: RecordedEvent[] = [];

  add(event: BusEvent): void {
    const { 'detail-type': type, source, detail } = event;
    this.events.push({ type, source, detail: messageEventSchema.parse(detail) });
  }

  of(messageId: string): RecordedEvent[] {
    return this.events.filter(({ detail }) => detail.data.message_id === messageId);
  }

  get size(): number {
    return this.events.length;
  }
}
