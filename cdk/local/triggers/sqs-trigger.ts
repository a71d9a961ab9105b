import { setTimeout as delay } from 'node:timers/promises';
import type { LocalAws } from '../aws/api.ts';
import { REGION } from '../aws/arn.ts';
import type { Matcher } from '../aws/patterns.ts';
import type { Trigger } from '../context.ts';
import type { LambdaFunction } from '../lambda/function.ts';
import type { Observe } from '../observation.ts';
import { readBatchResult } from './batch-response.ts';

export interface SqsTriggerOptions {
  name: string;
  queueUrl: string;
  queueArn: string;
  function: LambdaFunction;
  batchSize: number;
  /** Longest wait for a batch to fill, counted from its first message. */
  windowMs: number;
  maximumConcurrency: number;
  reportBatchItemFailures: boolean;
  matches: Matcher;
  aws: LocalAws;
  observe: Observe;
}

/** A message as ReceiveMessage gives it. */
interface Message {
  MessageId: string;
  ReceiptHandle: string;
  Body: string;
  MD5OfBody: string;
  Attributes?: Record<string, string>;
  MessageAttributes?: Record<string, { DataType: string; StringValue?: string; BinaryValue?: string }>;
}

const LONG_POLL_SECONDS = 20;
const RECEIVE_AT_MOST = 10;
const RETRY_RECEIVE_MS = 1_000;

/** The record that a function sees. */
function toRecord(message: Message, queueArn: string): Record<string, unknown> {
  const attributes = Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [
    name,
    {
      dataType: value.DataType,
      ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
      ...(value.BinaryValue === undefined ? {} : { binaryValue: value.BinaryValue }),
      stringListValues: [],
      binaryListValues: [],
    },
  ]);
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(attributes) as unknown,
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: REGION,
  };
}

/** Filters of a queue see the body parsed when it is JSON. */
function forFilter(record: Record<string, unknown>): Record<string, unknown> {
  try {
    return { ...record, body: JSON.parse(String(record['body'])) as unknown };
  } catch {
    return record;
  }
}

/** The event source mapping of a queue. What a function does not finish comes again after the queue's visibility time-out. */
export class SqsTrigger implements Trigger {
  readonly #options: SqsTriggerOptions;
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<void>>();
  #polling: Promise<void> = Promise.resolve();

  constructor(options: SqsTriggerOptions) {
    this.#options = options;
  }

  start(): void {
    this.#polling = this.#poll();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#polling;
    await Promise.all(this.#underWay);
  }

  async #poll(): Promise<void> {
    const { maximumConcurrency, name, observe } = this.#options;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      if (this.#underWay.size >= maximumConcurrency) {
        await Promise.race(this.#underWay);
        continue;
      }
      try {
        const batch = await this.#gather();
        if (batch.length > 0) this.#dispatch(batch);
      } catch (fault) {
        if (signal.aborted) return;
        observe({ kind: 'notice', text: `${name} can't read its queue: ${String(fault)}` });
        await delay(RETRY_RECEIVE_MS, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #gather(): Promise<Message[]> {
    const { batchSize, windowMs } = this.#options;
    const batch = await this.#receive(batchSize, LONG_POLL_SECONDS);
    const deadlineMs = performance.now() + windowMs;
    while (batch.length > 0 && batch.length < batchSize && !this.#stop.signal.aborted) {
      const leftSeconds = Math.ceil((deadlineMs - performance.now()) / 1000);
      if (leftSeconds <= 0) break;
      batch.push(...(await this.#receive(batchSize - batch.length, leftSeconds)));
    }
    return batch;
  }

  async #receive(wanted: number, waitSeconds: number): Promise<Message[]> {
    try {
      const answer = await this.#call('ReceiveMessage', {
        MaxNumberOfMessages: Math.min(wanted, RECEIVE_AT_MOST),
        WaitTimeSeconds: Math.min(waitSeconds, LONG_POLL_SECONDS),
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      });
      return (answer['Messages'] ?? []) as Message[];
    } catch (fault) {
      if (this.#stop.signal.aborted) return [];
      throw fault;
    }
  }

  #dispatch(batch: Message[]): void {
    const { name, observe } = this.#options;
    const work = this.#process(batch).catch((fault: unknown) => {
      observe({ kind: 'notice', text: `${name} could not finish a batch: ${String(fault)}` });
    });
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  async #process(batch: Message[]): Promise<void> {
    const { queueArn, matches, reportBatchItemFailures } = this.#options;
    const wanted = batch.filter((message) => matches(forFilter(toRecord(message, queueArn))));
    await this.#delete(batch.filter((message) => !wanted.includes(message)));
    if (wanted.length === 0) return;
    const outcome = await this.#options.function.invoke({
      Records: wanted.map((message) => toRecord(message, queueArn)),
    });
    const identifiers = wanted.map((message) => message.MessageId);
    const result = readBatchResult(outcome, identifiers, reportBatchItemFailures);
    if (result.kind === 'done') await this.#delete(wanted);
    if (result.kind === 'partial') await this.#delete(wanted.filter((_, index) => !result.failed.includes(index)));
  }

  async #delete(messages: Message[]): Promise<void> {
    for (let start = 0; start < messages.length; start += RECEIVE_AT_MOST) {
      const entries = messages.slice(start, start + RECEIVE_AT_MOST);
      await this.#call('DeleteMessageBatch', {
        Entries: entries.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      });
    }
  }

  async #call(action: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { aws, queueUrl, function: target } = this.#options;
    const { caller } = target.specification;
    const interruptible = action === 'ReceiveMessage' ? { signal: this.#stop.signal } : {};
    return await aws.invoke({
      service: 'sqs',
      action,
      caller,
      input: { QueueUrl: queueUrl, ...input },
      ...interruptible,
    });
  }
}
