import type { DynamoDBRecord } from 'aws-lambda';
import { isBatchId } from '../../shared/domain/batch.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { WebhookEndpoint } from '../../shared/domain/webhook-endpoint.ts';
import type { Log } from '../../shared/log/log.ts';
import type { WebhookQueue } from '../../shared/queue/webhooks.ts';
import { batchOf } from '../../shared/store/batches.ts';
import { callbackOf, deliveriesOf } from '../../shared/webhooks/fan-out.ts';
import { type BatchResult, PoisonRecord, workOnEach } from '../middleware/batch.ts';
import type { EventBus, PublishedEvent } from '../middleware/event-bus.ts';
import { endOf, type Failures, noteFailure, noting, type RecordDependencies } from '../middleware/parked-records.ts';
import { imagesOf, sequenceNumberOf } from '../middleware/stream-record.ts';
import { batchEventsOf, eventsOf, messageOf } from './changes.ts';
import { controlEventsOf, isOfControl } from './control-changes.ts';
import { inboundEventsOf, isOfReceipts } from './inbound-changes.ts';
import { endsUnsent, isGivenUp, type ReturnDependencies, returnSegments, returnUnstored } from './returned-segments.ts';
import { beforeFailures, countOutcomes, type MessageWrite, type OutcomeDependencies } from './sender-outcomes.ts';

export interface PublishDependencies extends ReturnDependencies, OutcomeDependencies, RecordDependencies {
  bus: Pick<EventBus, 'put'>;
  webhooks: Pick<WebhookQueue, 'send'>;
  /** All webhook endpoints, as they are now. */
  endpoints: () => Promise<WebhookEndpoint[]>;
  stage: string;
  /** Whether an account serves test keys. */
  isTest: (account: string) => boolean;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
  sleep: (ms: number) => Promise<void>;
}

/** Waits between tries of what was not taken; after them the trigger brings its records again. */
const RETRY_AFTER_MS = [50, 200, 800];

interface Publication {
  record: string;
  event: PublishedEvent;
  /** That it is of, where it is no batch. */
  message?: Message;
}

/**
 * Puts the events of what was written on the bus, and one delivery per event and endpoint into the webhook queue; and gives the
 * segments of those that never went out back to who sent them.
 */
export async function publishChanges(
  records: readonly DynamoDBRecord[],
  dependencies: PublishDependencies,
): Promise<BatchResult> {
  const { log } = dependencies;
  const failures: Failures = { failed: new Set(), poison: new Map() };
  const publications: Publication[] = [];
  const returns: { record: DynamoDBRecord; run: () => Promise<void> }[] = [];
  const writes: MessageWrite[] = [];
  for (const record of records) {
    try {
      if (isOfControl(record) || isOfReceipts(record)) {
        const events = isOfControl(record)
          ? controlEventsOf(record, dependencies)
          : inboundEventsOf(record, dependencies.stage);
        publications.push(...events.map((event) => ({ record: sequenceNumberOf(record), event })));
        continue;
      }
      const images = imagesOf(record);
      const isBatch = isBatchId(String(images.after['messageId']));
      const place = { record: sequenceNumberOf(record), ...(isBatch ? {} : { message: messageOf(images.after) }) };
      if (!isBatch) writes.push({ record: place.record, ...messagesOf(images) });
      const events = isBatch ? batchEventsOf(images, dependencies.stage) : eventsOf(images, dependencies.stage);
      publications.push(...events.map((event) => ({ ...place, event })));
      const run = isBatch ? returnOfBatch(images, dependencies) : returnOfMessage(images, dependencies);
      if (run !== undefined) returns.push({ record, run });
    } catch (error) {
      // Events are made of the record alone: what fails here always will.
      const poison = error instanceof PoisonRecord ? error : new PoisonRecord((error as Error).name);
      noteFailure(record, poison, { failures, now: dependencies.now() });
      log.error('record cannot be published', { record: sequenceNumberOf(record), error });
    }
  }
  for (const record of await publish(publications, dependencies)) failures.failed.add(record);
  await workOnEach(returns, { idOf: ({ record }) => sequenceNumberOf(record), log }, async ({ record, run }) => {
    // One whose events are not out yet comes again for them, whatever becomes of this.
    const isOut = !failures.failed.has(sequenceNumberOf(record));
    await (isOut ? noting(record, run, { failures, now: dependencies.now }) : run());
  });
  const result = await endOf(records, failures, dependencies);
  const order = records.map(sequenceNumberOf);
  const failed = new Set(result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  await countOutcomes(beforeFailures(writes, { order, failed }), dependencies);
  return result;
}

type Images = Parameters<typeof eventsOf>[0];
type Return = (() => Promise<void>) | undefined;

function returnOfMessage(images: Images, dependencies: ReturnDependencies): Return {
  const { before, after } = messagesOf(images);
  return endsUnsent({ before, after }) ? async () => await returnSegments(after, dependencies) : undefined;
}

function messagesOf({ before, after }: Images): { before: Message | undefined; after: Message } {
  return { before: before && messageOf(before), after: messageOf(after) };
}

function returnOfBatch(images: Images, dependencies: ReturnDependencies): Return {
  const after = batchOf(images.after);
  const before = images.before && batchOf(images.before);
  return isGivenUp({ before, after }) ? async () => await returnUnstored(after, dependencies) : undefined;
}

/** @returns the records of which something was not taken */
async function publish(publications: Publication[], dependencies: PublishDependencies): Promise<string[]> {
  if (publications.length === 0) return [];
  const { bus, webhooks } = dependencies;
  const recordOfEvent = new Map(publications.map(({ event, record }) => [event.detail.metadata.event_id, record]));
  const events = publications.map(({ event }) => event);
  // Read first: if that fails nothing has gone out twice.
  const endpoints = await dependencies.endpoints();
  const now = dependencies.now();
  const offBus = await tryHard(events, async (some) => await bus.put(some), dependencies);
  // What the bus does not take comes again for hours: an endpoint would get it with each try.
  const isOff = new Set(offBus);
  const tasks = publications
    .filter(({ event }) => !isOff.has(event))
    .flatMap(({ event, message }) => [
      ...deliveriesOf(event, endpoints, now),
      ...(message === undefined ? [] : callbackOf(event, message, now)),
    ]);
  const offQueue = await tryHard(tasks, async (some) => await webhooks.send(some), dependencies);
  const ids = [...offBus.map(({ detail }) => detail.metadata.event_id), ...offQueue.map(({ event_id }) => event_id)];
  return ids.flatMap((id) => recordOfEvent.get(id) ?? []);
}

/** @returns what was not taken in the end */
async function tryHard<T>(
  items: T[],
  send: (items: T[]) => Promise<T[]>,
  { log, sleep }: PublishDependencies,
): Promise<T[]> {
  let left = items;
  try {
    left = await send(left);
    for (const waitMs of RETRY_AFTER_MS) {
      if (left.length === 0) return left;
      await sleep(waitMs);
      left = await send(left);
    }
  } catch (error) {
    // The SDK has tried for long enough. Some may have been taken; they go out twice, with the same id.
    log.error('publishing failed', { error });
  }
  if (left.length > 0) log.error('not published; the records come again', { count: left.length });
  return left;
}
