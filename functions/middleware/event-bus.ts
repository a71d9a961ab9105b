import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import type { TypedAccountEvent } from '../../shared/contracts/account-event.ts';
import type { TypedBatchEvent } from '../../shared/contracts/batch-event.ts';
import { END_USER_MESSAGING_TYPE, endUserMessagingDetail } from '../../shared/contracts/end-user-messaging-event.ts';
import type { TypedMessageEvent } from '../../shared/contracts/event.ts';
import type { TypedInboundEvent } from '../../shared/contracts/inbound-event.ts';
import type { TypedOptOutEvent } from '../../shared/contracts/opt-out-event.ts';
import type { TypedEndpointEvent } from '../../shared/contracts/webhook-endpoint-event.ts';
import { portionsOf } from '../../shared/queue/portions.ts';

/** What goes out on the bus and to webhooks. */
export type PublishedEvent =
  | TypedMessageEvent
  | TypedBatchEvent
  | TypedInboundEvent
  | TypedAccountEvent
  | TypedOptOutEvent
  | TypedEndpointEvent;

/** The bus that events are published on. */
export class EventBus {
  readonly #client: Pick<EventBridgeClient, 'send'>;
  readonly #bus: string;
  readonly #source: string;
  readonly #endUserMessaging: boolean;

  /** @param options.endUserMessaging whether what happens to a message is also told as AWS End User Messaging tells it */
  constructor(
    client: Pick<EventBridgeClient, 'send'>,
    { bus, source, endUserMessaging = false }: { bus: string; source: string; endUserMessaging?: boolean },
  ) {
    this.#client = client;
    this.#bus = bus;
    this.#source = source;
    this.#endUserMessaging = endUserMessaging;
  }

  /** @returns the events that were not taken: a call that succeeds may have refused some of its entries */
  async put(events: readonly PublishedEvent[]): Promise<PublishedEvent[]> {
    const outgoing = events.flatMap((event) => this.#entriesOf(event).map((entry) => ({ event, entry })));
    const refused = new Set<PublishedEvent>();
    for (const batch of portionsOf(outgoing, ({ entry }) => entry)) {
      const { Entries = [] } = await this.#client.send(
        new PutEventsCommand({ Entries: batch.map(({ entry }) => entry) }),
      );
      for (const [index, { event }] of batch.entries()) {
        if (Entries[index]?.EventId === undefined) refused.add(event);
      }
    }
    return [...refused];
  }

  #entriesOf({ type, detail }: PublishedEvent): PutEventsRequestEntry[] {
    const own = this.#entry(type, detail, detail.metadata.occurred_at);
    if (!this.#endUserMessaging || detail.metadata.schema !== 'bindery.message') return [own];
    const { data, metadata } = detail as TypedMessageEvent['detail'];
    const same = endUserMessagingDetail(data);
    return same === undefined ? [own] : [own, this.#entry(END_USER_MESSAGING_TYPE, same, metadata.occurred_at)];
  }

  #entry(type: string, detail: object, occurredAt: string): PutEventsRequestEntry {
    return {
      EventBusName: this.#bus,
      Source: this.#source,
      DetailType: type,
      Time: new Date(occurredAt),
      Detail: JSON.stringify(detail),
    };
  }
}
