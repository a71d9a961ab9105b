import {
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import type { Message } from '../domain/message.ts';
import { applyChange, type MessageChange, RECEIPT_WINDOW_MS } from '../domain/transitions.ts';
import { MAX_RACES, replaceVersion, type VersionedItem } from './versioned-write.ts';

const DAY_MS = 86_400_000;

export type Changed =
  | { kind: 'changed'; before: Message; message: Message }
  /** The change came too late or repeats one; the message as it is. */
  | { kind: 'unchanged'; message: Message }
  | { kind: 'missing' };

/** The Messages table. Every change is one write, conditional on the version that was read. */
export class MessageStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  /** Days that a message is kept after its creation. */
  readonly #retentionDays: number;

  constructor(client: DynamoDBDocumentClient, table: string, retentionDays = 90) {
    this.#client = client;
    this.#table = table;
    this.#retentionDays = retentionDays;
  }

  /** Stores a new message. @throws ConditionalCheckFailedException where its id exists. */
  async create(message: Message): Promise<void> {
    await this.#client.send(
      new PutCommand({
        TableName: this.#table,
        Item: newItem(message, this.#retentionDays),
        ConditionExpression: 'attribute_not_exists(messageId)',
      }),
    );
  }

  async get(messageId: string, { consistent = true } = {}): Promise<Message | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: { messageId }, ConsistentRead: consistent }),
    );
    return Item === undefined ? undefined : fromItem(Item);
  }

  /**
   * Applies a change to the stored message, reading again whenever another writer was quicker.
   * @param known the message as last seen; saves the first read
   * @throws Error where the race was lost MAX_RACES times
   */
  async change(messageId: string, change: MessageChange, known?: Message): Promise<Changed> {
    let before = known ?? (await this.get(messageId));
    for (let race = 0; race < MAX_RACES; race += 1) {
      if (before === undefined) return { kind: 'missing' };
      const result = applyChange(before, change);
      // A stale view may make a change look too late: only the stored state decides.
      if (result.kind === 'unchanged' && before !== known) return { kind: 'unchanged', message: before };
      if (result.kind === 'changed' && (await this.#write(before, result.message))) {
        return { kind: 'changed', before, message: result.message };
      }
      before = await this.get(messageId);
    }
    throw new Error(`message ${messageId} changed ${MAX_RACES} times while '${change.kind}' was being written`);
  }

  /** Ids of messages that the sweep must look at, longest due first. */
  async due(account: string, now: number, limit: number): Promise<string[]> {
    const { Items = [] } = await this.#client.send(
      new QueryCommand({
        TableName: this.#table,
        IndexName: 'due',
        KeyConditionExpression: 'dueAccount = :account AND dueAt <= :now',
        ExpressionAttributeValues: { ':account': account, ':now': now },
        Limit: limit,
      }),
    );
    return Items.map((item) => String(item['messageId']));
  }

  /** Notes that its segments were given back. Beside every other change: it says nothing of the message's way. */
  async markReturned(messageId: string): Promise<void> {
    await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: { messageId },
        UpdateExpression: 'SET countReturned = :true',
        ConditionExpression: 'attribute_exists(messageId)',
        ExpressionAttributeValues: { ':true': true },
      }),
    );
  }

  async #write(before: Message, after: Message): Promise<boolean> {
    return await replaceVersion(this.#client, this.#table, { before: toItem(before), after: toItem(after) });
  }
}

type Item = Record<string, unknown>;

/** A new message as an item. @param retentionDays that it is kept after its creation */
export function newItem(message: Message, retentionDays: number): Item {
  // However short the retention, what may still be sent, or still wait for its receipt, is kept.
  const mostLivesUntil = message.expiresAt + RECEIPT_WINDOW_MS + DAY_MS;
  const ttl = Math.ceil(Math.max(message.createdAt + retentionDays * DAY_MS, mostLivesUntil) / 1000);
  return { ...toItem(message), ttl };
}

/** The index `due` holds an item only while it has both keys. */
function toItem(message: Message): VersionedItem {
  return message.dueAt === undefined ? { ...message } : { ...message, dueAccount: message.account };
}

/** A stored item as a message; what only the table needs is left out. */
export function fromItem(item: Item): Message {
  const { dueAccount: _dueAccount, ttl: _ttl, ...message } = item;
  return message as unknown as Message;
}
