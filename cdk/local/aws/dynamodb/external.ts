import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { outputOf } from '../answer.ts';
import type { AccessKey, TableProperties, TableStream, Tables } from '../api.ts';
import type { AwsAnswer, AwsCall, AwsService } from '../call.ts';
import { ExternalEndpoint } from '../external-endpoint.ts';
import { answerOf, kindOf, tableNotFound, timeToLiveOutput } from './actions.ts';
import { type Database, type Item, openStore, type TableDescription } from './dynalite.ts';
import { GroupCommit } from './group-commit.ts';
import { RecordedWrites } from './recorded-writes.ts';
import { createTableInput, requireSameSchema } from './schema.ts';
import { type SingleWrite, singleWrites } from './single-writes.ts';
import { type Sweep, startSweep } from './sweep.ts';
import { openTable, type Table } from './table.ts';

const SWEEP_EVERY_MS = 30_000;

interface Parts {
  endpoint: ExternalEndpoint;
  database: Database;
  now: () => number;
  log: (line: string) => void;
}

/**
 * DynamoDB elsewhere (AWS_ENDPOINT_URL_DYNAMODB). Items live there; stream records and positions in the state directory. Writes that
 * do not pass this front make no record.
 */
export class ExternalTables implements AwsService, Tables {
  readonly #endpoint: ExternalEndpoint;
  readonly #database: Database;
  readonly #commits: GroupCommit;
  readonly #now: () => number;
  readonly #tables = new Map<string, Table>();
  readonly #writes: RecordedWrites;
  readonly #sweep: Sweep;
  #sweptAt = 0;

  private constructor({ endpoint, database, now, log }: Parts) {
    this.#endpoint = endpoint;
    this.#database = database;
    this.#commits = new GroupCommit(database);
    this.#now = now;
    this.#writes = new RecordedWrites({ endpoint, database, commits: this.#commits });
    this.#sweep = startSweep(() => this.#removeExpired(), log);
  }

  static async open(
    options: Omit<Parts, 'endpoint' | 'database'> & { stateDirectory: string; url: string; credentials: AccessKey },
  ): Promise<ExternalTables> {
    const { stateDirectory, url, credentials, ...rest } = options;
    const { db: database } = await openStore(join(stateDirectory, 'dynamodb-external'));
    const endpoint = new ExternalEndpoint({ url, service: 'dynamodb', target: 'DynamoDB_20120810', credentials });
    return new ExternalTables({ endpoint, database, ...rest });
  }

  async createTable(properties: TableProperties): Promise<{ arn: string; streamArn?: string }> {
    const description = await this.#stored(properties);
    requireSameSchema(description, properties);
    const source = { properties, description, database: this.#database, commits: this.#commits, now: this.#now };
    const { table } = await openTable(source);
    this.#tables.set(table.name, table);
    if (table.stream) await this.#writes.finishInterrupted(table);
    return { arn: table.arn, ...(table.stream && { streamArn: table.stream.arn }) };
  }

  stream(tableName: string): TableStream | undefined {
    return this.#tables.get(tableName)?.stream;
  }

  async handle({ action, input }: AwsCall): Promise<AwsAnswer> {
    switch (kindOf(action)) {
      case 'write':
        return this.#write(action, input);
      case 'describe-ttl': {
        const table = this.#tables.get(String(input.TableName));
        if (!table) throw tableNotFound(String(input.TableName));
        return answerOf({ status: 200, output: timeToLiveOutput(table.expiryAttribute) });
      }
      case 'read':
      case 'list-tables':
        return this.#endpoint.send(action, input);
    }
  }

  async close(): Promise<void> {
    await this.#sweep.stop();
    await this.#commits.drained();
    await this.#database.close();
    this.#endpoint.close();
  }

  async #write(action: string, input: Readonly<Record<string, unknown>>): Promise<AwsAnswer> {
    if (action !== 'BatchWriteItem') return this.#writeOne({ action, input });
    const writes = singleWrites(input);
    if (!writes.some(({ input: { TableName } }) => this.stream(String(TableName))))
      return this.#endpoint.send(action, input);
    const answers = await Promise.all(writes.map((write) => this.#writeOne(write)));
    return answers.find(({ status }) => status !== 200) ?? answerOf({ status: 200, output: { UnprocessedItems: {} } });
  }

  #writeOne({ action, input }: SingleWrite): Promise<AwsAnswer> {
    const table = this.#tables.get(String(input.TableName));
    return table?.stream ? this.#writes.write(table, { action, input }) : this.#endpoint.send(action, input);
  }

  async #removeExpired(): Promise<void> {
    if (this.#now() - this.#sweptAt < SWEEP_EVERY_MS) return;
    this.#sweptAt = this.#now();
    const nowSeconds = Math.floor(this.#sweptAt / 1000);
    for (const table of this.#tables.values()) {
      if (table.expiryAttribute === undefined) continue;
      const names = { '#expiry': table.expiryAttribute };
      const values = { ':now': { N: String(nowSeconds) } };
      const filter = { ExpressionAttributeNames: names, ExpressionAttributeValues: values };
      const input = { TableName: table.name, FilterExpression: '#expiry < :now', ...filter };
      const { Items = [] } = outputOf(await this.#endpoint.send('Scan', input)) as { Items?: Item[] };
      for (const item of Items) await this.#writes.expire(table, item, filter);
    }
  }

  async #stored(properties: TableProperties): Promise<TableDescription> {
    const { TableName } = properties;
    const first = await this.#endpoint.send('DescribeTable', { TableName });
    if (first.status !== 200) outputOf(await this.#endpoint.send('CreateTable', createTableInput(properties)));
    for (;;) {
      const { Table: table } = outputOf(await this.#endpoint.send('DescribeTable', { TableName })) as {
        Table: TableDescription;
      };
      if (table.TableStatus === 'ACTIVE') return table;
      await sleep(50);
    }
  }
}
