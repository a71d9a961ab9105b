import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { SeenStore } from '../../consumer/dedupe.ts';
import type { LatestStore } from '../../consumer/order.ts';

interface StoreOptions {
  client: DynamoDBClient;
  table: string;
  /** Epoch milliseconds. */
  now: () => number;
}

/** A run that is not heard of for so long is dead. Longer than the function's timeout. */
const LEASE_MS = 60_000;
/** Longer than any event comes again: EventBridge tries for a day, a dead-letter queue keeps for two weeks, replays go further back. */
const KEPT_SECONDS = 30 * 86_400;

/** Which events were handled, by all runs of a function: one conditional write for each event, and one more when it is done. */
export class DynamoSeenStore implements SeenStore {
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  async take(eventId: string): Promise<'taken' | 'done' | 'running'> {
    const { client, table, now } = this.#options;
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: {
            ...keyOf(eventId),
            state: { S: 'running' },
            leaseUntil: { N: String(now() + LEASE_MS) },
            ...ttlAt(now()),
          },
          ConditionExpression: 'attribute_not_exists(id) OR (#state = :running AND leaseUntil < :now)',
          ExpressionAttributeNames: { '#state': 'state' },
          ExpressionAttributeValues: { ':running': { S: 'running' }, ':now': { N: String(now()) } },
        }),
      );
      return 'taken';
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
    // Seldom: it came before.
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: keyOf(eventId), ConsistentRead: true }),
    );
    return Item?.['state']?.S === 'done' ? 'done' : 'running';
  }

  async done(eventId: string): Promise<void> {
    const { client, table, now } = this.#options;
    await client.send(
      new PutItemCommand({ TableName: table, Item: { ...keyOf(eventId), state: { S: 'done' }, ...ttlAt(now()) } }),
    );
  }

  async release(eventId: string): Promise<void> {
    const { client, table } = this.#options;
    await client.send(new DeleteItemCommand({ TableName: table, Key: keyOf(eventId) }));
  }
}

/** The newest event of each message, for all runs of a function. */
export class DynamoLatestStore implements LatestStore {
  readonly #options: StoreOptions;

  constructor(options: StoreOptions) {
    this.#options = options;
  }

  async advance(subject: string, sequence: number): Promise<boolean> {
    const { client, table, now } = this.#options;
    const ttl = ttlAt(now()).ttl;
    try {
      await client.send(
        new UpdateItemCommand({
          TableName: table,
          Key: keyOf(`latest#${subject}`),
          UpdateExpression: 'SET #sequence = :sequence, #ttl = :ttl',
          ConditionExpression: 'attribute_not_exists(#sequence) OR #sequence <= :sequence',
          ExpressionAttributeNames: { '#sequence': 'sequence', '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':sequence': { N: String(sequence) }, ':ttl': ttl },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

function keyOf(id: string): { id: { S: string } } {
  return { id: { S: id } };
}

function ttlAt(now: number): { ttl: { N: string } } {
  return { ttl: { N: String(Math.ceil(now / 1000) + KEPT_SECONDS) } };
}
