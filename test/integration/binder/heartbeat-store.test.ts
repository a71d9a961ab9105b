import { beforeEach, describe, expect, test } from 'vitest';
import { HeartbeatStore } from '../../../binder/lease/heartbeat-store.ts';
import { startDatabase } from '../functions/database.ts';

const database = await startDatabase();
const store = new HeartbeatStore(database.document, 'Control');
const { signal } = new AbortController();
const list = async () => (await store.list(signal)).sort((a, b) => (a.owner < b.owner ? -1 : 1));

beforeEach(async () => {
  for (const { owner } of await store.list(signal)) await store.leave(owner, signal);
});

describe('heartbeats in the Control table', () => {
  test('are none at first, and one for each process that wrote, as last written', async () => {
    expect(await list()).toEqual([]);

    await store.write({ owner: 'a', beat: 1 }, signal);
    await store.write({ owner: 'b', beat: 7 }, signal);
    await store.write({ owner: 'a', beat: 2 }, signal);

    expect(await list()).toEqual([
      { owner: 'a', beat: 2 },
      { owner: 'b', beat: 7 },
    ]);
  });

  test('hold no time of any machine: whoever looks measures for himself', async () => {
    await store.write({ owner: 'a', beat: 1 }, signal);

    expect(await database.items('Control')).toEqual([{ pk: 'binder', sk: 'a', beat: 1 }]);
  });

  test('go with their process, also a second time', async () => {
    await store.write({ owner: 'a', beat: 1 }, signal);
    await store.write({ owner: 'b', beat: 1 }, signal);

    await store.leave('a', signal);
    await store.leave('a', signal);

    expect(await list()).toEqual([{ owner: 'b', beat: 1 }]);
  });

  test('are buried as they were seen, and not where their process gave a sign of life since', async () => {
    await store.write({ owner: 'a', beat: 4 }, signal);
    await store.write({ owner: 'b', beat: 5 }, signal);

    await store.bury({ owner: 'a', beat: 4 }, signal);
    await store.bury({ owner: 'b', beat: 4 }, signal);
    await store.bury({ owner: 'c', beat: 1 }, signal);

    expect(await list()).toEqual([{ owner: 'b', beat: 5 }]);
  });

  test('fail where the table fails, and when the caller gives the call up', async () => {
    const elsewhere = new HeartbeatStore(database.document, 'Nowhere');
    await expect(elsewhere.bury({ owner: 'a', beat: 1 }, signal)).rejects.toThrow();
    await expect(elsewhere.list(signal)).rejects.toThrow();

    await expect(store.write({ owner: 'a', beat: 1 }, AbortSignal.abort())).rejects.toThrow();
  });
});
