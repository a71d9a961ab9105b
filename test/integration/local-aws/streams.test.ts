import { BatchWriteCommand, DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import type { LocalAwsOptions, TableStream } from '../../../cdk/local/aws/api.ts';
import type { StreamRecord } from '../../../cdk/local/aws/call.ts';
import { openClients, openLocalAws, stateDirectory } from './stack.ts';
import { CONTROL, MESSAGES } from './table-fixtures.ts';

const TableName = 'Messages';

async function openMessages(options: Partial<LocalAwsOptions> = {}) {
  const aws = await openLocalAws(options);
  await aws.tables.createTable(MESSAGES);
  const stream = aws.tables.stream(TableName);
  if (!stream) throw new Error('no stream');
  return { aws, stream, ...(await openClients(aws)) };
}

const all = (stream: TableStream): Promise<StreamRecord[]> => stream.read({ after: 'TRIM_HORIZON', limit: 10_000 });
const brief = ({ eventName, dynamodb: { OldImage, NewImage } }: StreamRecord) => ({ eventName, OldImage, NewImage });

describe('A stream', () => {
  test('has a record with both images for each change, in order', async () => {
    const { stream, documents } = await openMessages();
    await documents.send(new PutCommand({ TableName, Item: { messageId: 'm', state: 'queued' } }));
    await documents.send(
      new UpdateCommand({
        TableName,
        Key: { messageId: 'm' },
        UpdateExpression: 'SET #s = :s, attempts = :one',
        ExpressionAttributeNames: { '#s': 'state' },
        ExpressionAttributeValues: { ':s': 'sent', ':one': 1 },
      }),
    );
    await documents.send(new DeleteCommand({ TableName, Key: { messageId: 'm' } }));
    const records = await all(stream);
    const queued = { messageId: { S: 'm' }, state: { S: 'queued' } };
    const sent = { messageId: { S: 'm' }, state: { S: 'sent' }, attempts: { N: '1' } };
    expect(records.map(brief)).toEqual([
      { eventName: 'INSERT', NewImage: queued },
      { eventName: 'MODIFY', OldImage: queued, NewImage: sent },
      { eventName: 'REMOVE', OldImage: sent },
    ]);
    expect(records[0]).toMatchObject({
      eventVersion: '1.1',
      eventSource: 'aws:dynamodb',
      awsRegion: 'ap-southeast-1',
      eventSourceARN: stream.arn,
      dynamodb: { Keys: { messageId: { S: 'm' } }, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    const sequence = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    expect(sequence).toEqual(sequence.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(new Set(records.map(({ eventID }) => eventID)).size).toBe(3);
  });

  test('has no record of a write that changed nothing, failed, or deleted nothing', async () => {
    const { stream, documents } = await openMessages();
    const Item = { messageId: 'm', tags: new Set(['a', 'b']), map: { x: [1, 'y'] } };
    await documents.send(new PutCommand({ TableName, Item }));
    await documents.send(new PutCommand({ TableName, Item: { ...Item, tags: new Set(['b', 'a']) } }));
    const refused = new PutCommand({
      TableName,
      Item: { messageId: 'm' },
      ConditionExpression: 'attribute_not_exists(messageId)',
    });
    await expect(documents.send(refused)).rejects.toThrow('The conditional request failed');
    await documents.send(new DeleteCommand({ TableName, Key: { messageId: 'other' } }));
    expect(await all(stream)).toHaveLength(1);
  });

  test('has the changes of a batch', async () => {
    const { stream, documents } = await openMessages();
    const Messages = Array.from({ length: 25 }, (_, index) => ({ PutRequest: { Item: { messageId: `m${index}` } } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { Messages } }));
    await documents.send(
      new BatchWriteCommand({ RequestItems: { Messages: [{ DeleteRequest: { Key: { messageId: 'm3' } } }] } }),
    );
    const records = await all(stream);
    expect(records.map(({ eventName }) => eventName)).toEqual([...Array(25).fill('INSERT'), 'REMOVE']);
  });

  test('is not there for a table without one', async () => {
    const { aws } = await openMessages();
    await aws.tables.createTable(CONTROL);
    expect(aws.tables.stream('Control')).toBeUndefined();
    expect(aws.tables.stream('Nowhere')).toBeUndefined();
  });

  test('keeps the order of each item under concurrent writers, each image following the one before', async () => {
    const { stream, documents } = await openMessages();
    const add = (messageId: string) =>
      documents.send(
        new UpdateCommand({
          TableName,
          Key: { messageId },
          UpdateExpression: 'ADD #count :one',
          ExpressionAttributeNames: { '#count': 'count' },
          ExpressionAttributeValues: { ':one': 1 },
        }),
      );
    await Promise.all(Array.from({ length: 200 }, (_, index) => add(`m${index % 4}`)));
    for (const messageId of ['m0', 'm1', 'm2', 'm3']) {
      const ofItem = (await all(stream)).filter(
        ({ dynamodb }) => (dynamodb.Keys.messageId as { S: string }).S === messageId,
      );
      expect(ofItem).toHaveLength(50);
      for (const [index, { dynamodb }] of ofItem.entries()) {
        expect(dynamodb.NewImage).toMatchObject({ count: { N: String(index + 1) } });
        expect(dynamodb.OldImage).toEqual(ofItem[index - 1]?.dynamodb.NewImage);
      }
    }
  });

  test('wakes who waits, at once, and lets go who is aborted or out of time', async () => {
    const { stream, documents } = await openMessages();
    const after = (await stream.setConsumers([{ name: 'c', startingPosition: 'LATEST' }]), stream.position('c'));
    expect(await stream.waitForRecords(after, { timeoutMs: 20 })).toBe(false);
    const controller = new AbortController();
    const aborted = stream.waitForRecords(after, { timeoutMs: 60_000, signal: controller.signal });
    controller.abort();
    expect(await aborted).toBe(false);
    const woken = stream.waitForRecords(after, { timeoutMs: 60_000 });
    await documents.send(new PutCommand({ TableName, Item: { messageId: 'm' } }));
    expect(await woken).toBe(true);
    expect(await stream.read({ after })).toHaveLength(1);
  });

  test('goes on for each consumer where it stopped, also after a restart', async () => {
    const directory = stateDirectory();
    const consumers = [
      { name: 'events', startingPosition: 'TRIM_HORIZON' as const },
      { name: 'audit', startingPosition: 'LATEST' as const },
    ];
    const first = await openMessages({ stateDirectory: directory });
    const put = (messageId: string) => first.documents.send(new PutCommand({ TableName, Item: { messageId } }));
    await put('before');
    await first.stream.setConsumers(consumers);
    for (const id of ['a', 'b', 'c']) await put(id);
    const [, a] = await first.stream.read({ after: first.stream.position('events'), limit: 2 });
    await first.stream.checkpoint('events', a?.dynamodb.SequenceNumber ?? '');
    await first.aws.close();

    const second = await openMessages({ stateDirectory: directory });
    await second.stream.setConsumers(consumers);
    const idsAfter = async (consumer: string) => {
      const records = await second.stream.read({ after: second.stream.position(consumer) });
      return records.map(({ dynamodb }) => (dynamodb.Keys.messageId as { S: string }).S);
    };
    expect(await idsAfter('events')).toEqual(['b', 'c']);
    expect(await idsAfter('audit')).toEqual(['a', 'b', 'c']);
    await second.documents.send(new PutCommand({ TableName, Item: { messageId: 'd' } }));
    expect(await idsAfter('events')).toEqual(['b', 'c', 'd']);
  });

  test('drops what every consumer has passed, and numbers go on above it after a restart', async () => {
    const directory = stateDirectory();
    const first = await openMessages({ stateDirectory: directory });
    await first.stream.setConsumers([
      { name: 'one', startingPosition: 'TRIM_HORIZON' },
      { name: 'two', startingPosition: 'TRIM_HORIZON' },
    ]);
    for (const messageId of ['a', 'b', 'c']) {
      await first.documents.send(new PutCommand({ TableName, Item: { messageId } }));
    }
    const sequence = (await all(first.stream)).map(({ dynamodb }) => dynamodb.SequenceNumber);
    await first.stream.checkpoint('one', sequence[2] ?? '');
    expect(await all(first.stream)).toHaveLength(3);
    await first.stream.checkpoint('two', sequence[1] ?? '');
    expect(await all(first.stream)).toHaveLength(1);
    await first.stream.checkpoint('two', sequence[0] ?? '');
    expect(first.stream.position('two')).toBe(sequence[1]);
    await first.stream.checkpoint('two', sequence[2] ?? '');
    await first.aws.close();

    const second = await openMessages({ stateDirectory: directory });
    await second.documents.send(new PutCommand({ TableName, Item: { messageId: 'd' } }));
    const [next] = await all(second.stream);
    expect((next?.dynamodb.SequenceNumber ?? '') > (sequence[2] ?? '')).toBe(true);
  });
});

describe('Time to live', () => {
  test('removes what has expired, with a record that says who did it', async () => {
    let now = 1_800_000_000_000;
    const { stream, documents } = await openMessages({ now: () => now });
    const put = (messageId: string, ttl: unknown) =>
      documents.send(new PutCommand({ TableName, Item: { messageId, ttl } }));
    await put('soon', 1_800_000_005);
    await put('later', 1_800_000_500);
    await put('not a number', '1');
    await documents.send(new PutCommand({ TableName, Item: { messageId: 'never' } }));
    await put('put off', 1_800_000_005);
    await put('put off', 1_800_000_700);
    await put('brought forward', 1_800_000_700);
    await put('brought forward', 1_800_000_005);
    now += 6000;
    const removed = async () => (await all(stream)).filter(({ eventName }) => eventName === 'REMOVE');
    await expect.poll(removed, { timeout: 10_000 }).toHaveLength(2);
    expect(await removed()).toContainEqual(
      expect.objectContaining({
        userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
        dynamodb: expect.objectContaining({ OldImage: { messageId: { S: 'soon' }, ttl: { N: '1800000005' } } }),
      }),
    );
    const gone = await documents.send(new GetCommand({ TableName, Key: { messageId: 'soon' } }));
    expect(gone.Item).toBeUndefined();
    expect((await documents.send(new GetCommand({ TableName, Key: { messageId: 'put off' } }))).Item).toBeDefined();
    now += 1_000_000;
    await expect.poll(removed, { timeout: 10_000 }).toHaveLength(4);
  });

  test('works for items that were there before the attribute was named', async () => {
    const directory = stateDirectory();
    const { TimeToLiveSpecification: _, ...withoutExpiry } = MESSAGES;
    const first = await openLocalAws({ stateDirectory: directory });
    await first.tables.createTable(withoutExpiry);
    const Item = { messageId: 'old', ttl: 5 };
    await (await openClients(first)).documents.send(new PutCommand({ TableName, Item }));
    await first.close();
    const { documents } = await openMessages({ stateDirectory: directory });
    const get = async () => (await documents.send(new GetCommand({ TableName, Key: { messageId: 'old' } }))).Item;
    await expect.poll(get, { timeout: 10_000 }).toBeUndefined();
  });
});
