import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TableProperties, TableStream, Tables } from '../api.ts';
import type { AwsAnswer, AwsCall, AwsService } from '../call.ts';
import { answerOf, kindOf, tableNotFound, timeToLiveOutput } from './actions.ts';
import { atomicStore, type Commit } from './atomic-store.ts';
import {
  type Callback,
  type Item,
  itemPlace,
  openStore,
  perform,
  type Result,
  refusal,
  type Store,
  type TableDescription,
} from './dynalite.ts';
import { expiredKeys, expiryOperations, rebuildExpiry } from './expiry.ts';
import { GroupCommit } from './group-commit.ts';
import { requireIndexKeys } from './index-keys.ts';
import { pageStore } from './page-store.ts';
import { sameItem } from './same-item.ts';
import { createTableInput, requireSameSchema } from './schema.ts';
import { type Sweep, startSweep } from './sweep.ts';
import { keyOf, openTable, type Table } from './table.ts';

/** DynamoDB in this process: dynalite on disk, with streams, TTL and atomic writes added. */
export class EmbeddedTables implements AwsService, Tables {
  readonly #store: Store;
  readonly #commits: GroupCommit;
  readonly #now: () => number;
  readonly #tables = new Map<string, Table>();
  readonly #sweep: Sweep;

  private constructor(store: Store, options: { now: () => number; log: (line: string) => void }) {
    this.#store = { ...store, getTable: (name, ...rest) => this.#describe(name, rest) };
    this.#commits = new GroupCommit(store.db);
    this.#now = options.now;
    this.#sweep = startSweep(() => this.#removeExpired(), options.log);
  }

  static async open(options: {
    stateDirectory: string;
    now: () => number;
    log: (line: string) => void;
  }): Promise<EmbeddedTables> {
    return new EmbeddedTables(await openStore(join(options.stateDirectory, 'dynamodb')), options);
  }

  async createTable(properties: TableProperties): Promise<{ arn: string; streamArn?: string }> {
    const { db: database } = this.#store;
    const description = await this.#stored(properties);
    requireSameSchema(description, properties);
    const source = { properties, description, database, commits: this.#commits, now: this.#now };
    const { table, expiryChanged } = await openTable(source);
    if (expiryChanged) await rebuildExpiry(database, this.#commits, table);
    this.#tables.set(table.name, table);
    return { arn: table.arn, ...(table.stream && { streamArn: table.stream.arn }) };
  }

  stream(tableName: string): TableStream | undefined {
    return this.#tables.get(tableName)?.stream;
  }

  async handle(call: AwsCall): Promise<AwsAnswer> {
    const kind = kindOf(call.action);
    // dynalite changes what it is given.
    const input = (): Record<string, unknown> => JSON.parse(call.body.toString()) as Record<string, unknown>;
    switch (kind) {
      case 'read':
        return answerOf(await this.#read(call.action, input()));
      case 'write':
        return answerOf(await this.#write(call.action, input(), false));
      case 'list-tables':
        return answerOf({ status: 200, output: { TableNames: [...this.#tables.keys()].toSorted() } });
      case 'describe-ttl':
        return answerOf({ status: 200, output: this.#timeToLive(String(call.input.TableName)) });
    }
  }

  async close(): Promise<void> {
    await this.#sweep.stop();
    await this.#commits.drained();
    await this.#store.db.close();
  }

  #read(action: string, input: Record<string, unknown>): Promise<Result> {
    const table = this.#tables.get(String(input.TableName));
    const startKey = input.ExclusiveStartKey;
    const pages = table && startKey && input.IndexName !== undefined;
    return perform(pages ? pageStore(this.#store, table.description, startKey as Item) : this.#store, action, input);
  }

  async #write(action: string, input: Record<string, unknown>, expired: boolean): Promise<Result> {
    const wantsOld = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
    const { store, lastRead } = atomicStore(this.#store, this.#committer(expired));
    const result = await perform(store, action, input);
    const old = wantsOld && isConditionFailure(result) ? lastRead() : undefined;
    return old ? { ...result, output: { ...result.output, Item: old } } : result;
  }

  #committer(expired: boolean): Commit {
    return async (change, indexOperations) => {
      const { key, old, next } = change;
      const table = this.#tables.get(change.table);
      if (!table) throw tableNotFound(change.table);
      if (next) requireIndexKeys(table.description, next);
      const place = itemPlace(table.name, key);
      const operations = [
        ...indexOperations,
        next ? { type: 'put' as const, key: place, value: next } : { type: 'del' as const, key: place },
        ...expiryOperations(table, change),
      ];
      const image = next ?? old;
      if (!table.stream || !image || sameItem(old, next)) await this.#commits.append(operations);
      else await table.stream.append(operations, { keys: keyOf(image, table), old, next, expired });
    };
  }

  async #removeExpired(): Promise<void> {
    const nowSeconds = Math.floor(this.#now() / 1000);
    for (const { name, expiryAttribute } of this.#tables.values()) {
      if (expiryAttribute === undefined) continue;
      for (const Key of await expiredKeys(this.#store.db, name, nowSeconds, 1000)) {
        await this.#write('DeleteItem', deletionOf({ table: name, Key, expiryAttribute, nowSeconds }), true);
      }
    }
  }

  #timeToLive(name: string): Record<string, unknown> {
    const table = this.#tables.get(name);
    if (!table) throw tableNotFound(name);
    return timeToLiveOutput(table.expiryAttribute);
  }

  /** Every action asks for its table; it is in memory, and one that this run has not made is not there. */
  #describe(name: string, rest: [Callback<TableDescription>] | [boolean, Callback<TableDescription>]): void {
    const done = rest[rest.length - 1] as Callback<TableDescription | undefined>;
    const table = this.#tables.get(name);
    if (table) return done(null, table.description);
    const { code, message } = tableNotFound(name);
    done(refusal(code, message), undefined);
  }

  /** The stored table, made if it is not there. */
  async #stored(properties: TableProperties): Promise<TableDescription> {
    const place = `table~${properties.TableName}`;
    const read = async () => (await this.#store.db.get(place)) as TableDescription | undefined;
    if (!(await read())) {
      const { status, output } = await perform(this.#store, 'CreateTable', createTableInput(properties));
      if (status !== 200) throw new Error(`Table ${properties.TableName} can't be made: ${String(output.message)}`);
    }
    for (;;) {
      const description = await read();
      if (description?.TableStatus === 'ACTIVE') return description;
      await sleep(1);
    }
  }
}

const isConditionFailure = ({ status, output }: Result): boolean =>
  status === 400 && String(output.__type).endsWith('ConditionalCheckFailedException');

/** Only if it is still expired: its time may have been moved since it was read. */
function deletionOf(item: { table: string; Key: Item; expiryAttribute: string; nowSeconds: number }) {
  return {
    TableName: item.table,
    Key: item.Key,
    ConditionExpression: '#expiry < :now',
    ExpressionAttributeNames: { '#expiry': item.expiryAttribute },
    ExpressionAttributeValues: { ':now': { N: String(item.nowSeconds) } },
  };
}
