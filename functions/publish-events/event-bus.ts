import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { TypedAccountEvent } from '../../shared/contracts/account-event.ts';
import type { TypedBatchEvent } from '../../shared/contracts/batch-event.ts';
import type { TypedMessageEvent } from '../../shared/contracts/event.ts';
import type { TypedInboundEvent } from '../../shared/contracts/inbound-event.ts';
import type { TypedOptOutEvent } from '../../shared/contracts/opt-out-event.ts';
import type { TypedEndpointEvent } from '../../shared/contracts/webhook-endpoint-event.ts';

/** What goes out on the bus and to webhooks. */
export type PublishedEvent =
  | TypedMessageEvent
  | TypedBatchEvent
  | TypedInboundEvent
  | TypedAccountEvent
  | TypedOptOutEvent
  | TypedEndpointEvent;

/** PutEvents takes ten at a time. */
const BATCH = 10;

/** The bus that events are published on. */
export class EventBus {
  readonly #client: Pick<EventBridgeClient, 'send'>;
  readonly #bus: string;
  readonly #source: string;

  constructor(client: Pick<EventBridgeClient, 'send'>, { bus, source }: { bus: string; source: string }) {
    this.#client = client;
    this.#bus = bus;
    this.#source = source;
  }

  /** @returns the events that were not taken: a call that succeeds may have refused some of its entries */
  async put(events: readonly PublishedEvent[]): Promise<PublishedEvent[]> {
    const refused: PublishedEvent[] = [];
    for (let start = 0; start < events.length; start += BATCH) {
      const batch = events.slice(start, start + BATCH);
      const { Entries = [] } = await this.#client.send(
        new PutEventsCommand({
          Entries: batch.map(({ type, detail }) => ({
            EventBusName: this.#bus,
            Source: this.#source,
            DetailType: type,
            Time: new Date(detail.metadata.occurred_at),
            Detail: JSON.stringify(detail),
          })),
        }),
      );
      refused.push(...batch.filter((_event, index) => Entries[index]?.EventId === undefined));
    }
    return refused;
  }
}
