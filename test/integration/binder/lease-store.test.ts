import { beforeEach, describe, expect, test } from 'vitest';
import { type LeaseRecord, LeaseStore } from '../../../binder/lease/lease-store.ts';
import { startDatabase } from '../functions/database.ts';

const database = await startDatabase();
const store = new LeaseStore(database.document, 'Control');
const { signal } = new AbortController();
const leaseMs = 10_000;

/** One lease a test. */
let account = '';
let count = 0;
beforeEach(() => {
  count += 1;
  account = `account-${count}`;
});

const take = (owner: string, seen: LeaseRecord | undefined) => store.take(account, { seen, owner, leaseMs }, signal);
const read = () => store.read(account, signal);

async function taken(owner: string, seen?: LeaseRecord): Promise<LeaseRecord> {
  const lease = await take(owner, seen);
  if (!lease) throw new Error('not taken');
  return lease;
}

describe('the lease of an account in the Control table', () => {
  test('is not there before anyone took it', async () => {
    expect(await read()).toBeUndefined();
  });

  test('is taken by one of many who saw none', async () => {
    const leases = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => take(owner, undefined)));

    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
    expect(await read()).toMatchObject({ fence: 1, beat: 0, leaseMs, released: false });
  });

  test('is taken over by one of many who saw the same, with the next fence', async () => {
    const first = await taken('a');

    const leases = await Promise.all(['b', 'c', 'd'].map((owner) => take(owner, first)));

    expect(leases.filter((lease) => lease !== undefined)).toMatchObject([{ fence: 2 }]);
  });

  test('is not taken over once its owner has given a sign of life', async () => {
    const first = await taken('a');
    expect(await store.renew(account, first, signal)).toBe(true);

    expect(await take('b', first)).toBeUndefined();
    expect(await read()).toMatchObject({ owner: 'a', fence: 1, beat: 1 });
  });

  test('is neither renewed nor released by an owner that lost it', async () => {
    const first = await taken('a');
    const second = await taken('b', first);

    expect(await store.renew(account, first, signal)).toBe(false);
    expect(await store.release(account, first, signal)).toBe(false);
    expect(await read()).toMatchObject(second);
  });

  test('is not renewed under an earlier fence of the same owner', async () => {
    const first = await taken('a');
    await taken('a', first);

    expect(await store.renew(account, first, signal)).toBe(false);
  });

  test('says when it was released, and for how long its owner had been quiet', async () => {
    const first = await taken('a');

    expect(await store.release(account, { ...first, quietMs: 120 }, signal)).toBe(true);

    const released = await read();
    expect(released).toMatchObject({ owner: 'a', fence: 1, released: true, quietMs: 120 });
    expect(await taken('b', released)).toEqual({ owner: 'b', fence: 2, beat: 0, leaseMs, released: false });
    expect(await read()).not.toHaveProperty('quietMs');
  });

  test('is released without a word on quiet by an owner that does not know', async () => {
    const first = await taken('a');

    expect(await store.release(account, first, signal)).toBe(true);

    expect(await read()).not.toHaveProperty('quietMs');
  });

  test('fails where the table fails, and when its caller gives the call up', async () => {
    const elsewhere = new LeaseStore(database.document, 'Nowhere');
    await expect(elsewhere.renew(account, await taken('a'), signal)).rejects.toThrow();

    await expect(store.read(account, AbortSignal.abort())).rejects.toThrow();
  });
});
