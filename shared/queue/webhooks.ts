import { SendMessageBatchCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type WebhookTask, webhookTaskSchema } from '../contracts/webhook-task.ts';
import { portionsOf } from './portions.ts';

/** SQS delays a message by 15 minutes at most. */
export const MOST_DELAY_SECONDS = 900;
/** Hosts of callbacks may be longer. */
const LONGEST_GROUP = 128;

/** The queue of deliveries to webhook endpoints. */
export class WebhookQueue {
  readonly #client: SQSClient;
  readonly #url: string;

  constructor(client: SQSClient, url: string) {
    this.#client = client;
    this.#url = url;
  }

  /** @returns the tasks that were not taken; the caller tries them again */
  async send(tasks: readonly WebhookTask[]): Promise<WebhookTask[]> {
    const refused: WebhookTask[] = [];
    for (const batch of portionsOf(tasks, messageOf)) {
      const Entries = batch.map((task, index) => ({ Id: String(index), ...messageOf(task) }));
      const { Failed = [] } = await this.#client.send(new SendMessageBatchCommand({ QueueUrl: this.#url, Entries }));
      for (const { Id } of Failed) {
        const task = batch[Number(Id)];
        if (task !== undefined) refused.push(task);
      }
    }
    return refused;
  }

  /** @param delaySeconds at most {@link MOST_DELAY_SECONDS} */
  async sendLater(task: WebhookTask, delaySeconds: number): Promise<void> {
    await this.#client.send(
      new SendMessageCommand({ QueueUrl: this.#url, ...messageOf(task), DelaySeconds: delaySeconds }),
    );
  }
}

/** SQS lets no group of a standard queue crowd out the others ("fair queues"): the many deliveries to one endpoint wait, not those to the rest. */
function messageOf(task: WebhookTask) {
  // JSON lets these two stand as they are, and SQS refuses a message with one of them, however often it is sent.
  const body = JSON.stringify(task).replaceAll(/[\ufffe\uffff]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`);
  return { MessageBody: body, MessageGroupId: task.endpoint_id.slice(0, LONGEST_GROUP) };
}

/** @throws SyntaxError or ZodError where the body is no task of ours */
export function parseWebhookTask(body: string): WebhookTask {
  return webhookTaskSchema.parse(JSON.parse(body));
}
