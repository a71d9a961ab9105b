import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

import type { LocalAws } from '../aws/api.ts';
import type { LambdaFunction, Outcome } from './function.ts';

/** Waits of Lambda between the attempts of an asynchronous invocation. */
const RETRY_WAITS_MS = [60_000, 120_000];

export interface AsyncInvocationOptions {
  /** `MaximumRetryAttempts` of the function's AWS::Lambda::EventInvokeConfig: 0, 1 or 2. */
  maximumRetries: number;
  /** `MaximumEventAgeInSeconds`: an older event is tried no more. */
  maximumAgeMs: number;
  /** Queue that gets the record of an event that was given up. */
  onFailureQueueUrl?: string;
}

function failureRecord(
  target: LambdaFunction,
  event: unknown,
  { outcome, condition, attempts }: { outcome: Outcome; condition: string; attempts: number },
): Record<string, unknown> {
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: {
      requestId: randomUUID(),
      functionArn: `${target.arn}:$LATEST`,
      condition,
      approximateInvokeCount: attempts,
    },
    requestPayload: event,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: outcome.kind === 'failed' ? outcome.error : {},
  };
}

/** Invocations that nobody waits for, as EventBridge makes them. Attempts that wait for their time are dropped when the stack closes. */
export class AsyncInvocations {
  readonly #aws: LocalAws;
  readonly #stop = new AbortController();
  readonly #underWay = new Set<Promise<void>>();

  constructor(aws: LocalAws) {
    this.#aws = aws;
  }

  submit(target: LambdaFunction, event: unknown): void {
    const work = this.#attempt(target, event).catch(() => {});
    this.#underWay.add(work);
    void work.finally(() => this.#underWay.delete(work));
  }

  /** Waits for the attempts under way, without further ones. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#underWay);
  }

  async #attempt(target: LambdaFunction, event: unknown): Promise<void> {
    const { maximumRetries, maximumAgeMs } = target.asyncOptions;
    const startedAtMs = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      const outcome = await target.invoke(event);
      if (outcome.kind === 'answered') return;
      const waitMs = RETRY_WAITS_MS[attempt] ?? 0;
      const tooOld = performance.now() + waitMs - startedAtMs > maximumAgeMs;
      if (attempt >= maximumRetries || tooOld) {
        const condition = tooOld ? 'EventAgeExceeded' : 'RetriesExhausted';
        await this.#giveUp(target, failureRecord(target, event, { outcome, condition, attempts: attempt + 1 }));
        return;
      }
      await delay(waitMs, undefined, { signal: this.#stop.signal });
    }
  }

  async #giveUp(target: LambdaFunction, record: Record<string, unknown>): Promise<void> {
    const { onFailureQueueUrl } = target.asyncOptions;
    if (onFailureQueueUrl === undefined) return;
    await this.#aws.invoke({
      service: 'sqs',
      action: 'SendMessage',
      caller: target.specification.caller,
      input: { QueueUrl: onFailureQueueUrl, MessageBody: JSON.stringify(record) },
    });
  }
}
