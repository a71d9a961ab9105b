import type { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { MessageStore } from '../../../shared/store/messages.ts';
import { MessagesById } from '../../../shared/store/messages-by-id.ts';
import { NewMessages } from '../../../shared/store/new-messages.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import { startDatabase } from '../functions/database.ts';

const messages = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    queuedMessage({ messageId: `msg_${String(from + index).padStart(26, '0')}`, text: `text ${index}` }),
  );

/** A table that is too busy for all but the first `takes` of each call. */
function busyTable(takes: number) {
  const stored: string[] = [];
  const calls: number[] = [];
  const waits: number[] = [];
  const send = async ({ input }: BatchWriteCommand) => {
    const asked = input.RequestItems?.['Messages'] ?? [];
    calls.push(asked.length);
    stored.push(...asked.slice(0, takes).map(({ PutRequest }) => String(PutRequest?.Item?.['messageId'])));
    const left = asked.slice(takes);
    return await Promise.resolve({ UnprocessedItems: left.length === 0 ? {} : { Messages: left } });
  };
  const table = new NewMessages({ send } as unknown as DynamoDBDocumentClient, {
    table: 'Messages',
    retentionDays: 90,
    sleep: (ms) => Promise.resolve(waits.push(ms)),
  });
  return { table, stored, calls, waits };
}

describe('many new messages', () => {
  test('are stored as one by one, twenty-five a call', async () => {
    const { document } = await startDatabase();
    let calls = 0;
    const counting = {
      send: async (command: BatchWriteCommand) => {
        calls += 1;
        return await document.send(command);
      },
    } as unknown as DynamoDBDocumentClient;
    const table = new NewMessages(counting, { table: 'Messages', retentionDays: 90, sleep: () => Promise.resolve() });
    const all = messages(130);
    await table.put(all);
    expect(calls).toBe(6);
    const found = await new MessagesById(document, 'Messages').get(all.map(({ messageId }) => messageId));
    expect(all.map(({ messageId }) => found.get(messageId))).toEqual(all);
    const [single] = messages(1, 1_000);
    if (single === undefined) throw new Error('none');
    await new MessageStore(document, 'Messages').create(single);
    expect(await new MessagesById(document, 'Messages').statuses([single.messageId, 'msg_none'])).toEqual(['queued']);
  });

  test('that the table was too busy for are given again, after waits that grow', async () => {
    const { table, stored, calls, waits } = busyTable(10);
    await table.put(messages(25));
    expect(calls).toEqual([25, 15, 5]);
    expect(new Set(stored).size).toBe(25);
    expect(waits).toEqual([40, 80]);
  });

  test('that the table never takes are a fault', async () => {
    await expect(busyTable(0).table.put(messages(1))).rejects.toThrow('does not take all');
  });

  test('are not begun once the caller was told that it took too long', async () => {
    const { table, calls } = busyTable(25);
    await expect(table.put(messages(50), AbortSignal.abort())).rejects.toThrow();
    expect(calls).toEqual([]);
  });

  test('may be none', async () => {
    const { table, calls } = busyTable(25);
    await table.put([]);
    expect(calls).toEqual([]);
  });
});
