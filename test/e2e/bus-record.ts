import type { BusEvent } from '../../cdk/local/aws/api.ts';
import type { MessageEvent } from '../../shared/contracts/event.ts';
import { DETAIL_SCHEMAS } from '../../shared/contracts/event-catalog.ts';
import type { EventType } from '../../shared/domain/event-type.ts';
import { faultsOf } from '../fixtures/event-schemas.ts';

export interface RecordedEvent<Detail = MessageEvent> {
  type: string;
  source: string;
  detail: Detail;
}

/** What every event has. */
export interface AnyDetail {
  metadata: { event_id: string; sequence: number; account: string | null; test: boolean; occurred_at: string };
  data: Record<string, unknown>;
}

/** What is on the stack's bus, each event checked against its contract, and by another hand against the schema in the registry. */
export class BusRecord {
  /** Those of messages on their way to a recipient. */
  readonly events: RecordedEvent[] = [];
  readonly others: RecordedEvent<AnyDetail>[] = [];
  /** Those in the shape of AWS End User Messaging, which have no metadata of ours. */
  readonly foreign: BusEvent[] = [];
  /** Ids of webhook endpoints of which it was told. */
  readonly disabledEndpoints: string[] = [];

  add(event: BusEvent): void {
    const { 'detail-type': type, source } = event;
    const faults = faultsOf(event);
    if (faults !== undefined) throw new Error(`${type} is not as its schema says: ${faults}`);
    const contract = DETAIL_SCHEMAS.get(type as EventType);
    if (contract === undefined) {
      this.foreign.push(event);
      return;
    }
    const detail = contract.parse(event.detail);
    if (type.startsWith('message.') && type !== 'message.received') {
      this.events.push({ type, source, detail: detail as MessageEvent });
      return;
    }
    const other = detail as unknown as AnyDetail;
    this.others.push({ type, source, detail: other });
    if (type === 'webhook_endpoint.disabled') {
      this.disabledEndpoints.push(String(other.data['webhook_endpoint_id']));
    }
  }

  of(messageId: string): RecordedEvent[] {
    return this.events.filter(({ detail }) => detail.data.message_id === messageId);
  }

  get size(): number {
    return this.events.length;
  }
}
