import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Lane } from '../config/account.ts';
import { laneQueueUrl } from '../config/environment.ts';

/** What a lane's queue carries: ids, never text. */
export function laneBody(messageId: string): string {
  return JSON.stringify({ message_id: messageId });
}

/** The message id of a queue body, or undefined where it is none of ours. */
export function parseLaneBody(body: string | undefined): string | undefined {
  try {
    const id = (JSON.parse(body ?? '') as { message_id?: unknown }).message_id;
    return typeof id === 'string' && id.startsWith('msg_') ? id : undefined;
  } catch {
    return undefined;
  }
}

/** The URL of a lane's dead-letter queue, which has the lane's name with `-dlq` behind it. */
export function deadLetterUrl(laneUrl: string): string {
  return `${laneUrl}-dlq`;
}

/** What decides where a message id goes. */
export interface LaneMessage {
  account: string;
  lane: Lane;
  messageId: string;
}

/** Puts message ids into lanes. */
export class LaneQueues {
  readonly #client: SQSClient;
  readonly #urlPattern: string;

  constructor(client: SQSClient, urlPattern: string) {
    this.#client = client;
    this.#urlPattern = urlPattern;
  }

  /** @param delaySeconds for how long nobody can receive it, 0 to 900 */
  async send({ account, lane, messageId }: LaneMessage, delaySeconds = 0): Promise<void> {
    const QueueUrl = laneQueueUrl(this.#urlPattern, account, lane);
    const DelaySeconds = delaySeconds === 0 ? undefined : delaySeconds;
    await this.#client.send(new SendMessageCommand({ QueueUrl, MessageBody: laneBody(messageId), DelaySeconds }));
  }
}
