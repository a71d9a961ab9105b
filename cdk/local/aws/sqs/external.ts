import { setTimeout as sleep } from 'node:timers/promises';
import { outputOf } from '../answer.ts';
import type { AccessKey, Queues } from '../api.ts';
import { ACCOUNT_ID } from '../arn.ts';
import type { AwsAnswer, AwsCall, AwsService } from '../call.ts';
import { ExternalEndpoint } from '../external-endpoint.ts';
import { queueAttributes } from './attributes.ts';
import { receive } from './receive.ts';

const POLL_INTERVAL_MS = 100;

/** SQS elsewhere (AWS_ENDPOINT_URL_SQS). Programs see queue URLs of the front, so that their calls still pass through it. */
export class ExternalQueues implements AwsService, Queues {
  readonly #endpoint: ExternalEndpoint;
  readonly #host: () => string;
  /** The endpoint's own URL by queue name. */
  readonly #urls = new Map<string, string>();

  constructor(options: { url: string; credentials: AccessKey; host: () => string }) {
    const { url, credentials } = options;
    this.#endpoint = new ExternalEndpoint({ url, service: 'sqs', target: 'AmazonSQS', credentials });
    this.#host = options.host;
  }

  measure(): [] {
    return [];
  }

  async createQueue(queue: {
    name: string;
    attributes?: Record<string, unknown>;
  }): Promise<{ url: string; arn: string }> {
    const Attributes = queueAttributes(queue.attributes ?? {});
    const created = await this.#endpoint.send('CreateQueue', { QueueName: queue.name, Attributes });
    // It may stand there from an earlier run with other attributes.
    const { QueueUrl } =
      created.status === 200 ? outputOf(created) : await this.#run('GetQueueUrl', { QueueName: queue.name });
    if (created.status !== 200) await this.#run('SetQueueAttributes', { QueueUrl, Attributes });
    this.#urls.set(queue.name, String(QueueUrl));
    const described = await this.#run('GetQueueAttributes', { QueueUrl, AttributeNames: ['QueueArn'] });
    const { QueueArn } = described.Attributes as { QueueArn: string };
    return { url: this.#frontUrl(queue.name), arn: QueueArn };
  }

  orphans(): { name: string; messages: number }[] {
    return [];
  }

  async handle(call: AwsCall): Promise<AwsAnswer> {
    const input = await this.#translated(call.input);
    if (call.action === 'ReceiveMessage') return this.#receive(input, call.signal);
    const answer = await this.#endpoint.send(call.action, input);
    if (answer.status !== 200 || !['CreateQueue', 'GetQueueUrl', 'ListQueues'].includes(call.action)) return answer;
    return { ...answer, body: JSON.stringify(this.#withFrontUrls(outputOf(answer))) };
  }

  async close(): Promise<void> {
    this.#endpoint.close();
  }

  async #receive(input: Record<string, unknown>, signal: AbortSignal): Promise<AwsAnswer> {
    const queue = { attributes: {}, waitForMessages: () => sleep(POLL_INTERVAL_MS) };
    const poll = (short: Record<string, unknown>) => this.#run('ReceiveMessage', short);
    const { output, handles } = await receive({ input, signal, queue, poll });
    const undelivered = (): void => {
      for (const ReceiptHandle of handles) {
        const back = { QueueUrl: input.QueueUrl, ReceiptHandle, VisibilityTimeout: 0 };
        // If this fails too, the message comes back after its visibility timeout.
        this.#endpoint.send('ChangeMessageVisibility', back).catch(() => {});
      }
    };
    return { status: 200, body: JSON.stringify(output), undelivered };
  }

  async #translated(input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
    if (typeof input.QueueUrl !== 'string') return { ...input };
    const name = nameOf(input.QueueUrl);
    const known = this.#urls.get(name);
    if (known !== undefined) return { ...input, QueueUrl: known };
    const { QueueUrl } = await this.#run('GetQueueUrl', { QueueName: name });
    this.#urls.set(name, String(QueueUrl));
    return { ...input, QueueUrl };
  }

  async #run(action: string, input: Record<string, unknown>): Promise<Record<string, unknown>> {
    return outputOf(await this.#endpoint.send(action, input));
  }

  #withFrontUrls(output: Record<string, unknown>): Record<string, unknown> {
    const { QueueUrl, QueueUrls, ...rest } = output;
    const urls = (QueueUrls ?? []) as string[];
    return {
      ...rest,
      ...(typeof QueueUrl === 'string' && { QueueUrl: this.#frontUrl(nameOf(QueueUrl)) }),
      ...(QueueUrls !== undefined && { QueueUrls: urls.map((url) => this.#frontUrl(nameOf(url))) }),
    };
  }

  #frontUrl(name: string): string {
    return `http://${this.#host()}/${ACCOUNT_ID}/${name}`;
  }
}

const nameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
