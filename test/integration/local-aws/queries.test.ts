import { createHash } from 'node:crypto';
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { type Fields, openTables } from './stack.ts';
import { CONTROL, MESSAGES } from './table-fixtures.ts';

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

type Documents = Awaited<ReturnType<typeof openTables>>['documents'];

/** Of paging that never ends. */
const MOST_PAGES = 10;

/** Ids of messages in the order of an index, page by page. */
async function idsInPages(
  documents: Documents,
  query: Omit<QueryCommandInput, 'TableName' | 'ExpressionAttributeValues'>,
): Promise<unknown[]> {
  const seen: unknown[] = [];
  let ExclusiveStartKey: Fields | undefined;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const values = { ':a': 'a' };
    const page = await documents.send(
      new QueryCommand({ TableName: 'Messages', ExpressionAttributeValues: values, ...query, ExclusiveStartKey }),
    );
    seen.push(...(page.Items ?? []).map(({ messageId }) => messageId));
    ExclusiveStartKey = page.LastEvaluatedKey;
    if (ExclusiveStartKey === undefined) break;
  }
  return seen;
}

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

  test('could not find an item whose index key is empty, so it is refused', async () => {
    const { documents } = await openTables(MESSAGES);
    await documents.send(new PutCommand({ TableName: 'Messages', Item: { messageId: 'm', copied: '' } }));
    const message = expect.stringContaining('empty string value. IndexName: by-account, IndexKey: account');
    const update = new UpdateCommand({
      TableName: 'Messages',
      Key: { messageId: 'm' },
      UpdateExpression: 'SET #account = copied',
      ExpressionAttributeNames: { '#account': 'account' },
    });
    await expect(documents.send(update)).rejects.toMatchObject({ name: 'ValidationException', message });
    const put = new PutCommand({ TableName: 'Messages', Item: { messageId: 'm', account: '' } });
    await expect(documents.send(put)).rejects.toMatchObject({ name: 'ValidationException', message });
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
    const query = { IndexName: 'by-account', KeyConditionExpression: 'account = :a', Limit: 5, ScanIndexForward };
    const seen = await idsInPages(documents, query);
    expect(seen).toEqual(ScanIndexForward ? ids : ids.toReversed());
  });

  test.each([true, false])('tells apart items due in one millisecond, forward %s', async (ScanIndexForward) => {
    const { documents } = await openTables(MESSAGES);
    const ids = collidingIds();
    for (const messageId of ids) {
      const Item = { messageId, dueAccount: 'a', dueAt: 5 };
      await documents.send(new PutCommand({ TableName: 'Messages', Item }));
    }
    const query = { IndexName: 'due', KeyConditionExpression: 'dueAccount = :a', Limit: 1, ScanIndexForward };
    const seen = await idsInPages(documents, query);
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
