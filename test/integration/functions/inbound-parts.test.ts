import { beforeAll, describe, expect, test } from 'vitest';
import { inboundEventSchema } from '../../../shared/contracts/inbound-event.ts';
import { inboundText } from '../../../shared/encoding/inbound-text.ts';
import { ReceiptStore } from '../../../shared/store/receipts.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { inboundWorld, PARTS_SECONDS } from './inbound-world.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await startDatabase();
});

const BODIES = ['one ', 'two ', 'three'];
const body = (index: number) => ({ index, raw: Buffer.from(BODIES[index - 1] ?? '') });
const LONG_AFTER_MS = (PARTS_SECONDS + 60) * 1_000;

describe('a message in parts', () => {
  test.each([[[1, 2, 3]], [[1, 3, 2]], [[2, 1, 3]], [[2, 3, 1]], [[3, 1, 2]], [[3, 2, 1]]])(
    'that come as %j waits until all are there, and is then whole, with one event',
    async (order) => {
      const { arrived, follow, listed, published, sweep, clock } = inboundWorld(database);
      const [first] = [await arrived(body(order[0] ?? 0))];
      await follow();
      expect(await listed()).toMatchObject({ done: [], waiting: [{ messageId: first.partId, received: 1, total: 3 }] });
      for (const index of order.slice(1)) await arrived(body(index));
      await follow();
      const { done, waiting } = await listed();
      expect(waiting).toEqual([]);
      expect(done).toMatchObject([{ messageId: first.partId, at: first.at, total: 3 }]);
      expect(done.map(inboundText)).toEqual([{ encoding: 'gsm7', text: 'one two three' }]);
      clock.now += LONG_AFTER_MS;
      await sweep();
      await follow();
      expect(published.map(({ type }) => type)).toEqual(['message.received']);
      expect(inboundEventSchema.parse(published[0]?.detail).data).toMatchObject({
        message_id: first.partId,
        from: '+639171234567',
        is_complete: true,
        parts_total: 3,
      });
      expect(JSON.stringify(published)).not.toMatch(/one two/);
    },
  );

  test('is made once, whoever looks at its parts at the same time and however often', async () => {
    const { arrived, apply, rows, follow, listed, published } = inboundWorld(database);
    for (const index of [3, 1, 2]) await arrived(body(index));
    const parts = await rows();
    await Promise.all([apply(parts), apply(parts.toReversed()), apply(parts)]);
    await apply(parts);
    await follow();
    const { done, waiting } = await listed();
    expect(done.map(inboundText)).toEqual([{ encoding: 'gsm7', text: 'one two three' }]);
    expect(waiting).toEqual([]);
    expect(published).toHaveLength(1);
  });

  test('keeps its parts, though the binder writes one again whose answer it did not get', async () => {
    const { account, arrived, follow, listed, clock } = inboundWorld(database);
    await arrived(body(1));
    const again = await arrived(body(2));
    await arrived(body(3));
    await follow();
    await new ReceiptStore(database.document, 'Receipts').putInbound(again);
    // Some phones give every message the same reference.
    clock.now += 60_000;
    for (const index of [3, 1]) await arrived({ index, raw: Buffer.from(`new ${index}`) });
    await follow();
    const { done, waiting } = await listed();
    expect(done.map(inboundText)).toEqual([{ encoding: 'gsm7', text: 'one two three' }]);
    expect(waiting).toMatchObject([{ account, received: 2, total: 3 }]);
  });

  test('is not made again of parts that are repeated', async () => {
    const { arrived, follow, listed, sweep, clock } = inboundWorld(database);
    for (const index of [1, 2, 1, 3, 2, 3]) {
      await arrived(body(index));
      await follow();
    }
    clock.now += LONG_AFTER_MS;
    await sweep();
    await follow();
    expect((await listed()).done).toHaveLength(1);
  });

  test('is whole in the end though it begins like the one before it, from a phone that counts no references', async () => {
    const { arrived, follow, listed, sweep, clock } = inboundWorld(database);
    for (const index of [1, 2, 3]) await arrived(body(index));
    // The operator did not get our answer, and brings one again: that is no part of what comes later.
    await arrived(body(2));
    clock.now += 120_000;
    const second = [body(1), { index: 3, raw: Buffer.from('and out') }, { index: 2, raw: Buffer.from('and ') }];
    for (const part of second) await arrived(part);
    clock.now += 120_000;
    await arrived({ index: 3, raw: Buffer.from('of it all') });
    await follow();
    expect((await listed()).done.map(inboundText)).toEqual([{ encoding: 'gsm7', text: 'one two three' }]);
    clock.now += LONG_AFTER_MS;
    await Promise.all([sweep(), sweep()]);
    await follow();
    const { done, waiting } = await listed();
    expect(waiting).toEqual([]);
    const texts = done.map((message) => inboundText(message).text);
    expect(texts).toEqual(['\ufffdof it all', 'one and and out', 'one two three']);
    expect(new Set(done.flatMap(({ parts }) => parts.map(({ partId }) => partId))).size).toBe(7);
  });

  test('is given as it is when its time is over, and what comes later is another one', async () => {
    const { arrived, follow, listed, published, sweep, clock } = inboundWorld(database);
    await arrived(body(3));
    const { partId } = await arrived(body(1));
    await follow();
    await sweep();
    expect((await listed()).waiting).toHaveLength(1);
    clock.now += LONG_AFTER_MS;
    await Promise.all([sweep(), sweep()]);
    await sweep();
    await follow();
    const { done, waiting } = await listed();
    expect(waiting).toEqual([]);
    expect(done.map(inboundText)).toEqual([{ encoding: 'gsm7', text: 'one \ufffdthree' }]);
    expect(done[0]?.messageId).not.toBe(partId);
    expect(published.map(({ detail }) => inboundEventSchema.parse(detail).data)).toMatchObject([
      { is_complete: false, parts_received: 2, parts_total: 3 },
    ]);
    await arrived(body(2));
    await follow();
    expect(await listed()).toMatchObject({ done: [{ total: 3 }], waiting: [{ received: 1 }] });
  });

  test('that somebody else just gave up takes no part of it for lost', async () => {
    const { arrived, apply, rows, follow, listed, sweep, clock } = inboundWorld(database);
    await arrived(body(1));
    await follow();
    clock.now += LONG_AFTER_MS - 1_000;
    const part = await arrived({ ...body(2), at: clock.now - LONG_AFTER_MS + 2_000 });
    const row = (await rows()).filter(({ partId }) => partId === part.partId);
    await Promise.all([sweep(), apply(row)]);
    await sweep();
    await follow();
    const { done, waiting } = await listed();
    expect(waiting).toEqual([]);
    expect(done.flatMap(({ parts }) => parts.map(({ index }) => index)).toSorted((a, b) => a - b)).toEqual([1, 2]);
  });

  test('is not made of what was erased meanwhile', async () => {
    const { arrived, apply, rows, inbound, listed } = inboundWorld(database);
    for (const index of [1, 2, 3]) await arrived(body(index));
    const parts = await rows();
    for (const part of await inbound.parts({ account: String(parts[0]?.['account']), from: '09171234567' }, 0)) {
      await inbound.deletePart(part);
    }
    await apply(parts);
    expect(await listed()).toEqual({ done: [], waiting: [] });
  });
});
