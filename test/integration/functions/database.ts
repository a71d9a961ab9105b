import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll } from 'vitest';

const dynalite = createRequire(import.meta.url)('dynalite') as (options: { createTableMs: number }) => Server;

const keys = (hash: string, range?: string): NonNullable<CreateTableCommandInput['KeySchema']> => [
  { AttributeName: hash, KeyType: 'HASH' },
  ...(range === undefined ? [] : [{ AttributeName: range, KeyType: 'RANGE' as const }]),
];
const text = (name: string) => ({ AttributeName: name, AttributeType: 'S' as const });

const TABLES: CreateTableCommandInput[] = [
  {
    TableName: 'Messages',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      ...['messageId', 'dueAccount', 'account', 'to', 'clientRef', 'batchId'].map(text),
      { AttributeName: 'dueAt', AttributeType: 'N' },
    ],
    KeySchema: keys('messageId'),
    GlobalSecondaryIndexes: [
      { IndexName: 'by-account', KeySchema: keys('account', 'messageId'), Projection: { ProjectionType: 'ALL' } },
      { IndexName: 'by-recipient', KeySchema: keys('to', 'messageId'), Projection: { ProjectionType: 'ALL' } },
      {
        IndexName: 'by-client-ref',
        KeySchema: keys('clientRef', 'messageId'),
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
      { IndexName: 'by-batch', KeySchema: keys('batchId', 'messageId'), Projection: { ProjectionType: 'KEYS_ONLY' } },
      { IndexName: 'due', KeySchema: keys('dueAccount', 'dueAt'), Projection: { ProjectionType: 'KEYS_ONLY' } },
    ],
  },
  {
    TableName: 'Receipts',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [text('key'), text('row')],
    KeySchema: keys('key', 'row'),
  },
  {
    TableName: 'Control',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [text('pk'), text('sk')],
    KeySchema: keys('pk', 'sk'),
  },
];

export interface TestDatabase {
  /** For programs in processes of their own. */
  endpoint: string;
  document: DynamoDBDocumentClient;
  /** Every item of a table. */
  items(table: 'Messages' | 'Receipts' | 'Control'): Promise<Record<string, unknown>[]>;
}

/** The three tables in memory, with real conditional writes; one for each test file, gone when it has finished. */
export async function startDatabase(): Promise<TestDatabase> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = new DynamoDBClient({
    endpoint,
    region: 'ap-southeast-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
  });
  afterAll(() => {
    client.destroy();
    server.close();
  });
  for (const table of TABLES) await client.send(new CreateTableCommand(table));
  const document = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    endpoint,
    document,
    items: async (TableName) => (await document.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [],
  };
}
