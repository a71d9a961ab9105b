import { BatchGetCommand, type DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Message } from '../domain/message.ts';
import { fromItem } from './messages.ts';

/**
 * Ways to messages by something other than their id. Those that hold keys only are written once in a message's life, not
 * at each change of it; whoever comes that way reads the messages themselves.
 */
const INDEXES = {
  'by-account': { attribute: 'account', whole: true },
  'by-recipient': { attribute: 'to', whole: true },
  'by-client-ref': { attribute: 'clientRef', whole: false },
  'by-batch': { attribute: 'batchId', whole: false },
} as const;

export interface MessageRange {
  index: keyof typeof INDEXES;
  /** An account, an E.164 number, a client reference or a batch id. */
  value: string;
  /** The lowest id of the range. */
  from: string;
  /** The lowest id behind the range. */
  before: string;
}

/** What one BatchGetItem takes. */
const MOST_GOT = 100;
/** Unprocessed keys come back when the table is busy. */
const GET_TRIES = 5;

/** The indexes of the Messages table, which trail it by moments. */
export class MessageIndexes {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** The messages of a range, newest first, read `chunk` at a time and only as far as they are asked for. */
  async *newestFirst({ index, value, from, before }: MessageRange, chunk: number): AsyncGenerator<Message, undefined> {
    const { attribute, whole } = INDEXES[index];
    let startKey: Record<string, unknown> | undefined;
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          IndexName: index,
          KeyConditionExpression: '#value = :value AND messageId BETWEEN :from AND :before',
          ExpressionAttributeNames: { '#value': attribute },
          ExpressionAttributeValues: { ':value': value, ':from': from, ':before': before },
          ScanIndexForward: false,
          Limit: chunk,
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      // BETWEEN has both ends in it.
      const items = (page.Items ?? []).filter((item) => item['messageId'] !== before);
      yield* whole ? items.map(fromItem) : await this.#getAll(items.map((item) => String(item['messageId'])));
      startKey = page.LastEvaluatedKey;
    } while (startKey !== undefined);
    return undefined;
  }

  /** In the order of `messageIds`; what is gone meanwhile is left out. */
  async #getAll(messageIds: string[]): Promise<Message[]> {
    const found = new Map<string, Message>();
    for (let start = 0; start < messageIds.length; start += MOST_GOT) {
      let keys: Record<string, unknown>[] = messageIds
        .slice(start, start + MOST_GOT)
        .map((messageId) => ({ messageId }));
      for (let tries = 0; keys.length > 0; tries += 1) {
        if (tries === GET_TRIES) throw new Error('the Messages table does not give all that it was asked for');
        const { Responses, UnprocessedKeys } = await this.#client.send(
          new BatchGetCommand({ RequestItems: { [this.#table]: { Keys: keys } } }),
        );
        for (const message of (Responses?.[this.#table] ?? []).map(fromItem)) found.set(message.messageId, message);
        keys = UnprocessedKeys?.[this.#table]?.Keys ?? [];
      }
    }
    return messageIds.flatMap((messageId) => found.get(messageId) ?? []);
  }
}
