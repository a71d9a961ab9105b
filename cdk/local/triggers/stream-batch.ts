import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { StreamRecord } from '../aws/call.ts';
import type { Outcome } from '../lambda/function.ts';
import { readBatchResult } from './batch-response.ts';

export interface StreamBatchPolicy {
  bisect: boolean;
  /** Attempts after the first; Infinity when the mapping gives no limit. */
  maximumRetries: number;
  /** Infinity when the mapping gives no limit. */
  maximumAgeMs: number;
  reportBatchItemFailures: boolean;
}

export type ParkCondition = 'RetryAttemptsExhausted' | 'RecordAgeExceeded';

/** What a delivery of stream records needs of its surroundings. */
export interface StreamBatchSurroundings {
  policy: StreamBatchPolicy;
  invoke: (records: readonly StreamRecord[]) => Promise<Outcome>;
  /** Records are given up. */
  park: (records: readonly StreamRecord[], condition: ParkCondition, invocations: number) => Promise<void>;
  /** Records need no further attempt: done, or given up. */
  finish: (records: readonly StreamRecord[]) => Promise<void>;
  nowEpochMs: () => number;
  signal: AbortSignal;
}

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 30_000;

export function sequenceNumber(record: StreamRecord): string {
  return record.dynamodb.SequenceNumber;
}

function createdAtEpochMs(record: StreamRecord): number {
  return record.dynamodb.ApproximateCreationDateTime * 1000;
}

/**
 * Delivers records in order, as an event source mapping of Lambda does. A failed batch is divided where the mapping says so, which
 * costs no attempt, and tried again until it is done, too old, or out of attempts; only then do the records after it follow.
 * Rejects with the signal's reason when interrupted.
 */
export async function deliverBatch(
  batch: readonly StreamRecord[],
  surroundings: StreamBatchSurroundings,
  earlierAttempts = 0,
): Promise<void> {
  const { policy, signal } = surroundings;
  let records = batch;
  let attempts = earlierAttempts;
  for (let retry = 0; ; retry += 1) {
    signal.throwIfAborted();
    records = await dropAged(records, attempts, surroundings);
    if (records.length === 0) return;
    const outcome = await surroundings.invoke(records);
    const result = readBatchResult(outcome, records.map(sequenceNumber), policy.reportBatchItemFailures);
    if (result.kind === 'done') {
      await surroundings.finish(records);
      return;
    }
    // A stream is read in order: everything before the first reported record is done, everything from it on is tried again.
    const restart = result.kind === 'partial' ? (result.failed[0] ?? 0) : 0;
    if (restart > 0) {
      await surroundings.finish(records.slice(0, restart));
      records = records.slice(restart);
      attempts = 0;
      if (policy.bisect) continue;
    } else if (policy.bisect && records.length > 1 && result.kind !== 'throttled') {
      const middle = Math.ceil(records.length / 2);
      await deliverBatch(records.slice(0, middle), surroundings, attempts);
      await deliverBatch(records.slice(middle), surroundings, attempts);
      return;
    }
    if (result.kind !== 'throttled') attempts += 1;
    if (attempts > policy.maximumRetries) {
      await surroundings.park(records, 'RetryAttemptsExhausted', attempts);
      await surroundings.finish(records);
      return;
    }
    await delay(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(retry, 10)), undefined, { signal });
  }
}

/** Gives up the records that are older than the mapping allows. */
async function dropAged(
  records: readonly StreamRecord[],
  attempts: number,
  { policy, park, finish, nowEpochMs }: StreamBatchSurroundings,
): Promise<readonly StreamRecord[]> {
  const oldestEpochMs = nowEpochMs() - policy.maximumAgeMs;
  const aged = records.filter((record) => createdAtEpochMs(record) < oldestEpochMs);
  if (aged.length === 0) return records;
  await park(aged, 'RecordAgeExceeded', attempts);
  await finish(aged);
  return records.filter((record) => !aged.includes(record));
}

/** The shard that stands for a table's one stream here. */
const SHARD_ID = 'shardId-00000000000000000000-00000000';

/** What Lambda writes to the on-failure destination of a stream: where the records are, not the records. */
export function failureRecord(
  records: readonly StreamRecord[],
  details: {
    functionArn: string;
    streamArn: string;
    condition: ParkCondition;
    invocations: number;
    nowEpochMs: number;
  },
): Record<string, unknown> {
  const first = records.at(0);
  const last = records.at(-1);
  const arrival = (record: StreamRecord | undefined): string =>
    new Date(record === undefined ? details.nowEpochMs : createdAtEpochMs(record)).toISOString();
  return {
    requestContext: {
      requestId: randomUUID(),
      functionArn: details.functionArn,
      condition: details.condition,
      approximateInvokeCount: details.invocations,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    version: '1.0',
    timestamp: new Date(details.nowEpochMs).toISOString(),
    DDBStreamBatchInfo: {
      shardId: SHARD_ID,
      startSequenceNumber: first === undefined ? '' : sequenceNumber(first),
      endSequenceNumber: last === undefined ? '' : sequenceNumber(last),
      approximateArrivalOfFirstRecord: arrival(first),
      approximateArrivalOfLastRecord: arrival(last),
      batchSize: records.length,
      streamArn: details.streamArn,
    },
  };
}
