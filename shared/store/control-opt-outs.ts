import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import type { OptOut } from '../domain/opt-out.ts';
import { batchGet, MOST_GOT } from './batch-get.ts';
import { whereConditionHolds } from './client.ts';

export interface OptOutPage {
  optOuts: OptOut[];
  /** The last number of the page, where more follow. */
  position?: string;
}

/** Opt-outs in the Control table: pk `optout#<account>`, sk the number, so that one is found by its number and all in its order. */
export class OptOutStore {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /**
   * Adds one. What stands there already is never narrowed: `all` stays `all` until it is removed.
   * @returns what stands there now, and whether it is new
   */
  async add(wish: Omit<OptOut, 'createdAt' | 'updatedAt'>, at: number): Promise<{ optOut: OptOut; isNew: boolean }> {
    const { account, number, scope, source } = wish;
    const widens = scope === 'all';
    const scopeNow = widens ? ':scope' : 'if_not_exists(#scope, :scope)';
    const { Attributes: before } = await this.#client.send(
      new UpdateCommand({
        TableName: this.#table,
        Key: keyOf(account, number),
        UpdateExpression: [
          `SET #scope = ${scopeNow}`,
          'account = :account',
          '#number = :number',
          '#source = if_not_exists(#source, :source)',
          // For its events: what the stream of the table tells of it has an id, and a number, of this opt-out's own.
          'optOutId = if_not_exists(optOutId, :id)',
          `firstScope = if_not_exists(firstScope, ${scopeNow})`,
          'createdAt = if_not_exists(createdAt, :at)',
          'updatedAt = :at',
        ].join(', '),
        ExpressionAttributeNames: { '#scope': 'scope', '#number': 'number', '#source': 'source' },
        ExpressionAttributeValues: {
          ':scope': scope,
          ':account': account,
          ':number': number,
          ':source': source,
          ':id': `oo_${ulid(at)}`,
          ':at': at,
        },
        ReturnValues: 'ALL_OLD',
      }),
    );
    const known = before === undefined ? undefined : toOptOut(before);
    if (known === undefined) return { optOut: { ...wish, createdAt: at, updatedAt: at }, isNew: true };
    return { optOut: { ...known, scope: widens ? scope : known.scope, updatedAt: at }, isNew: false };
  }

  /** @returns whether there was one */
  async remove(account: string, number: string): Promise<boolean> {
    const { Attributes } = await this.#client.send(
      new DeleteCommand({ TableName: this.#table, Key: keyOf(account, number), ReturnValues: 'ALL_OLD' }),
    );
    return Attributes !== undefined;
  }

  /** Removes one that nobody asked for after a time. @param at epoch milliseconds */
  async removeUnlessNewer(account: string, number: string, at: number): Promise<void> {
    await whereConditionHolds(
      this.#client.send(
        new DeleteCommand({
          TableName: this.#table,
          Key: keyOf(account, number),
          ConditionExpression: 'updatedAt <= :at',
          ExpressionAttributeValues: { ':at': at },
        }),
      ),
    );
  }

  async get(account: string, number: string): Promise<OptOut | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(account, number), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : toOptOut(Item);
  }

  /** Those of an account in the order of their numbers, at most `limit`. @param after the number behind which to begin */
  async list(account: string, { limit, after }: { limit: number; after: string | undefined }): Promise<OptOutPage> {
    const optOuts: OptOut[] = [];
    let startKey = after === undefined ? undefined : keyOf(account, after);
    do {
      const page = await this.#client.send(
        new QueryCommand({
          TableName: this.#table,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': partitionOf(account) },
          // One more tells whether another page follows.
          Limit: limit + 1 - optOuts.length,
          ...(startKey === undefined ? {} : { ExclusiveStartKey: startKey }),
        }),
      );
      optOuts.push(...(page.Items ?? []).map(toOptOut));
      startKey = page.LastEvaluatedKey as typeof startKey;
    } while (startKey !== undefined && optOuts.length <= limit);
    const listed = optOuts.slice(0, limit);
    const last = listed.at(-1);
    return optOuts.length > limit && last !== undefined ? { optOuts: listed, position: last.number } : { optOuts };
  }

  /** Those among some numbers that are opted out of an account in some scope, by their number. */
  async among(account: string, numbers: readonly string[]): Promise<Map<string, OptOut>> {
    const found = new Map<string, OptOut>();
    const different = [...new Set(numbers)];
    for (let start = 0; start < different.length; start += MOST_GOT) {
      const keys = different.slice(start, start + MOST_GOT).map((number) => keyOf(account, number));
      const items = await batchGet(this.#client, { table: this.#table, called: 'Control', keys, consistent: true });
      for (const optOut of items.map(toOptOut)) found.set(optOut.number, optOut);
    }
    return found;
  }
}

function partitionOf(account: string): string {
  return `optout#${account}`;
}

function keyOf(account: string, number: string) {
  return { pk: partitionOf(account), sk: number };
}

function toOptOut(item: Record<string, unknown>): OptOut {
  const { pk: _pk, sk: _sk, optOutId: _id, firstScope: _firstScope, ...optOut } = item;
  return optOut as unknown as OptOut;
}
