import { ChangeMessageVisibilityCommand, DeleteMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Lane } from '../../shared/config/account.ts';
import type { Log } from '../../shared/log/log.ts';

/** How long a received message stays hidden without a sign of life from us; short, so that a crash gives it back soon. */
export const HIDDEN_SECONDS = 30;

/** A queue message in our hands. */
export interface QueuedItem {
  lane: Lane;
  messageId: string;
  receiptHandle: string;
  /** Monotonic milliseconds: when its hidden time was last started, or before. */
  hiddenSince: number;
}

/** What can be done with a received queue message. Nothing here throws: what fails becomes visible again by itself. */
export interface LaneQueue {
  /** It is done with. */
  remove(item: QueuedItem): Promise<void>;
  /** Somebody, perhaps we, may receive it again after `delaySeconds`. */
  giveBack(item: QueuedItem, delaySeconds: number): Promise<void>;
  /** We still hold it: hidden for another HIDDEN_SECONDS. @returns whether it was done */
  extend(item: QueuedItem): Promise<boolean>;
}

export class SqsLaneQueue implements LaneQueue {
  readonly #sqs: Pick<SQSClient, 'send'>;
  readonly #queueUrl: (lane: Lane) => string;
  readonly #log: Log;

  constructor(options: { sqs: Pick<SQSClient, 'send'>; queueUrl: (lane: Lane) => string; log: Log }) {
    this.#sqs = options.sqs;
    this.#queueUrl = options.queueUrl;
    this.#log = options.log;
  }

  async remove(item: QueuedItem): Promise<void> {
    await this.#quietly('not deleted', item, () => this.#sqs.send(new DeleteMessageCommand(this.#handleOf(item))));
  }

  async giveBack(item: QueuedItem, delaySeconds: number): Promise<void> {
    await this.#hide(item, delaySeconds, 'not given back');
  }

  async extend(item: QueuedItem): Promise<boolean> {
    return await this.#hide(item, HIDDEN_SECONDS, 'not kept hidden');
  }

  async #hide(item: QueuedItem, VisibilityTimeout: number, failure: string): Promise<boolean> {
    const command = new ChangeMessageVisibilityCommand({ ...this.#handleOf(item), VisibilityTimeout });
    return await this.#quietly(failure, item, () => this.#sqs.send(command));
  }

  #handleOf({ lane, receiptHandle }: QueuedItem): { QueueUrl: string; ReceiptHandle: string } {
    return { QueueUrl: this.#queueUrl(lane), ReceiptHandle: receiptHandle };
  }

  async #quietly(failure: string, { lane, messageId }: QueuedItem, call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      this.#log.warn(`queue message ${failure}; it becomes visible again by itself`, { lane, messageId, error });
      return false;
    }
  }
}
