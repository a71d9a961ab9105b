import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Lane } from '../config/account.ts';
import { laneQueueUrl } from '../config/environment.ts';

/** Counts what waits in lanes, to within what SQS knows of its own queues. */
export class LaneBacklog {
  readonly #client: SQSClient;
  readonly #urlPattern: string;

  constructor(client: SQSClient, urlPattern: string) {
    this.#client = client;
    this.#urlPattern = urlPattern;
  }

  /** Messages that wait to be sent, with those in a binder's hands, and without those held back until a time of their own. */
  async messages(account: string, lane: Lane, abortSignal: AbortSignal): Promise<number> {
    const { Attributes = {} } = await this.#client.send(
      new GetQueueAttributesCommand({
        QueueUrl: laneQueueUrl(this.#urlPattern, account, lane),
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
      { abortSignal },
    );
    const { ApproximateNumberOfMessages: visible = 0, ApproximateNumberOfMessagesNotVisible: inHand = 0 } = Attributes;
    return Number(visible) + Number(inHand);
  }
}
