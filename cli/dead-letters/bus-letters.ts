import { type EventBridgeClient, PutEventsCommand, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import * as z from 'zod';
import { portionsOf } from '../../shared/queue/portions.ts';
import { parsedJson } from '../parsed-json.ts';
import type { Letter } from './letters.ts';

/** An event as EventBridge puts it into a dead-letter queue: as rules get it. */
const eventSchema = z.object({
  source: z.string(),
  'detail-type': z.string(),
  time: z.iso.datetime(),
  resources: z.array(z.string()),
  detail: z.record(z.string(), z.unknown()),
});

const NO_EVENT = 'it is no event';
/** What the bus had encrypted before the key ceased to serve. */
const ENCRYPTED =
  'EventBridge put it aside encrypted. Decrypt it first (docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-dlq-decrypt.html), and give it to `aws events put-events`';

/** Puts events onto the bus that had taken and could not keep them. The `event_id` in them is what it was. */
export async function putOnBus(
  client: Pick<EventBridgeClient, 'send'>,
  bus: string,
  letters: readonly Letter[],
): Promise<{ taken: Letter[]; problems: string[] }> {
  const taken: Letter[] = [];
  const problems: string[] = [];
  const entries: { letter: Letter; entry: PutEventsRequestEntry }[] = [];
  for (const letter of letters) {
    const entry = entryOf(letter.body, bus);
    if (typeof entry === 'string') problems.push(entry);
    else entries.push({ letter, entry });
  }
  for (const portion of portionsOf(entries, ({ entry }) => entry)) {
    const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: portion.map(({ entry }) => entry) }));
    for (const [index, { letter }] of portion.entries()) {
      const { EventId, ErrorCode = 'no answer' } = Entries[index] ?? {};
      if (EventId === undefined) problems.push(`the bus does not take it (${ErrorCode})`);
      else taken.push(letter);
    }
  }
  return { taken, problems };
}

/** @returns what is wrong with it where it cannot be put */
function entryOf(body: string, EventBusName: string): PutEventsRequestEntry | string {
  const { data } = eventSchema.safeParse(parsedJson(body));
  if (data === undefined) return NO_EVENT;
  const { source, 'detail-type': DetailType, time, resources, detail } = data;
  if ('encrypted-payload' in detail) return ENCRYPTED;
  return {
    EventBusName,
    Source: source,
    DetailType,
    Time: new Date(time),
    Resources: resources,
    Detail: JSON.stringify(detail),
  };
}
