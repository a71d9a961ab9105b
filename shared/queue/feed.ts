import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';

/** One step of feeding a batch; it counts only while it is the batch's next one. */
const feedTaskSchema = z.strictObject({ batch_id: z.string(), tick: z.int() });

export interface FeedTask {
  batchId: string;
  tick: number;
}

/** The queue of steps. A running batch has one message there, which is replaced by that for the next step, delayed until its time. */
export class FeedQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** @param delaySeconds at most 900 */
  async send({ batchId, tick }: FeedTask, delaySeconds: number): Promise<void> {
    const MessageBody = JSON.stringify({ batch_id: batchId, tick });
    const DelaySeconds = Math.min(900, Math.max(0, Math.ceil(delaySeconds)));
    await this.#client.send(new SendMessageCommand({ QueueUrl: this.#url, MessageBody, DelaySeconds }));
  }
}

/** @throws SyntaxError or ZodError where the body is no step of ours */
export function parseFeedTask(body: string): FeedTask {
  const { batch_id, tick } = feedTaskSchema.parse(JSON.parse(body));
  return { batchId: batch_id, tick };
}
