import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { OptOut } from '../domain/opt-out.ts';
import { batchGet, MOST_GOT } from './batch-get.ts';

/** Opt-outs as whoever sends asks for them. What writes them is in control-opt-outs.ts, and in no bundle of a sender. */
export class OptOutLookup {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  async get(account: string, number: string): Promise<OptOut | undefined> {
    const { Item } = await this.#client.send(
      new GetCommand({ TableName: this.#table, Key: keyOf(account, number), ConsistentRead: true }),
    );
    return Item === undefined ? undefined : toOptOut(Item);
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

export function partitionOf(account: string): string {
  return `optout#${account}`;
}

export function keyOf(account: string, number: string) {
  return { pk: partitionOf(account), sk: number };
}

export function toOptOut(item: Record<string, unknown>): OptOut {
  const { pk: _pk, sk: _sk, optOutId: _id, firstScope: _firstScope, ...optOut } = item;
  return optOut as unknown as OptOut;
}
