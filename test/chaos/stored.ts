import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { LANES } from '../../shared/config/account.ts';
import { laneQueueUrl } from '../../shared/config/environment.ts';
import type { Message } from '../../shared/domain/message.ts';
import { parseLaneBody } from '../../shared/queue/lanes.ts';
import { fromItem } from '../../shared/store/messages.ts';
import type { ReceiptTableRow } from '../../shared/store/receipts.ts';
import { ACCOUNT, type ChaosStack } from './stack.ts';

/** Visible, hidden and delayed messages. */
const DEPTHS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/** What the stack's own tables and queues hold, read past the product. */
export class Stored {
  readonly #stack: ChaosStack;
  readonly #document: DynamoDBDocumentClient;
  readonly #sqs: SQSClient;

  constructor(stack: ChaosStack) {
    this.#stack = stack;
    this.#document = DynamoDBDocumentClient.from(new DynamoDBClient(stack.aws));
    this.#sqs = new SQSClient(stack.aws);
  }

  async messages(): Promise<Message[]> {
    return (await this.#items('MESSAGES_TABLE')).map(fromItem);
  }

  async receiptRows(): Promise<ReceiptTableRow[]> {
    return (await this.#items('RECEIPTS_TABLE')) as unknown as ReceiptTableRow[];
  }

  /** Messages in the lanes, hidden ones included. */
  async inLanes(): Promise<number> {
    const depths = await Promise.all(this.#laneUrls().map((url) => this.#depth(url)));
    return depths.reduce((sum, depth) => sum + depth, 0);
  }

  /** Message ids in the lanes' dead-letter queues; they stay hidden there for a while afterwards. */
  async deadLetters(): Promise<string[]> {
    const perLane = await Promise.all(this.#laneUrls().map((url) => this.#receiveAll(`${url}-dlq`)));
    return perLane.flat();
  }

  #laneUrls(): string[] {
    return LANES.map((lane) => laneQueueUrl(this.#stack.variable('LANE_QUEUE_URL'), ACCOUNT, lane));
  }

  async #depth(url: string): Promise<number> {
    const { Attributes = {} } = await this.#sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...DEPTHS] }),
    );
    return DEPTHS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }

  async #receiveAll(url: string): Promise<string[]> {
    const ids: string[] = [];
    for (;;) {
      const { Messages = [] } = await this.#sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 600 }),
      );
      if (Messages.length === 0) return ids;
      ids.push(...Messages.map(({ Body }) => parseLaneBody(Body) ?? `not ours: ${Body}`));
    }
  }

  async #items(variable: string): Promise<Record<string, unknown>[]> {
    const items: Record<string, unknown>[] = [];
    const pages = paginateScan(
      { client: this.#document },
      { TableName: this.#stack.variable(variable), ConsistentRead: true },
    );
    for await (const { Items = [] } of pages) items.push(...Items);
    return items;
  }
}
