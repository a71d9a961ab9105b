import { expect, test } from 'vitest';
import { countedQueue } from '../../../binder/metrics/counted-queue.ts';
import { POISON_REASONS } from '../../../binder/outbound/poison.ts';
import { BINDER_METRICS } from '../../../shared/config/binder-metrics.ts';

function counted(parks: boolean) {
  const counts: string[] = [];
  const calls: string[] = [];
  const queue = countedQueue(
    {
      remove: async () => void calls.push('remove'),
      giveBack: async (_item, delaySeconds) => void calls.push(`giveBack ${delaySeconds}`),
      extend: async () => calls.push('extend') > 0,
      park: async () => calls.push('park') > 0 && parks,
    },
    (name) => counts.push(name),
  );
  return { queue, counts, calls };
}

const item = { lane: 'otp' as const, messageId: 'msg_1', body: '', receiptHandle: 'h', receives: 1, hiddenSince: 0 };

test.each(POISON_REASONS)('a queue message that was moved away because of %s counts by that reason', async (reason) => {
  const { queue, counts } = counted(true);

  expect(await queue.park(item, { reason, detail: '' })).toBe(true);

  expect(counts).toHaveLength(1);
  expect(counts[0]).not.toBe('DeadLetteredOther');
  expect(BINDER_METRICS).toHaveProperty(counts[0] ?? '');
});

test('one that could not be moved does not count', async () => {
  const { queue, counts } = counted(false);

  expect(await queue.park(item, { reason: 'unreadable', detail: '' })).toBe(false);

  expect(counts).toEqual([]);
});

test('everything else is as it was', async () => {
  const { queue, counts, calls } = counted(true);

  await queue.remove(item);
  await queue.giveBack(item, 7);
  expect(await queue.extend(item)).toBe(true);

  expect(calls).toEqual(['remove', 'giveBack 7', 'extend']);
  expect(counts).toEqual([]);
});
