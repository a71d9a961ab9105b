import { expect, test } from 'vitest';
import { workOnEach } from '../../../functions/middleware/batch.ts';
import { quietLog } from '../../fixtures/log.ts';

const options = () => ({ idOf: (record: number) => `id-${record}`, log: quietLog() });

test('only the records that failed come again, and each failure is logged with its reason', async () => {
  const { log, ...rest } = options();
  const result = await workOnEach([1, 2, 3, 4], { log, ...rest }, async (record) => {
    if (record % 2 === 0) throw new Error(`cannot do ${record}`);
  });
  expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: 'id-2' }, { itemIdentifier: 'id-4' }] });
  expect(log.lines.map(({ record, error }) => [record, (error as Error).message])).toEqual([
    ['id-2', 'cannot do 2'],
    ['id-4', 'cannot do 4'],
  ]);
});

test('every record is worked on once, ten at a time', async () => {
  const done: number[] = [];
  let running = 0;
  let most = 0;
  const records = Array.from({ length: 35 }, (_, index) => index);
  await workOnEach(records, options(), async (record) => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    done.push(record);
  });
  expect(done.sort((a, b) => a - b)).toEqual(records);
  expect(most).toBe(10);
});

test('one slow record holds up no other', async () => {
  let release = () => {};
  const slow = new Promise<void>((resolve) => {
    release = resolve;
  });
  const done: number[] = [];
  const all = workOnEach([0, 1, 2, 3], options(), async (record) => {
    if (record === 0) await slow;
    done.push(record);
    if (done.length === 3) release();
  });
  await all;
  expect(done).toEqual([1, 2, 3, 0]);
});
