import { once } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  DeleteMessageCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { BatchWriteCommand, DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { buildApp } from 'fauxqs';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../../cdk/local/aws/dynamodb/dynalite.ts';
import { openClients, openLocalAws, stateDirectory } from './stack.ts';
import { MESSAGES } from './table-fixtures.ts';

const dynalite = createRequire(import.meta.url)('dynalite') as (options: object) => Server;

/** DynamoDB behind HTTP, as someone else's process would be. */
async function startDynamoDb(): Promise<string> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function startSqs(): Promise<string> {
  const app = buildApp({ logger: false });
  await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
}

const TableName = 'Messages';

async function openTables(dynamodb: string, directory = stateDirectory()) {
  const aws = await openLocalAws({ stateDirectory: directory, endpoints: { dynamodb } });
  await aws.tables.createTable(MESSAGES);
  const { documents } = await openClients(aws);
  const records = async () => (await aws.tables.stream(TableName)?.read({ after: 'TRIM_HORIZON' })) ?? [];
  return { aws, documents, records, directory };
}

describe('With a DynamoDB elsewhere', () => {
  test('writes make stream records with both images', async () => {
    const { documents, records } = await openTables(await startDynamoDb());
    await documents.send(new PutCommand({ TableName, Item: { messageId: 'm', count: 1 } }));
    const update = {
      UpdateExpression: 'ADD #c :one',
      ExpressionAttributeNames: { '#c': 'count' },
      ExpressionAttributeValues: { ':one': 1 },
    };
    const add = () => documents.send(new UpdateCommand({ TableName, Key: { messageId: 'm' }, ...update }));
    await Promise.all(Array.from({ length: 10 }, add));
    await documents.send(
      new BatchWriteCommand({ RequestItems: { Messages: [{ DeleteRequest: { Key: { messageId: 'm' } } }] } }),
    );
    await documents.send(new DeleteCommand({ TableName, Key: { messageId: 'm' } }));
    const images = (await records()).map(({ eventName, dynamodb }) => [
      eventName,
      dynamodb.OldImage?.count,
      dynamodb.NewImage?.count,
    ]);
    const number = (value: number) => ({ N: String(value) });
    const modified = Array.from({ length: 10 }, (_, index) => ['MODIFY', number(index + 1), number(index + 2)]);
    expect(images).toEqual([['INSERT', undefined, number(1)], ...modified, ['REMOVE', number(11), undefined]]);
  });

  test('a refused write makes no record', async () => {
    const { documents, records } = await openTables(await startDynamoDb());
    const put = new PutCommand({
      TableName,
      Item: { messageId: 'm' },
      ConditionExpression: 'attribute_exists(messageId)',
    });
    await expect(documents.send(put)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException' });
    expect(await records()).toEqual([]);
  });

  test('a table that stands there already is used again, and its stream goes on', async () => {
    const url = await startDynamoDb();
    const first = await openTables(url);
    await first.documents.send(new PutCommand({ TableName, Item: { messageId: 'a' } }));
    await first.aws.close();
    const second = await openTables(url, first.directory);
    await second.documents.send(new PutCommand({ TableName, Item: { messageId: 'b' } }));
    expect(await second.records()).toHaveLength(2);
  });

  test('a write that was cut off by the end of this process still gets its record', async () => {
    const url = await startDynamoDb();
    const first = await openTables(url);
    await first.documents.send(new PutCommand({ TableName, Item: { messageId: 'm', count: 1 } }));
    await first.aws.close();
    // As a kill between the write there and the record here leaves it.
    const { db } = await openStore(join(first.directory, 'dynamodb-external'));
    const keys = { messageId: { S: 'm' } };
    await db.batch([{ type: 'put', key: 'intent~Messages~m', value: { keys, old: { ...keys, count: { N: '0' } } } }]);
    await db.close();
    const second = await openTables(url, first.directory);
    const [, late] = await second.records();
    expect(late).toMatchObject({
      eventName: 'MODIFY',
      dynamodb: { OldImage: { count: { N: '0' } }, NewImage: { count: { N: '1' } } },
    });
  });

  test('items expire', async () => {
    const { documents, records } = await openTables(await startDynamoDb());
    await documents.send(new PutCommand({ TableName, Item: { messageId: 'm', ttl: 5 } }));
    const removed = async () => (await records())[1];
    await expect
      .poll(removed, { timeout: 10_000 })
      .toMatchObject({ eventName: 'REMOVE', userIdentity: { type: 'Service' } });
    const read = new GetCommand({ TableName, Key: { messageId: 'm' } });
    expect((await documents.send(read)).Item).toBeUndefined();
  });

  test('that does not answer, the error names it', async () => {
    const open = openTables('http://127.0.0.1:9');
    await expect(open).rejects.toThrow("http://127.0.0.1:9 can't be reached");
  });
});

describe('With an SQS elsewhere', () => {
  test('programs see queues of the front, and messages go through', async () => {
    const aws = await openLocalAws({ endpoints: { sqs: await startSqs() } });
    const { sqs } = await openClients(aws);
    const { url, arn } = await aws.queues.createQueue({ name: 'lane', attributes: { VisibilityTimeout: 60 } });
    expect(url).toBe(`${aws.url}/000000000000/lane`);
    expect(arn).toBe('arn:aws:sqs:ap-southeast-1:000000000000:lane');
    await aws.queues.createQueue({ name: 'lane', attributes: { VisibilityTimeout: 70 } });
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'lane' }))).QueueUrl).toBe(url);
    expect((await sqs.send(new ListQueuesCommand({}))).QueueUrls).toEqual([url]);
    const polled = sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 5 }));
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'hello' }));
    const { Messages = [] } = await polled;
    expect(Messages).toMatchObject([{ Body: 'hello' }]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: Messages[0]?.ReceiptHandle }));
  });

  test('an aborted long poll swallows no message', async () => {
    const aws = await openLocalAws({ endpoints: { sqs: await startSqs() } });
    const { sqs } = await openClients(aws);
    const { url } = await aws.queues.createQueue({ name: 'lane' });
    for (let round = 0; round < 5; round += 1) {
      const controller = new AbortController();
      const poll = new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 });
      const aborted = sqs.send(poll, { abortSignal: controller.signal }).catch(() => 'aborted');
      await new Promise((resolve) => setTimeout(resolve, 20));
      controller.abort();
      await aborted;
      await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: String(round) }));
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 1 }));
      expect(Messages).toMatchObject([{ Body: String(round) }]);
    }
  });
});
