import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  QueryCommand,
  UpdateCommand,
  type UpdateCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import { ulid } from 'ulid';
import type { OptOut } from '../domain/opt-out.ts';
import { whereConditionHolds } from './client.ts';
import { keyOf, OptOutLookup, partitionOf, toOptOut } from './opt-out-lookup.ts';

export interface OptOutPage {
  optOuts: OptOut[];
  /** The last number of the page, where more follow. */
  position?: string;
}

/** Opt-outs in the Control table: pk `optout#<account>`, sk the number, so that one is found by its number and all in its order. */
export class OptOutStore extends OptOutLookup {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    super(client, table);
    this.#client = client;
    this.#table = table;
  }

  /**
   * Adds one. What stands there already is never narrowed: `all` stays `all` until it is removed. Nor does it become older: an
   * earlier wish that is heard late must not let a word said between the two undo the later one.
   * @returns what stands there now, and whether it is new
   */
  async add(wish: Omit<OptOut, 'createdAt' | 'updatedAt'>, at: number): Promise<{ optOut: OptOut; isNew: boolean }> {
    const isLatest = { ConditionExpression: 'attribute_not_exists(updatedAt) OR updatedAt <= :at' };
    const before =
      (await whereConditionHolds(this.#add(wish, at, { updatedAt: ':at', ...isLatest }))) ??
      (await this.#add(wish, at, { updatedAt: 'if_not_exists(updatedAt, :at)' }));
    if (before.Attributes === undefined) return { optOut: { ...wish, createdAt: at, updatedAt: at }, isNew: true };
    const known = toOptOut(before.Attributes);
    const scope = wish.scope === 'all' ? 'all' : known.scope;
    return { optOut: { ...known, scope, updatedAt: Math.max(known.updatedAt, at) }, isNew: false };
  }

  /** @returns what stood there before */
  async #add(
    { account, number, scope, source }: Omit<OptOut, 'createdAt' | 'updatedAt'>,
    at: number,
    { updatedAt, ...condition }: { updatedAt: string; ConditionExpression?: string },
  ): Promise<UpdateCommandOutput> {
    const scopeNow = scope === 'all' ? ':scope' : 'if_not_exists(#scope, :scope)';
    return await this.#client.send(
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
          `updatedAt = ${updatedAt}`,
        ].join(', '),
        ...condition,
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
}
