import { beforeAll, describe, expect, test } from 'vitest';
import type { MessageChange } from '../../../shared/domain/transitions.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { startDatabase, type TestDatabase } from '../functions/database.ts';

let database: TestDatabase;
let store: MessageStore;
beforeAll(async () => {
  database = await startDatabase();
  store = new MessageStore(database.document, 'Messages', 30);
});

let number = 0;
async function stored(different: Parameters<typeof queuedMessage>[0] = {}) {
  number += 1;
  const message = queuedMessage({ messageId: `msg_${String(number).padStart(26, '0')}`, ...different });
  await store.create(message);
  return message;
}

const at = CREATED_AT + 1_000;
const claimed = (owner: string, fence: number): MessageChange => ({ kind: 'claimed', owner, fence, at });

describe('a message', () => {
  test('is read as it was stored, and what only the table needs is left out', async () => {
    const message = await stored({ metadata: { a: 'b' }, clientRef: 'c' });
    expect(await store.get(message.messageId)).toEqual(message);
  });

  test('is not stored twice', async () => {
    const message = await stored();
    await expect(store.create(message)).rejects.toThrow('conditional request failed');
  });

  test('goes when its days are over', async () => {
    const { messageId } = await stored();
    const item = (await database.items('Messages')).find((candidate) => candidate['messageId'] === messageId);
    expect(item?.['ttl']).toBe(CREATED_AT / 1000 + 30 * 86_400);
  });

  test('that does not exist cannot be changed', async () => {
    expect(await store.change('msg_none', claimed('a', 1))).toEqual({ kind: 'missing' });
    expect(await store.get('msg_none')).toBeUndefined();
  });
});

describe('a change', () => {
  test('is written with everything that follows from it', async () => {
    const { messageId } = await stored();
    const result = await store.change(messageId, claimed('a', 1));
    expect(result.kind).toBe('changed');
    expect(await store.get(messageId)).toEqual(result.kind === 'changed' ? result.message : undefined);
  });

  test('takes away what is there no more', async () => {
    const { messageId } = await stored();
    await store.change(messageId, claimed('a', 1));
    await store.change(messageId, { kind: 'segment_accepted', index: 0, mcMessageId: 'A1', at });
    const item = (await database.items('Messages')).find((candidate) => candidate['messageId'] === messageId);
    expect(item).not.toHaveProperty('claim');
    await store.change(messageId, { kind: 'receipt', index: 0, mcMessageId: 'A1', state: 'delivered', at });
    const final = (await database.items('Messages')).find((candidate) => candidate['messageId'] === messageId);
    expect(final).not.toHaveProperty('dueAt');
    expect(final).not.toHaveProperty('dueAccount');
  });

  test('that comes too late leaves the message as it is', async () => {
    const { messageId } = await stored();
    await store.change(messageId, { kind: 'canceled', at });
    const before = await store.get(messageId);
    expect(await store.change(messageId, claimed('a', 1))).toEqual({ kind: 'unchanged', message: before });
  });

  test('on top of a stale view is applied to what is stored', async () => {
    const stale = await stored();
    await store.change(stale.messageId, { kind: 'canceled', at });
    expect((await store.change(stale.messageId, claimed('a', 1), stale)).kind).toBe('unchanged');
  });

  test('that a stale view finds too late is asked of what is stored', async () => {
    const message = await stored();
    const stale = { ...message, status: 'canceled' as const };
    expect((await store.change(message.messageId, claimed('a', 1), stale)).kind).toBe('changed');
  });
});

describe('writers at the same time', () => {
  test('claim a message once', async () => {
    const { messageId } = await stored();
    const results = await Promise.all(
      Array.from({ length: 12 }, async (_, index) => await store.change(messageId, claimed(`binder-${index}`, index))),
    );
    expect(results.filter(({ kind }) => kind === 'changed')).toHaveLength(1);
    expect((await store.get(messageId))?.version).toBe(2);
  });

  test('lose none of their changes, and each change is counted once', async () => {
    const { messageId } = await stored({ segmentCount: 4 });
    await store.change(messageId, claimed('a', 1));
    for (const index of [1, 2, 3]) await store.change(messageId, { kind: 'segment_submitting', index, at });
    const changes = [0, 1, 2, 3].flatMap((index): MessageChange[] => [
      { kind: 'segment_accepted', index, mcMessageId: `A${index}`, at },
      { kind: 'receipt', index, mcMessageId: `A${index}`, state: 'delivered', at },
      { kind: 'receipt', index, mcMessageId: `A${index}`, state: 'delivered', at },
    ]);
    const results = await Promise.all(changes.map(async (change) => await store.change(messageId, change)));
    const message = await store.get(messageId);
    expect(message?.status).toBe('delivered');
    expect(message?.segments.every(({ receipt }) => receipt?.state === 'delivered')).toBe(true);
    // Created, claimed, three submits, and then every change that was one.
    expect(message?.version).toBe(5 + results.filter(({ kind }) => kind === 'changed').length);
    const numbers = message?.timeline.flatMap(({ sequence }) => sequence ?? []);
    expect(numbers).toEqual(Array.from({ length: numbers?.length ?? 0 }, (_, index) => index + 1));
  });
});

describe('what is due', () => {
  test('is listed by account, longest due first, as many as are wanted, and nothing else', async () => {
    const due = async (now: number, limit: number) => await store.due('due-account', now, limit);
    const ids = [];
    for (const dueAt of [300, 100, 200, 400]) ids.push((await stored({ account: 'due-account', dueAt })).messageId);
    await stored({ account: 'another', dueAt: 1 });
    expect(await due(300, 10)).toEqual([ids[1], ids[2], ids[0]]);
    expect(await due(300, 2)).toEqual([ids[1], ids[2]]);
    await store.change(String(ids[1]), { kind: 'canceled', at });
    expect(await due(300, 10)).toEqual([ids[2], ids[0]]);
  });
});
