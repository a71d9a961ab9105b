// A Lambda function behind a rule on Bindery's bus: it hears of each message that was delivered or will not be.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { once } from '../../consumer/dedupe.ts';
import type { BusEvent } from '../../consumer/events.ts';
import { isNewest } from '../../consumer/order.ts';
import { DynamoLatestStore, DynamoSeenStore } from './dynamo-stores.ts';

/** The types that the rule in stack.ts lets through. */
export type FinalMessage = BusEvent<'message.delivered' | 'message.undelivered' | 'message.failed' | 'message.expired'>;

const options = { client: new DynamoDBClient(), table: process.env['SEEN_TABLE'] ?? '', now: Date.now };
const seen = new DynamoSeenStore(options);
const latest = new DynamoLatestStore(options);

/** An error brings the event again, twice, and then into the function's dead-letter queue. */
export const handler = async (event: FinalMessage): Promise<'handled' | 'repeated' | 'overtaken'> => {
  const { metadata, data } = event.detail;
  let isOvertaken = false;
  const outcome = await once(metadata.event_id, seen, async () => {
    isOvertaken = !(await isNewest(metadata, latest));
    // Here your own work begins. The event holds the number, which belongs in no log.
    if (!isOvertaken)
      console.log(JSON.stringify({ message_id: data.message_id, status: data.status, client_ref: data.client_ref }));
  });
  if (outcome === 'repeated') return 'repeated';
  return isOvertaken ? 'overtaken' : 'handled';
};
