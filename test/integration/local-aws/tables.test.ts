import { createHash } from 'node:crypto';
import { DescribeTableCommand, DescribeTimeToLiveCommand, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import type { TableProperties } from '../../../cdk/local/aws/api.ts';
import { openClients, openLocalAws, stateDirectory } from './stack.ts';
import { CONTROL, MESSAGES } from './tables.ts';

type Fields = Record<string, unknown>;

async function openTables(...tables: TableProperties[]) {
  const aws = await openLocalAws();
  for (const table of tables) await aws.tables.createTable(table);
  return { ...(await openClients(aws)), aws };
}

/** Puts an item, applies an update to it and returns what is then stored. */
async function updated(documents: DynamoDBDocumentClient, item: Fields, update: Fields): Promise<Fields | undefined> {
  const TableName = 'Messages';
  await documents.send(new PutCommand({ TableName, Item: { messageId: 'm', ...item } }));
  await documents.send(new UpdateCommand({ TableName, Key: { messageId: 'm' }, ...update }));
  return (await documents.send(new GetCommand({ TableName, Key: { messageId: 'm' }, ConsistentRead: true }))).Item;
}

/** Whether a condition holds for an item. */
async function holds(documents: DynamoDBDocumentClient, item: Fields, condition: Fields): Promise<boolean> {
  const TableName = 'Messages';
  const Item = { messageId: 'm', ...item };
  await documents.send(new PutCommand({ TableName, Item }));
  try {
    await documents.send(new PutCommand({ TableName, Item, ...condition }));
    return true;
  } catch (cause) {
    expect(cause).toMatchObject({ name: 'ConditionalCheckFailedException' });
    return false;
  }
}

/** Two ids that dynalite's index entries would share: it tells equal index keys apart by 24 bits of this hash of the table key. */
function collidingIds(): [string, string] {
  const known = new Map<string, string>();
  for (let count = 0; ; count += 1) {
    const id = `msg_${count}`;
    const hash = createHash('md5').update('Outliers').update(id).digest('hex').slice(0, 6);
    const other = known.get(hash);
    if (other !== undefined) return [other, id];
    known.set(hash, id);
  }
}

describe('An update expression', () => {
  test('sets a field of one list element', async () => {
    const { documents } = await openTables(MESSAGES);
    const item = { segments: [{ state: 'queued' }, { state: 'queued', number: 2 }] };
    const stored = await updated(documents, item, {
      UpdateExpression: 'SET #segments[1].#s = :x, #segments[0].mcMessageId = :id',
      ExpressionAttributeNames: { '#segments': 'segments', '#s': 'state' },
      ExpressionAttributeValues: { ':x': 'sent', ':id': '0A' },
    });
    expect(stored?.segments).toEqual([
      { state: 'queued', mcMessageId: '0A' },
      { state: 'sent', number: 2 },
    ]);
  });

  test('appends to a list that may not be there yet', async () => {
    const { documents } = await openTables(MESSAGES);
    const update = {
      UpdateExpression: 'SET timeline = list_append(if_not_exists(timeline, :none), :entry)',
      ExpressionAttributeValues: { ':none': [], ':entry': [{ state: 'sent', at: 1 }] },
    };
    expect((await updated(documents, {}, update))?.timeline).toEqual([{ state: 'sent', at: 1 }]);
    const before = { timeline: [{ state: 'queued', at: 0 }] };
    expect((await updated(documents, before, update))?.timeline).toEqual([
      { state: 'queued', at: 0 },
      { state: 'sent', at: 1 },
    ]);
  });

  test('adds to numbers and sets, also where there are none', async () => {
    const { documents } = await openTables(MESSAGES);
    const update = {
      UpdateExpression: 'ADD attempts :one, tags :tags SET #sequence = if_not_exists(#sequence, :zero) + :one',
      ExpressionAttributeNames: { '#sequence': 'sequence' },
      ExpressionAttributeValues: { ':one': 1, ':zero': 0, ':tags': new Set(['b']) },
    };
    expect(await updated(documents, {}, update)).toMatchObject({ attempts: 1, sequence: 1, tags: new Set(['b']) });
    const before = { attempts: 41, sequence: 6, tags: new Set(['a']) };
    expect(await updated(documents, before, update)).toMatchObject({
      attempts: 42,
      sequence: 7,
      tags: new Set(['a', 'b']),
    });
  });

  test('removes fields and list elements, and reads old values on the right side', async () => {
    const { documents } = await openTables(MESSAGES);
    const update = {
      UpdateExpression: 'SET a = b, b = a REMOVE gone, entries[0], inside.one',
    };
    const before = { a: 1, b: 2, gone: true, entries: ['x', 'y'], inside: { one: 1, two: 2 } };
    expect(await updated(documents, before, update)).toEqual({
      messageId: 'm',
      a: 2,
      b: 1,
      entries: ['y'],
      inside: { two: 2 },
    });
  });

  test('creates the item with its key when there is none, and returns what was asked for', async () => {
    const { documents } = await openTables(MESSAGES);
    const update = (ReturnValues: 'ALL_NEW' | 'ALL_OLD' | 'UPDATED_NEW', state: string) =>
      documents.send(
        new UpdateCommand({
          TableName: 'Messages',
          Key: { messageId: 'm' },
          UpdateExpression: 'SET #s = :s',
          ExpressionAttributeNames: { '#s': 'state' },
          ExpressionAttributeValues: { ':s': state },
          ReturnValues,
        }),
      );
    expect((await update('ALL_NEW', 'queued')).Attributes).toEqual({ messageId: 'm', state: 'queued' });
    expect((await update('ALL_OLD', 'sending')).Attributes).toEqual({ messageId: 'm', state: 'queued' });
    expect((await update('UPDATED_NEW', 'sent')).Attributes).toEqual({ state: 'sent' });
  });

  test('refuses a path into nothing', async () => {
    const { documents } = await openTables(MESSAGES);
    const update = updated(
      documents,
      {},
      {
        UpdateExpression: 'SET entries[0].s = :x',
        ExpressionAttributeValues: { ':x': 1 },
      },
    );
    await expect(update).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('A condition', () => {
  test.each([
    ['attribute_exists(a.b)', { a: { b: 1 } }, { a: { c: 1 } }],
    ['attribute_not_exists(messageId) OR a = :one', { a: 1 }, { a: 2 }],
    ['a IN (:one, :two)', { a: 2 }, { a: 3 }],
    ['size(entries) < :two', { entries: [1] }, { entries: [1, 2] }],
    ['size(a) = :two', { a: 'ññ' }, { a: 'ñ' }],
    ['a BETWEEN :one AND :two', { a: 2 }, { a: 10 }],
    ['NOT contains(tags, :x)', { tags: new Set(['y']) }, { tags: new Set(['x']) }],
    ['begins_with(a, :x) AND a <> :x', { a: 'xy' }, { a: 'x' }],
    ['entries[1].n >= :two', { entries: [{ n: 9 }, { n: 10 }] }, { entries: [{ n: 9 }, { n: 1 }] }],
    ['(a < :two OR attribute_not_exists(a)) AND absent <> :x', {}, { a: 2 }],
    ['attribute_type(a, :s)', { a: 'text' }, { a: 1 }],
  ])('%s', async (ConditionExpression, holding, failing) => {
    const { documents } = await openTables(MESSAGES);
    const all: Fields = { ':one': 1, ':two': 2, ':x': 'x', ':s': 'S' };
    const used = Object.keys(all).filter((name) => ConditionExpression.includes(name));
    const ExpressionAttributeValues =
      used.length === 0 ? undefined : Object.fromEntries(used.map((name) => [name, all[name]]));
    const condition = { ConditionExpression, ExpressionAttributeValues };
    expect(await holds(documents, holding, condition)).toBe(true);
    expect(await holds(documents, failing, condition)).toBe(false);
  });

  test('that fails returns the item as it is, if asked to', async () => {
    const { documents } = await openTables(MESSAGES);
    const Item = { messageId: 'm', state: 'sent' };
    await documents.send(new PutCommand({ TableName: 'Messages', Item }));
    const condition = {
      TableName: 'Messages',
      ConditionExpression: 'attribute_not_exists(messageId)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
    // AttributeValues: the document client translates no errors, on AWS either.
    const wanted = { name: 'ConditionalCheckFailedException', Item: { messageId: { S: 'm' }, state: { S: 'sent' } } };
    await expect(documents.send(new PutCommand({ ...condition, Item }))).rejects.toMatchObject(wanted);
    const Key = { messageId: 'm' };
    await expect(documents.send(new DeleteCommand({ ...condition, Key }))).rejects.toMatchObject(wanted);
    const update = { UpdateExpression: 'REMOVE a', Key };
    await expect(documents.send(new UpdateCommand({ ...condition, ...update }))).rejects.toMatchObject(wanted);
  });

  test('that fails returns no item if not asked to, or if there is none', async () => {
    const { documents } = await openTables(MESSAGES);
    const put = { TableName: 'Messages', ConditionExpression: 'attribute_exists(messageId)' };
    const missing = documents.send(
      new PutCommand({ ...put, Item: { messageId: 'm' }, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    );
    await expect(missing).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
    await documents.send(new PutCommand({ TableName: 'Messages', Item: { messageId: 'm' } }));
    const notAsked = documents.send(
      new PutCommand({ ...put, ConditionExpression: 'attribute_not_exists(messageId)', Item: { messageId: 'm' } }),
    );
    await expect(notAsked).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
  });

  test('lets one of many concurrent writers win', async () => {
    const { documents } = await openTables(MESSAGES);
    const claims = Array.from({ length: 20 }, (_, owner) =>
      documents.send(
        new PutCommand({
          TableName: 'Messages',
          Item: { messageId: 'lease', owner },
          ConditionExpression: 'attribute_not_exists(messageId)',
        }),
      ),
    );
    const won = (await Promise.allSettled(claims)).filter(({ status }) => status === 'fulfilled');
    expect(won).toHaveLength(1);
  });
});

describe('A query', () => {
  test('reads a sparse index of keys in order, forwards and backwards', async () => {
    const { documents } = await openTables(MESSAGES);
    const put = (Item: Fields) => documents.send(new PutCommand({ TableName: 'Messages', Item }));
    await put({ messageId: 'late', dueAccount: 'a', dueAt: 1_700_000_000_002, text: 'secret' });
    await put({ messageId: 'early', dueAccount: 'a', dueAt: 999 });
    await put({ messageId: 'other', dueAccount: 'b', dueAt: 1 });
    await put({ messageId: 'not due', text: 'x' });
    const due = async (more: Fields) => {
      const query = new QueryCommand({
        TableName: 'Messages',
        IndexName: 'due',
        KeyConditionExpression: 'dueAccount = :a AND dueAt <= :now',
        ExpressionAttributeValues: { ':a': 'a', ':now': 2_000_000_000_000 },
        ...more,
      });
      return (await documents.send(query)).Items;
    };
    const early = { messageId: 'early', dueAccount: 'a', dueAt: 999 };
    const late = { messageId: 'late', dueAccount: 'a', dueAt: 1_700_000_000_002 };
    expect(await due({})).toEqual([early, late]);
    expect(await due({ ScanIndexForward: false })).toEqual([late, early]);
    expect(await due({ ExpressionAttributeValues: { ':a': 'a', ':now': 1000 } })).toEqual([early]);
  });

  test('no longer finds in the index what has left it', async () => {
    const { documents } = await openTables(MESSAGES);
    await documents.send(
      new PutCommand({ TableName: 'Messages', Item: { messageId: 'm', dueAccount: 'a', dueAt: 1 } }),
    );
    await documents.send(
      new UpdateCommand({
        TableName: 'Messages',
        Key: { messageId: 'm' },
        UpdateExpression: 'REMOVE dueAccount, dueAt',
      }),
    );
    const { Items } = await documents.send(new ScanCommand({ TableName: 'Messages', IndexName: 'due' }));
    expect(Items).toEqual([]);
  });

  test.each([true, false])('pages through an index, forward %s', async (ScanIndexForward) => {
    const { documents } = await openTables(MESSAGES);
    const ids = Array.from({ length: 23 }, (_, index) => `msg_${String(index).padStart(3, '0')}`);
    for (const messageId of ids) {
      await documents.send(new PutCommand({ TableName: 'Messages', Item: { messageId, account: 'a' } }));
    }
    const seen: unknown[] = [];
    let ExclusiveStartKey: Fields | undefined;
    do {
      const page = await documents.send(
        new QueryCommand({
          TableName: 'Messages',
          IndexName: 'by-account',
          KeyConditionExpression: 'account = :a',
          ExpressionAttributeValues: { ':a': 'a' },
          Limit: 5,
          ScanIndexForward,
          ExclusiveStartKey,
        }),
      );
      seen.push(...(page.Items ?? []).map((item) => item.messageId));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    expect(seen).toEqual(ScanIndexForward ? ids : ids.toReversed());
  });

  test.each([true, false])('tells apart items due in one millisecond, forward %s', async (ScanIndexForward) => {
    const { documents } = await openTables(MESSAGES);
    const ids = collidingIds();
    for (const messageId of ids) {
      const Item = { messageId, dueAccount: 'a', dueAt: 5 };
      await documents.send(new PutCommand({ TableName: 'Messages', Item }));
    }
    const seen: unknown[] = [];
    let ExclusiveStartKey: Fields | undefined;
    do {
      const page = await documents.send(
        new QueryCommand({
          TableName: 'Messages',
          IndexName: 'due',
          KeyConditionExpression: 'dueAccount = :a',
          ExpressionAttributeValues: { ':a': 'a' },
          Limit: 1,
          ScanIndexForward,
          ExclusiveStartKey,
        }),
      );
      seen.push(...(page.Items ?? []).map((item) => item.messageId));
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey && seen.length < 10);
    expect(seen).toHaveLength(2);
    expect(new Set(seen)).toEqual(new Set(ids));
  });

  test('reads a table by sort key, with a filter and a projection', async () => {
    const { documents } = await openTables(CONTROL);
    for (const sk of ['endpoint#1', 'endpoint#2', 'key#1']) {
      await documents.send(new PutCommand({ TableName: 'Control', Item: { pk: 'tenant', sk, on: sk.endsWith('2') } }));
    }
    const { Items } = await documents.send(
      new QueryCommand({
        TableName: 'Control',
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        FilterExpression: '#on = :true',
        ProjectionExpression: 'sk',
        ExpressionAttributeNames: { '#on': 'on' },
        ExpressionAttributeValues: { ':pk': 'tenant', ':prefix': 'endpoint#', ':true': true },
        ConsistentRead: true,
      }),
    );
    expect(Items).toEqual([{ sk: 'endpoint#2' }]);
  });

  test('sees a write at once when it reads consistently', async () => {
    const { documents } = await openTables(MESSAGES);
    for (let count = 0; count < 50; count += 1) {
      await documents.send(new PutCommand({ TableName: 'Messages', Item: { messageId: 'm', count } }));
      const read = new GetCommand({ TableName: 'Messages', Key: { messageId: 'm' }, ConsistentRead: true });
      expect((await documents.send(read)).Item).toEqual({ messageId: 'm', count });
    }
  });
});

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
