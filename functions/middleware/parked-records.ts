import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord } from 'aws-lambda';
import type { Log } from '../../shared/log/log.ts';
import { type BatchResult, PoisonRecord, workOnEach } from './batch.ts';
import { sequenceNumberOf } from './stream-record.ts';

/** Why a record was parked. `reason` is of the words that stand in dead-letter queues of lanes, too; neither tells of a person. */
export interface Why {
  reason: 'unreadable' | 'work_failed';
  detail: string;
}

/** Before this age of a record, a fault may still be one of the machine, or of an answer that lacks something, milliseconds. */
const PASSING_MS = 10 * 60_000;
/** From this age of a record on, it is told that it fails, milliseconds. */
const LATE_MS = 5 * 60_000;

/** The queue in which records lie that no repetition helps. */
export class ParkedRecords {
  readonly #client: Pick<SQSClient, 'send'>;
  readonly #queue: { url: string; functionName: string | undefined };

  /** @param queue its URL, and the name of the function that parks there, by which it can be called again */
  constructor(client: Pick<SQSClient, 'send'>, queue: { url: string; functionName: string | undefined }) {
    this.#client = client;
    this.#queue = queue;
  }

  /** Which change of which item it was, and why; not what it said. The same record twice lies there twice. */
  async park({ eventName, eventSourceARN, dynamodb = {} }: DynamoDBRecord, { reason, detail }: Why): Promise<void> {
    const body = {
      function: this.#queue.functionName,
      stream: eventSourceARN,
      table: eventSourceARN?.split('/')[1],
      event: eventName,
      keys: dynamodb.Keys,
      sequence_number: dynamodb.SequenceNumber,
    };
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#queue.url,
        MessageBody: JSON.stringify(body),
        MessageAttributes: {
          reason: { DataType: 'String', StringValue: reason },
          detail: { DataType: 'String', StringValue: detail },
        },
      }),
    );
  }
}

export interface RecordDependencies {
  parked: Pick<ParkedRecords, 'park'>;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
}

/** What became of a batch: the records that failed, by their numbers, and those of them that no repetition helps. */
export interface Failures {
  failed: Set<string>;
  poison: Map<string, Why>;
}

/** Works on each record by itself. What fails comes again, or is parked. */
export async function workOnRecords(
  records: readonly DynamoDBRecord[],
  dependencies: RecordDependencies,
  work: (record: DynamoDBRecord) => Promise<void>,
): Promise<BatchResult> {
  const failures: Failures = { failed: new Set(), poison: new Map() };
  const { log, now } = dependencies;
  await workOnEach(records, { idOf: sequenceNumberOf, log }, async (record) => {
    await noting(record, async () => await work(record), { failures, now });
  });
  return await endOf(records, failures, dependencies);
}

/** Works on a record, and notes where that fails. @throws what the work throws */
export async function noting(
  record: DynamoDBRecord,
  work: () => Promise<void>,
  { failures, now }: { failures: Failures; now: () => number },
): Promise<void> {
  try {
    await work();
  } catch (error) {
    noteFailure(record, error, { failures, now: now() });
    throw error;
  }
}

/** Notes that a record failed, and why no repetition helps it, where that is so. */
export function noteFailure(
  record: DynamoDBRecord,
  error: unknown,
  { failures, now }: { failures: Failures; now: number },
): void {
  failures.failed.add(sequenceNumberOf(record));
  const why = whyParked(error, ageMs(record, now));
  if (why !== undefined) failures.poison.set(sequenceNumberOf(record), why);
}

/**
 * What the trigger is told. A trigger goes on from the first record that it is told of: what lies before that is parked where
 * no repetition helps it, and what lies behind comes again in any case.
 * @throws Error once a record has failed for long. To Lambda a call that reports some records has succeeded, and no alarm hears of it.
 */
export async function endOf(
  records: readonly DynamoDBRecord[],
  { failed, poison }: Failures,
  { parked, log, now }: RecordDependencies,
): Promise<BatchResult> {
  const left = new Set([...failed].filter((number) => !poison.has(number)));
  tellOfLate(records, left, now());
  for (const record of records) {
    const number = sequenceNumberOf(record);
    if (left.has(number)) break;
    const why = poison.get(number);
    if (why === undefined) continue;
    try {
      await parked.park(record, why);
      log.error('record parked', { record: number, ...why });
    } catch (error) {
      log.error('record not parked', { record: number, ...why, error });
      left.add(number);
      tellOfLate(records, left, now());
      break;
    }
  }
  return { batchItemFailures: [...left].map((itemIdentifier) => ({ itemIdentifier })) };
}

function tellOfLate(records: readonly DynamoDBRecord[], left: ReadonlySet<string>, now: number): void {
  const late = records.filter((record) => left.has(sequenceNumberOf(record)) && ageMs(record, now) > LATE_MS);
  if (late.length > 0) throw new Error(`${late.length} records have failed for more than ${LATE_MS} ms`);
}

function whyParked(error: unknown, recordAgeMs: number): Why | undefined {
  if (error instanceof PoisonRecord) return { reason: 'unreadable', detail: error.message };
  return isLasting(error) && recordAgeMs > PASSING_MS ? { reason: 'work_failed', detail: error.name } : undefined;
}

/**
 * A stored item that is not as it should be, or a request that the table will never take. What the SDK throws has metadata: then
 * it was an answer that was not as it should be, and in an outage changes become as old as any.
 */
function isLasting(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  if ('$metadata' in error) return error.name === 'ValidationException';
  return error instanceof TypeError || error instanceof RangeError;
}

/** The stream tells whole seconds. */
function ageMs({ dynamodb }: DynamoDBRecord, now: number): number {
  const seconds = dynamodb?.ApproximateCreationDateTime;
  return seconds === undefined ? 0 : now - seconds * 1000;
}
