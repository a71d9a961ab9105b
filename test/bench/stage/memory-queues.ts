import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityCommand,
  type DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { laneBody } from '../../../shared/queue/lanes.ts';

type Command = ReceiveMessageCommand | DeleteMessageCommand | ChangeMessageVisibilityCommand;

/** About what SQS takes inside a region. */
const ANSWER_MS = 6;

/** As much of SQS as the lanes of a term need, in memory: what was received stays hidden unless it is given back. */
export class MemoryQueues {
  readonly #waiting = new Map<string, string[]>();

  get client(): SQSClient {
    const client = {
      send: (command: Command, options?: { abortSignal?: AbortSignal }) => this.#send(command, options),
    };
    return client as unknown as SQSClient;
  }

  add(queueUrl: string, messageId: string): void {
    this.#of(queueUrl).push(laneBody(messageId));
  }

  async #send(command: Command, { abortSignal }: { abortSignal?: AbortSignal } = {}): Promise<unknown> {
    await delay(ANSWER_MS);
    if (command instanceof ReceiveMessageCommand) return { Messages: await this.#receive(command, abortSignal) };
    if (command instanceof ChangeMessageVisibilityCommand && command.input.VisibilityTimeout === 0) {
      // The handle is the body.
      this.#of(command.input.QueueUrl).push(command.input.ReceiptHandle ?? '');
    }
    return {};
  }

  async #receive({ input }: ReceiveMessageCommand, signal?: AbortSignal): Promise<Message[]> {
    const queue = this.#of(input.QueueUrl);
    // Nothing comes later: an empty queue stays so for the whole poll.
    if (queue.length === 0) await delay((input.WaitTimeSeconds ?? 0) * 1_000, undefined, signal ? { signal } : {});
    const bodies = queue.splice(0, input.MaxNumberOfMessages);
    return bodies.map((Body) => ({ Body, ReceiptHandle: Body, MessageId: Body }));
  }

  #of(queueUrl: string | undefined): string[] {
    const url = queueUrl ?? '';
    const queue = this.#waiting.get(url) ?? [];
    this.#waiting.set(url, queue);
    return queue;
  }
}
