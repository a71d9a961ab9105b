import {
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { type Fields, openTables } from './stack.ts';
import { MESSAGES } from './table-fixtures.ts';

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
