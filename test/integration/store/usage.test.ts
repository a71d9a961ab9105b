import { beforeAll, describe, expect, test } from 'vitest';
import { UsageStore } from '../../../shared/store/control-usage.ts';
import type { Charge, SegmentLimits } from '../../../shared/store/usage-item.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { startDatabase, type TestDatabase } from '../functions/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

const PERIOD = { month: '2026-11', day: '22' };
const NEXT_DAY = { month: '2026-11', day: '23' };
let counters = 0;
let messages = 0;

function setUp(limits: SegmentLimits = {}) {
  counters += 1;
  const counter = { account: `account-${counters}` };
  const store = new UsageStore(database.document, 'Control');
  const newCharge = (segments = 1, period = PERIOD): Charge => ({
    messageId: `msg_${(messages += 1)}`,
    segments,
    period,
  });
  const count = async (charge: Charge, { at = CREATED_AT, by = store } = {}) =>
    await by.count(counter, charge, { limits, at });
  const marks = async () => {
    const item = (await database.items('Control')).find(({ pk }) => pk === `usage#${counter.account}`);
    return Object.keys(item ?? {}).filter((name) => name.includes('#'));
  };
  return { counter, store, newCharge, count, marks, read: async () => await store.read(counter, PERIOD) };
}

describe('counting', () => {
  test('adds up by day and month', async () => {
    const { count, newCharge, store, counter } = setUp();
    await count(newCharge(2));
    await count(newCharge(3));
    expect(await count(newCharge(1, NEXT_DAY))).toMatchObject({ kind: 'counted', usage: { day: 1, month: 6 } });
    expect(await store.read(counter, PERIOD)).toEqual({ day: 5, month: 6 });
    expect(await store.read(counter, { month: '2026-12', day: '01' })).toEqual({ day: 0, month: 0 });
  });

  test('stops exactly at a limit, and says which', async () => {
    const { count, newCharge, read } = setUp({ perDay: 5, perMonth: 7 });
    await count(newCharge(4));
    expect(await count(newCharge(2))).toEqual({ kind: 'exhausted', window: 'day', used: 4, left: [] });
    expect(await count(newCharge(1))).toMatchObject({ kind: 'counted' });
    expect(await count(newCharge(3, NEXT_DAY))).toEqual({ kind: 'exhausted', window: 'month', used: 5, left: [] });
    expect(await count(newCharge(2, NEXT_DAY))).toMatchObject({ kind: 'counted', usage: { day: 2, month: 7 } });
    expect(await read()).toEqual({ day: 5, month: 7 });
  });

  test('refuses a message that is larger than the limit, before anything was counted', async () => {
    const { count, newCharge, read } = setUp({ perMonth: 2 });
    expect(await count(newCharge(3))).toEqual({ kind: 'exhausted', window: 'month', used: 0, left: [] });
    expect(await read()).toEqual({ day: 0, month: 0 });
  });

  test('of the same message again counts nothing', async () => {
    const { count, newCharge, read } = setUp({ perDay: 3 });
    const charge = newCharge(3);
    await count(charge);
    expect(await count(charge)).toMatchObject({ kind: 'counted' });
    expect(await read()).toEqual({ day: 3, month: 3 });
  });

  test('50 senders at once, each with more than its share, get exactly 1,000 segments through', async () => {
    const { count, newCharge, read } = setUp({ perDay: 1_000 });
    const sizes = [1, 2, 3, 4];
    const sender = async (_: unknown, index: number) => {
      // Each process has a store of its own.
      const by = new UsageStore(database.document, 'Control');
      let through = 0;
      for (let turn = 0; turn < 12; turn += 1) {
        const charge = newCharge(sizes[(index + turn) % sizes.length]);
        if ((await count(charge, { by })).kind === 'counted') through += charge.segments;
      }
      // Whatever is left is filled up one by one.
      while ((await count(newCharge(1), { by })).kind === 'counted') through += 1;
      return through;
    };
    const through = await Promise.all(Array.from({ length: 50 }, sender));
    expect(through.reduce((sum, each) => sum + each)).toBe(1_000);
    expect(await read()).toEqual({ day: 1_000, month: 1_000 });
  }, 60_000);
});

describe('taking back', () => {
  test('what will not be stored is undone once', async () => {
    const { count, newCharge, read, store, counter } = setUp();
    const charge = newCharge(2);
    await count(charge);
    await store.undo(counter, charge);
    await store.undo(counter, charge);
    expect(await read()).toEqual({ day: 0, month: 0 });
  });

  test('what was stored is given back once, until the message says so itself', async () => {
    const { count, newCharge, read, store, counter, marks } = setUp();
    const charge = newCharge(2);
    await count(charge);
    await count(newCharge(5));
    await store.giveBack(counter, charge);
    await store.giveBack(counter, charge);
    expect(await read()).toEqual({ day: 5, month: 5 });
    await store.forgetReturn(counter, charge);
    expect((await marks()).filter((name) => name.startsWith('returned#'))).toEqual([]);
  });
});

describe('the mark of a count', () => {
  test('goes with the next count after its message was stored', async () => {
    const { count, newCharge, store, counter, marks } = setUp();
    const [first, second] = [newCharge(), newCharge()];
    await count(first);
    store.settle(counter, first);
    await count(second);
    expect(await marks()).toEqual([`open#${second.messageId}`]);
  });

  test('stays for another try where the count that should have taken it away was refused', async () => {
    const { count, newCharge, store, counter, marks } = setUp({ perDay: 2 });
    const first = newCharge();
    await count(first);
    store.settle(counter, first);
    await count(newCharge(2));
    expect(await marks()).toEqual([`open#${first.messageId}`]);
    const last = newCharge();
    await count(last);
    expect(await marks()).toEqual([`open#${last.messageId}`]);
  });

  test('is shown to who counts a minute later, and undone only where nobody has renewed it', async () => {
    const { count, newCharge, store, counter, read } = setUp();
    const lost = newCharge(3);
    await count(lost);
    const soon = await count(newCharge(), { at: CREATED_AT + 59_999 });
    expect(soon).toMatchObject({ left: [] });
    const later = await count(newCharge(), { at: CREATED_AT + 60_000 });
    if (later.kind !== 'counted') throw new Error('refused');
    expect(later.left).toMatchObject([lost]);
    const [left] = later.left;
    if (left === undefined) throw new Error('nothing left');
    // The request is run again just now.
    await count(lost, { at: CREATED_AT + 60_001 });
    await store.undo(counter, left);
    expect(await read()).toEqual({ day: 5, month: 5 });
  });
});
