import { describe, expect, test } from 'vitest';
import { EventRunning, MemorySeenStore, once } from '../../../docs/consumer/dedupe.ts';

describe('an event', () => {
  test('that comes several times is handled once', async () => {
    const store = new MemorySeenStore();
    let count = 0;
    const work = async () => void (count += 1);
    expect([await once('evt_1', store, work), await once('evt_1', store, work)]).toEqual(['done', 'repeated']);
    await once('evt_2', store, work);
    expect(count).toBe(2);
  });

  test('whose handling failed is handled when it comes again', async () => {
    const store = new MemorySeenStore();
    const failing = async () => await Promise.reject(new Error('the database is away'));
    await expect(once('evt_1', store, failing)).rejects.toThrow('away');
    expect(await once('evt_1', store, async () => undefined)).toBe('done');
  });

  test('that is being handled is not handled beside that, nor taken for done', async () => {
    const store = new MemorySeenStore();
    await once('evt_1', store, async () => {
      await expect(once('evt_1', store, async () => undefined)).rejects.toBeInstanceOf(EventRunning);
    });
  });

  test('is forgotten when so many others have come after it', async () => {
    const store = new MemorySeenStore({ most: 2 });
    for (const id of ['a', 'b', 'c']) await once(id, store, async () => undefined);
    expect(await once('c', store, async () => undefined)).toBe('repeated');
    expect(await once('a', store, async () => undefined)).toBe('done');
  });
});
