import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import {
  BEHIND_ALL_INBOUND_IDS,
  firstInboundIdAt,
  type InboundMessage,
  type InboundPart,
  type WaitingMessage,
} from '../domain/inbound-message.ts';
import { whereConditionHolds } from './client.ts';
import { messagesKey, partsKey, waitingKey } from './inbound-keys.ts';
import { queryPages } from './query-pages.ts';

const DAY_SECONDS = 86_400;

interface Key {
  key: string;
  row: string;
}

/** Ids from one, included, to another, not included. */
export interface InboundRange {
  from: string;
  before: string;
}

/**
 * Messages from subscribers in the Receipts table: those that are done, those that wait for parts, and the parts. The binder
 * writes parts and short messages (see ReceiptStore.putInbound), this the rest.
 */
export class InboundStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #retentionDays: number;

  constructor(client: DynamoDBDocumentClient, table: string, retentionDays = 14) {
    this.#client = client;
    this.#table = table;
    this.#retentionDays = retentionDays;
  }

  /** The parts of one sender that came from `since` on, oldest first. @param since epoch milliseconds */
  async parts(sender: { account: string; from: string }, since: number): Promise<InboundPart[]> {
    const parts: InboundPart[] = [];
    const range = { from: firstInboundIdAt(since), before: BEHIND_ALL_INBOUND_IDS };
    for await (const page of this.#pages(partsKey(sender), range, { consistent: true })) {
      parts.push(...(page as unknown as InboundPart[]));
    }
    return parts;
  }

  /**
   * Writes a message that is done, unless there is one with its id: what was written first holds.
   * @returns what stands there; undefined where that was erased meanwhile
   */
  async end(message: InboundMessage): Promise<InboundMessage | undefined> {
    const key = { key: messagesKey(message.account), row: message.messageId };
    const put = this.#client.send(
      new PutCommand({
        TableName: this.#table,
        Item: { ...message, ...key, ttl: this.#ttl(message.at) },
        ConditionExpression: 'attribute_not_exists(#key)',
        ExpressionAttributeNames: { '#key': 'key' },
      }),
    );
    if ((await whereConditionHolds(put)) !== undefined) return message;
    return (await this.#get(key, { consistent: true })) as InboundMessage | undefined;
  }

  /** Says of a part in which message it stands. One that was erased stays so. */
  async markJoined(part: InboundPart, messageId: string): Promise<void> {
    await whereConditionHolds(
      this.#client.send(
        new UpdateCommand({
          TableName: this.#table,
          Key: { key: partsKey(part), row: part.partId },
          UpdateExpression: 'SET joinedIn = :messageId',
          ConditionExpression: 'attribute_exists(#key)',
          ExpressionAttributeNames: { '#key': 'key' },
          ExpressionAttributeValues: { ':messageId': messageId },
        }),
      ),
    );
  }

  async putWaiting(message: WaitingMessage): Promise<void> {
    const key = { key: waitingKey(message.account), row: message.messageId };
    const Item = { ...message, ...key, ttl: this.#ttl(message.at) };
    await this.#client.send(new PutCommand({ TableName: this.#table, Item }));
  }

  async deleteWaiting(account: string, messageId: string): Promise<void> {
    await this.#delete({ key: waitingKey(account), row: messageId });
  }

  async deletePart(part: Pick<InboundPart, 'account' | 'from' | 'partId'>): Promise<void> {
    await this.#delete({ key: partsKey(part), row: part.partId });
  }

  async deleteMessage(account: string, messageId: string): Promise<void> {
    await this.#delete({ key: messagesKey(account), row: messageId });
  }

  /** Messages that wait for parts and began before `before`, oldest first, `chunk` at most. @param before epoch milliseconds */
  async waitingSince(account: string, before: number, chunk: number): Promise<WaitingMessage[]> {
    const range = { from: firstInboundIdAt(0), before: firstInboundIdAt(before) };
    for await (const page of this.#pages(waitingKey(account), range, { chunk })) {
      return page as unknown as WaitingMessage[];
    }
    return [];
  }

  /** One by its id, be it done or waiting for parts. */
  async get(account: string, messageId: string): Promise<InboundMessage | WaitingMessage | undefined> {
    const keys = [messagesKey(account), waitingKey(account)].map((key) => ({ key, row: messageId }));
    const [done, waiting] = await Promise.all(keys.map(async (key) => await this.#get(key)));
    return (done ?? waiting) as InboundMessage | WaitingMessage | undefined;
  }

  /** Messages of an account that are done, newest first, read `chunk` at a time and only as far as they are asked for. */
  async *newestFirst(account: string, range: InboundRange, chunk: number): AsyncGenerator<InboundMessage, undefined> {
    const pages = this.#pages(messagesKey(account), range, { chunk, newestFirst: true });
    for await (const page of pages) yield* page as unknown as InboundMessage[];
    return undefined;
  }

  /** The same of those that wait for parts. */
  async *waitingNewestFirst(
    account: string,
    range: InboundRange,
    chunk: number,
  ): AsyncGenerator<WaitingMessage, undefined> {
    const pages = this.#pages(waitingKey(account), range, { chunk, newestFirst: true });
    for await (const page of pages) yield* page as unknown as WaitingMessage[];
    return undefined;
  }

  async *#pages(
    key: string,
    { from, before }: InboundRange,
    { chunk, newestFirst = false, consistent = false }: { chunk?: number; newestFirst?: boolean; consistent?: boolean },
  ): AsyncGenerator<Record<string, unknown>[], undefined> {
    const pages = queryPages(this.#client, {
      TableName: this.#table,
      KeyConditionExpression: '#key = :key AND #row BETWEEN :from AND :before',
      ExpressionAttributeNames: { '#key': 'key', '#row': 'row' },
      ExpressionAttributeValues: { ':key': key, ':from': from, ':before': before },
      ScanIndexForward: !newestFirst,
      ConsistentRead: consistent,
      ...(chunk === undefined ? {} : { Limit: chunk }),
    });
    // BETWEEN has both ends in it.
    for await (const page of pages) yield page.filter(({ row }) => row !== before);
    return undefined;
  }

  async #get(Key: Key, { consistent = false } = {}): Promise<Record<string, unknown> | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key, ConsistentRead: consistent }),
    );
    return Item;
  }

  async #delete(Key: Key): Promise<void> {
    await this.#client.send(new DeleteCommand({ TableName: this.#table, Key }));
  }

  #ttl(at: number): number {
    return Math.ceil(at / 1000) + this.#retentionDays * DAY_SECONDS;
  }
}
