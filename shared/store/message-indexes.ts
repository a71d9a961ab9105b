import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Message } from '../domain/message.ts';
import { fromItem } from './messages.ts';
import { MessagesById } from './messages-by-id.ts';
import { queryPages } from './query-pages.ts';

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

/** The indexes of the Messages table, which trail it by moments. */
export class MessageIndexes {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #byId: MessagesById;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
    this.#byId = new MessagesById(client, table);
  }

  /** The messages of a range, newest first, read `chunk` at a time and only as far as they are asked for. */
  async *newestFirst({ index, value, from, before }: MessageRange, chunk: number): AsyncGenerator<Message, undefined> {
    const { attribute, whole } = INDEXES[index];
    const pages = queryPages(this.#client, {
      TableName: this.#table,
      IndexName: index,
      KeyConditionExpression: '#value = :value AND messageId BETWEEN :from AND :before',
      ExpressionAttributeNames: { '#value': attribute },
      ExpressionAttributeValues: { ':value': value, ':from': from, ':before': before },
      ScanIndexForward: false,
      Limit: chunk,
    });
    for await (const page of pages) {
      // BETWEEN has both ends in it.
      const items = page.filter((item) => item['messageId'] !== before);
      yield* whole ? items.map(fromItem) : await this.#getAll(items.map((item) => String(item['messageId'])));
    }
    return undefined;
  }

  /** In the order of `messageIds`; what is gone meanwhile is left out. */
  async #getAll(messageIds: string[]): Promise<Message[]> {
    const found = await this.#byId.get(messageIds);
    return messageIds.flatMap((messageId) => found.get(messageId) ?? []);
  }
}
