import { type DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll } from 'vitest';
import { startTables } from '../../fixtures/tables.ts';

export interface TestDatabase {
  /** For programs in processes of their own. */
  endpoint: string;
  document: DynamoDBDocumentClient;
  /** Every item of a table. */
  items(table: 'Messages' | 'Receipts' | 'Control'): Promise<Record<string, unknown>[]>;
}

/** The three tables in memory; one set for each test file, gone when it has finished. */
export async function startDatabase(): Promise<TestDatabase> {
  const { endpoint, document, close } = await startTables();
  afterAll(close);
  return {
    endpoint,
    document,
    items: async (TableName) => (await document.send(new ScanCommand({ TableName, ConsistentRead: true }))).Items ?? [],
  };
}
