import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Lane } from '../../shared/config/account.ts';
import type { Log } from '../../shared/log/log.ts';
import { deadLetterUrl, parseLaneBody } from '../../shared/queue/lanes.ts';
import type { Poison } from './poison.ts';

/** How long a received message stays hidden without a sign of life from us; short, so that a crash gives it back soon. */
export const HIDDEN_SECONDS = 30;

/** A message as its lane's queue delivered it. */
export interface Delivery {
  lane: Lane;
  receiptHandle: string;
  body: string;
}

/** A queue message in our hands. */
export interface QueuedItem extends Delivery {
  messageId: string;
  /** How often the queue has delivered it, at the least. */
  receives: number;
  /** Monotonic milliseconds: when its hidden time was last started, or before. */
  hiddenSince: number;
}

/** What can be done with a received queue message. Nothing here throws: what fails becomes visible again by itself. */
export interface LaneQueue {
  /** It is done with. */
  remove(item: QueuedItem): Promise<void>;
  /** Somebody, perhaps we, may receive it again after `delaySeconds`. */
  giveBack(item: QueuedItem, delaySeconds: number): Promise<void>;
  /** Moves it to the dead-letter queue, with the reason. @returns whether it stands there now */
  park(delivery: Delivery, poison: Poison): Promise<boolean>;
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

  async remove(item: Delivery): Promise<void> {
    await this.#quietly('not deleted', item, () => this.#sqs.send(new DeleteMessageCommand(this.#handleOf(item))));
  }

  async park(delivery: Delivery, { reason, detail }: Poison): Promise<boolean> {
    const command = new SendMessageCommand({
      QueueUrl: deadLetterUrl(this.#queueUrl(delivery.lane)),
      MessageBody: delivery.body,
      MessageAttributes: {
        reason: { DataType: 'String', StringValue: reason },
        detail: { DataType: 'String', StringValue: detail },
      },
    });
    const parked = await this.#quietly('not moved to the dead-letter queue', delivery, () => this.#sqs.send(command));
    // Only then: a message that stands in both is better than one that stands in neither.
    if (parked) await this.remove(delivery);
    return parked;
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

  #handleOf({ lane, receiptHandle }: Delivery): { QueueUrl: string; ReceiptHandle: string } {
    return { QueueUrl: this.#queueUrl(lane), ReceiptHandle: receiptHandle };
  }

  async #quietly(failure: string, { lane, body }: Delivery, call: () => Promise<unknown>): Promise<boolean> {
    try {
      await call();
      return true;
    } catch (error) {
      const messageId = parseLaneBody(body);
      this.#log.warn(`queue message ${failure}; it becomes visible again by itself`, { lane, messageId, error });
      return false;
    }
  }
}
