import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { LocalAws, TableStream } from '../aws/api.ts';
import type { StreamRecord } from '../aws/call.ts';
import type { Matcher } from '../aws/patterns.ts';
import type { Trigger } from '../context.ts';
import { readRecords } from '../iam/standing.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import type { Observe } from '../observation.ts';
import {
  deliverBatch,
  failureRecord,
  type ParkCondition,
  type StreamBatchPolicy,
  sequenceNumber,
} from './stream-batch.ts';
import { StreamProgress } from './stream-progress.ts';

export interface StreamTriggerOptions {
  /** Name of the consumer; its checkpoint is kept under it. */
  name: string;
  tableName: string;
  function: LambdaFunction;
  batchSize: number;
  /** Longest wait for a batch to fill. */
  windowMs: number;
  /** Batches under way at a time; records of one item stay in one of them, in order. */
  parallelizationFactor: number;
  policy: StreamBatchPolicy;
  matches: Matcher;
  /** URL of the on-failure queue. */
  parkedQueueUrl?: string;
  aws: LocalAws;
  observe: Observe;
}

const WAIT_MS = 20_000;
const RETRY_READ_MS = 1_000;

/** Divides records so that those of one item stay together and in order. */
function divide(records: readonly StreamRecord[], parts: number): StreamRecord[][] {
  const divided = Array.from({ length: parts }, (): StreamRecord[] => []);
  for (const record of records) {
    const digest = createHash('md5').update(JSON.stringify(record.dynamodb.Keys)).digest();
    divided[digest.readUInt32BE(0) % parts]?.push(record);
  }
  return divided;
}

/** The event source mapping of a table's stream. Its position is durable: a restart goes on where the last one stopped. */
export class StreamTrigger implements Trigger {
  readonly #options: StreamTriggerOptions;
  readonly #stop = new AbortController();
  #reading: Promise<void> = Promise.resolve();

  constructor(options: StreamTriggerOptions) {
    this.#options = options;
  }

  start(): void {
    const { aws, tableName, name } = this.#options;
    const stream = aws.tables.stream(tableName);
    if (stream === undefined) throw new Error(`${name} reads the stream of ${tableName}, which has none`);
    this.#reading = this.#read(stream);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  async #read(stream: TableStream): Promise<void> {
    const { name, observe } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const after = stream.position(name);
        if (!(await stream.waitForRecords(after, { timeoutMs: WAIT_MS, signal }))) continue;
        this.#requireRead(stream);
        await this.#process(await this.#gather(stream, after), stream);
      } catch (fault) {
        if (signal.aborted) return;
        observe({ kind: 'notice', text: `${name} can't read its stream: ${String(fault)}` });
        await delay(RETRY_READ_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Lambda reads under the function's role, and a policy may have changed since the stack was deployed. */
  #requireRead(stream: TableStream): void {
    const { aws, function: target } = this.#options;
    for (const demand of aws.policies.withKeys(readRecords(stream.arn))) {
      aws.policies.require(target.specification.principal, demand);
    }
  }

  async #gather(stream: TableStream, after: string): Promise<StreamRecord[]> {
    const { batchSize, parallelizationFactor, windowMs } = this.#options;
    const limit = batchSize * parallelizationFactor;
    const deadlineMs = performance.now() + windowMs;
    const { signal } = this.#stop;
    let records = await stream.read({ after, limit });
    while (records.length < limit) {
      const leftMs = deadlineMs - performance.now();
      const last = records.at(-1);
      if (leftMs <= 0 || last === undefined || signal.aborted) break;
      if (!(await stream.waitForRecords(sequenceNumber(last), { timeoutMs: leftMs, signal }))) break;
      records = await stream.read({ after, limit });
    }
    return records;
  }

  async #process(records: StreamRecord[], stream: TableStream): Promise<void> {
    const { name, matches, batchSize, parallelizationFactor, policy, function: target } = this.#options;
    const progress = new StreamProgress(records.map(sequenceNumber));
    const finish = async (done: readonly StreamRecord[]): Promise<void> => {
      const position = progress.finish(done.map(sequenceNumber));
      if (position !== undefined) await stream.checkpoint(name, position);
    };
    const wanted = records.filter((record) => matches(record));
    await finish(records.filter((record) => !wanted.includes(record)));
    const surroundings = {
      policy,
      invoke: (batch: readonly StreamRecord[]) => target.invoke({ Records: batch }),
      park: (batch: readonly StreamRecord[], condition: ParkCondition, invocations: number) =>
        this.#park(batch, { condition, invocations, streamArn: stream.arn }),
      finish,
      nowEpochMs: () => Date.now(),
      signal: this.#stop.signal,
    };
    const lanes = divide(wanted, parallelizationFactor).map(async (lane) => {
      for (let start = 0; start < lane.length; start += batchSize) {
        await deliverBatch(lane.slice(start, start + batchSize), surroundings);
      }
    });
    // All lanes end before the next records are read, also when one is interrupted: nothing is delivered twice at a time.
    const settled = await Promise.allSettled(lanes);
    for (const result of settled) if (result.status === 'rejected') throw result.reason;
  }

  async #park(
    records: readonly StreamRecord[],
    details: { condition: ParkCondition; invocations: number; streamArn: string },
  ): Promise<void> {
    const { name, aws, parkedQueueUrl, observe, function: target } = this.#options;
    observe({ kind: 'parked', trigger: name, records: records.length, condition: details.condition });
    if (parkedQueueUrl === undefined) return;
    const record = failureRecord(records, { ...details, functionArn: target.arn, nowEpochMs: Date.now() });
    await aws.invoke({
      service: 'sqs',
      action: 'SendMessage',
      caller: target.specification.caller,
      input: { QueueUrl: parkedQueueUrl, MessageBody: JSON.stringify(record) },
    });
  }
}
