import { DescribeTableCommand, DescribeTimeToLiveCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  GetCommand,
  PutCommand,
  ScanCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { openClients, openLocalAws, openTables, stateDirectory } from './stack.ts';
import { CONTROL, MESSAGES } from './table-fixtures.ts';

describe('A batch', () => {
  test('writes, deletes and reads items of several tables', async () => {
    const { documents } = await openTables(MESSAGES, CONTROL);
    const Messages = ['a', 'b'].map((messageId) => ({ PutRequest: { Item: { messageId, account: 'x' } } }));
    const Control = [{ PutRequest: { Item: { pk: 'p', sk: 's' } } }];
    await documents.send(new BatchWriteCommand({ RequestItems: { Messages, Control } }));
    const change = [
      { DeleteRequest: { Key: { messageId: 'a' } } },
      { PutRequest: { Item: { messageId: 'b', account: 'y' } } },
    ];
    await documents.send(new BatchWriteCommand({ RequestItems: { Messages: change } }));
    const Keys = [{ messageId: 'a' }, { messageId: 'b' }];
    const { Responses } = await documents.send(
      new BatchGetCommand({ RequestItems: { Messages: { Keys }, Control: { Keys: [{ pk: 'p', sk: 's' }] } } }),
    );
    expect(Responses).toEqual({ Messages: [{ messageId: 'b', account: 'y' }], Control: [{ pk: 'p', sk: 's' }] });
    const index = await documents.send(new ScanCommand({ TableName: 'Messages', IndexName: 'by-account' }));
    expect(index.Items).toEqual([{ messageId: 'b', account: 'y' }]);
  });
});

describe('A table', () => {
  test('is described with its key, indexes and TTL', async () => {
    const { dynamodb, aws } = await openTables(MESSAGES);
    const TableName = 'Messages';
    const { Table } = await dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table).toMatchObject({
      TableStatus: 'ACTIVE',
      TableArn: 'arn:aws:dynamodb:ap-southeast-1:000000000000:table/Messages',
      KeySchema: MESSAGES.KeySchema,
    });
    const ttl = await dynamodb.send(new DescribeTimeToLiveCommand({ TableName }));
    expect(ttl.TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
    expect((await dynamodb.send(new ListTablesCommand({}))).TableNames).toEqual(['Messages']);
    const { arn, streamArn } = await aws.tables.createTable(MESSAGES);
    expect(arn).toBe(Table?.TableArn);
    expect(streamArn).toMatch(/^arn:aws:dynamodb:ap-southeast-1:000000000000:table\/Messages\/stream\/\d{4}-/);
  });

  test('that is not there is answered as AWS does', async () => {
    const { documents } = await openTables();
    const get = documents.send(new GetCommand({ TableName: 'Nowhere', Key: { a: 1 } }));
    await expect(get).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    const put = documents.send(new PutCommand({ TableName: 'Nowhere', Item: { a: 1 } }));
    await expect(put).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('has no transactions, and says so', async () => {
    const { documents } = await openTables(MESSAGES);
    const Put = { TableName: 'Messages', Item: { messageId: 'm' } };
    await expect(documents.send(new TransactWriteCommand({ TransactItems: [{ Put }] }))).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'The local stack has no TransactWriteItems; use conditional writes of single items',
    });
  });

  test('keeps items over a restart, and its stream keeps its ARN', async () => {
    const directory = stateDirectory();
    const first = await openLocalAws({ stateDirectory: directory });
    const before = await first.tables.createTable(MESSAGES);
    await (await openClients(first)).documents.send(
      new PutCommand({ TableName: 'Messages', Item: { messageId: 'm', account: 'a' } }),
    );
    await first.close();

    const second = await openLocalAws({ stateDirectory: directory });
    expect(await second.tables.createTable(MESSAGES)).toEqual(before);
    const { documents } = await openClients(second);
    const { Items } = await documents.send(new ScanCommand({ TableName: 'Messages', IndexName: 'by-account' }));
    expect(Items).toEqual([{ messageId: 'm', account: 'a' }]);
  });

  test('refuses to start with another schema than the stored one, and says what to do', async () => {
    const directory = stateDirectory();
    const first = await openLocalAws({ stateDirectory: directory });
    await first.tables.createTable(MESSAGES);
    await first.close();
    const second = await openLocalAws({ stateDirectory: directory });
    const [byAccount] = MESSAGES.GlobalSecondaryIndexes ?? [];
    const changed = { ...MESSAGES, GlobalSecondaryIndexes: byAccount ? [byAccount] : [] };
    await expect(second.tables.createTable(changed)).rejects.toMatchObject({
      code: 'TableSchemaDiffers',
      message:
        'Table Messages was stored with another schema than the template has now: global index due is ' +
        '(dueAccount S, dueAt N) KEYS_ONLY, the template has none. Remove the state directory to start with empty ' +
        'tables, or start with the template of that run.',
    });
  });

  test('is kept from a second local stack on the same state', async () => {
    const directory = stateDirectory();
    await openLocalAws({ stateDirectory: directory });
    await expect(openLocalAws({ stateDirectory: directory })).rejects.toThrow('is another local stack running on it?');
  });
});
