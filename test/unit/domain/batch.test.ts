import { describe, expect, test } from 'vitest';
import { acceptedItems, countStatuses, isBatchId, itemMessageId } from '../../../shared/domain/batch.ts';
import { isMessageId } from '../../../shared/domain/message-id.ts';
import { ulidAfter } from '../../../shared/domain/ulid.ts';

const ID = 'bat_01M82AE4Q5EVH56SJP2SR34MJK';

describe('the messages of a batch', () => {
  test('have ids in a row behind it, the same however often one asks', () => {
    const ids = Array.from({ length: 1_000 }, (_, index) => itemMessageId(ID, index));
    expect(ids[0]).toBe('msg_01M82AE4Q5EVH56SJP2SR34MJM');
    expect(ids.every(isMessageId)).toBe(true);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(1_000);
    expect(itemMessageId(ID, 999)).toBe(ids[999]);
  });

  test('carry over into the characters before', () => {
    expect(ulidAfter('01M82AE4Q5EVH56SJP2SR3ZZZZ', 1)).toBe('01M82AE4Q5EVH56SJP2SR40000');
    expect(ulidAfter('01M82AE4Q5ZZZZZZZZZZZZZZZZ', 2)).toBe('01M82AE4Q60000000000000001');
  });
});

test('accepted items are found from anywhere on, as many as are asked for', () => {
  const batch = { accepted: '0110100' };
  expect(acceptedItems(batch)).toEqual([1, 2, 4]);
  expect(acceptedItems(batch, 2)).toEqual([2, 4]);
  expect(acceptedItems(batch, 0, 2)).toEqual([1, 2]);
  expect(acceptedItems(batch, 5)).toEqual([]);
  expect(acceptedItems(batch, 0, 0)).toEqual([]);
});

test('a batch id is one of ours or none', () => {
  expect(isBatchId(ID)).toBe(true);
  for (const id of ['', 'bat_', ID.replace('bat', 'msg'), `${ID}A`, ID.toLowerCase()])
    expect(isBatchId(id)).toBe(false);
});

test('counters have every status once', () => {
  const statuses = ['scheduled', 'queued', 'sending', 'sent', 'sent', 'delivered', 'failed', 'unknown'] as const;
  const counters = countStatuses([...statuses, 'undelivered', 'expired', 'canceled']);
  expect(counters).toEqual({
    waiting: 1,
    queued: 2,
    sent: 2,
    delivered: 1,
    undelivered: 1,
    failed: 1,
    expired: 1,
    canceled: 1,
    unknown: 1,
  });
});
