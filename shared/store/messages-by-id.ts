import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Message, MessageStatus } from '../domain/message.ts';
import { batchGet, MOST_GOT } from './batch-get.ts';
import { fromItem } from './messages.ts';

const CONCURRENT = 5;

export interface MessagesByIdOptions {
  /** Reads see every write that was answered before them, for twice the price. */
  consistent?: boolean;
}

type Item = Record<string, unknown>;
type Read = { ids: readonly string[]; consistent: boolean; attributes?: string[] };

/** Many messages by their ids. */
export class MessagesById {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** What does not exist is left out. @throws Error where the table does not give all in several tries */
  async get(ids: readonly string[], { consistent = false }: MessagesByIdOptions = {}): Promise<Map<string, Message>> {
    const messages = (await this.#read({ ids, consistent })).map(fromItem);
    return new Map(messages.map((message) => [message.messageId, message]));
  }

  /** Where each of them stands. */
  async statuses(ids: readonly string[]): Promise<MessageStatus[]> {
    const items = await this.#read({ ids, consistent: false, attributes: ['status'] });
    return items.map(({ status }) => status as MessageStatus);
  }

  async #read({ ids, ...read }: Read): Promise<Item[]> {
    const chunks = Array.from({ length: Math.ceil(ids.length / MOST_GOT) }, (_, chunk) =>
      ids.slice(chunk * MOST_GOT, (chunk + 1) * MOST_GOT),
    );
    const found: Item[] = [];
    for (let start = 0; start < chunks.length; start += CONCURRENT) {
      const some = chunks
        .slice(start, start + CONCURRENT)
        .map((chunk) => chunk.map((messageId) => ({ messageId })))
        .map(async (keys) => await batchGet(this.#client, { table: this.#table, called: 'Messages', keys, ...read }));
      found.push(...(await Promise.all(some)).flat());
    }
    return found;
  }
}
