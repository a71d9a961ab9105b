import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { onTestFinished } from 'vitest';
import type { AccessKey, LocalAws, LocalAwsOptions, TableProperties } from '../../../cdk/local/aws/api.ts';
import { REGION } from '../../../cdk/local/aws/arn.ts';
import { startLocalAws } from '../../../cdk/local/aws/start.ts';

/** A folder that goes when the test has finished. */
export function stateDirectory(): string {
  const path = mkdtempSync(join(tmpdir(), 'bindery-aws-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** The services on a free port, with lines of their log; closed when the test has finished, if not before. */
export async function openLocalAws(options: Partial<LocalAwsOptions> = {}): Promise<LocalAws & { lines: string[] }> {
  const lines: string[] = [];
  const directory = options.stateDirectory ?? stateDirectory();
  const aws = await startLocalAws({ log: (line) => lines.push(line), ...options, stateDirectory: directory });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= aws.close();
    return closed;
  };
  onTestFinished(close);
  return { ...aws, close, lines };
}

const VERSION = '2012-10-17';

/** Makes a role that may do what the statements say. */
export function addRole(aws: LocalAws, name: string, ...statements: Record<string, unknown>[]): void {
  const Principal = { Service: 'lambda.amazonaws.com' };
  const trust = { Version: VERSION, Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal }] };
  aws.policies.addRole(name, trust);
  aws.policies.attach(name, { Version: VERSION, Statement: statements.map((s) => ({ Effect: 'Allow', ...s })) });
}

/** Makes a role for tests of other things than rights. */
export function allowEverything(aws: LocalAws, role: string): void {
  addRole(aws, role, { Action: '*', Resource: '*' });
}

export interface Clients {
  sqs: SQSClient;
  dynamodb: DynamoDBClient;
  documents: DynamoDBDocumentClient;
  events: EventBridgeClient;
  secrets: SecretsManagerClient;
}

/** The SDK's own clients against the front. */
export function clientsOf(url: string, credentials: AccessKey): Clients {
  const configuration = { endpoint: url, region: REGION, credentials, maxAttempts: 1 };
  const dynamodb = new DynamoDBClient(configuration);
  const clients = {
    sqs: new SQSClient(configuration),
    dynamodb,
    documents: DynamoDBDocumentClient.from(dynamodb),
    events: new EventBridgeClient(configuration),
    secrets: new SecretsManagerClient(configuration),
  };
  onTestFinished(() => {
    for (const client of Object.values(clients)) client.destroy();
  });
  return clients;
}

export async function openClients(aws: LocalAws): Promise<Clients> {
  return clientsOf(aws.url, aws.registerCaller({ program: 'Test' }));
}

export type Fields = Record<string, unknown>;

/** Services with these tables, and clients for them. */
export async function openTables(...tables: TableProperties[]): Promise<Clients & { aws: LocalAws }> {
  const aws = await openLocalAws();
  for (const table of tables) await aws.tables.createTable(table);
  return { ...(await openClients(aws)), aws };
}
