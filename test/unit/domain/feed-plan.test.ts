import { describe, expect, test } from 'vitest';
import type { Feeding, SpeedLimit } from '../../../shared/domain/batch.ts';
import { type FeedItem, feedItemOf, planFeed, roomFor } from '../../../shared/domain/feed-plan.ts';
import { CREATED_AT as NOW, queuedMessage } from '../../fixtures/message.ts';

const item = (index: number, state: FeedItem['state'] = 'waiting', segments = 1): FeedItem => ({
  index,
  state,
  segments,
});
const items = (from: number, count: number) => Array.from({ length: count }, (_, place) => item(from + place));
const feeding = (different: Partial<Feeding> = {}): Feeding => ({
  tick: 3,
  pending: [],
  next: 0,
  slotAt: 0,
  ...different,
});

interface Case {
  total?: number;
  pending?: FeedItem[];
  candidates?: FeedItem[];
  speedLimit?: SpeedLimit;
  of?: Partial<Feeding>;
}

function plan({ total = 100, pending = [], candidates = [], speedLimit, of = {} }: Case) {
  const batch = { accepted: '1'.repeat(total), feeding: feeding(of), ...(speedLimit && { speedLimit }) };
  return planFeed({ batch, pending, candidates, segmentsPerSecond: 10, now: NOW });
}

const indexes = ({ feed }: { feed: { index: number }[] }) => feed.map(({ index }) => index);

describe('a batch without a speed limit', () => {
  test('has four seconds of the rate in its lane, and is looked at again when half of it is through', () => {
    const planned = plan({ candidates: items(0, 40) });
    expect(indexes(planned)).toEqual(items(0, 40).map(({ index }) => index));
    expect(planned).toMatchObject({ feeding: { tick: 4, next: 40 }, waitSeconds: 2, done: false });
    expect(planned.feeding.pending).toHaveLength(40);
  });

  test('gets as much as has left its lane meanwhile, whatever its rate is', () => {
    const pending = [
      item(0, 'gone'),
      item(1, 'gone'),
      ...Array.from({ length: 38 }, (_, at) => item(at + 2, 'in_lane')),
    ];
    expect(roomFor(pending, 10)).toBe(2);
    const planned = plan({ pending, candidates: items(40, 5), of: { next: 40 } });
    expect(indexes(planned)).toEqual([40, 41]);
    expect(planned.feeding.pending).not.toContain(0);
    expect(planned.feeding.next).toBe(42);
  });

  test('gets nothing while nothing leaves, and is looked at less often', () => {
    const pending = Array.from({ length: 40 }, (_, at) => item(at, 'in_lane'));
    expect(plan({ pending, candidates: items(40, 5) })).toMatchObject({ feed: [], waitSeconds: 5, done: false });
  });

  test('counts segments: the last message may go over by what it has too many', () => {
    const long = Array.from({ length: 10 }, (_, at) => item(at, 'waiting', 7));
    expect(indexes(plan({ candidates: long }))).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('passes over what was canceled, has expired or was deleted before its turn', () => {
    const planned = plan({ candidates: [item(0, 'gone'), item(1), item(2, 'gone')] });
    expect(indexes(planned)).toEqual([1]);
    expect(planned.feeding).toMatchObject({ next: 3, pending: [1] });
  });

  test('puts in again what a step left behind that broke off, before anything new', () => {
    const planned = plan({ pending: [item(4), item(5, 'in_lane')], candidates: items(6, 1), of: { next: 6 } });
    expect(indexes(planned)).toEqual([4, 6]);
    expect(planned.feeding.pending).toEqual([4, 5, 6]);
  });

  test('is done when the last has left its lane, and not before', () => {
    const of = { next: 3 };
    expect(plan({ total: 3, pending: [item(2, 'in_lane')], of }).done).toBe(false);
    expect(plan({ total: 3, pending: [item(2, 'gone')], of }).done).toBe(true);
    expect(plan({ total: 4, pending: [item(2, 'gone')], of }).done).toBe(false);
  });
});

describe('a speed limit', () => {
  test('spreads what is fed over the seconds in which it may go', () => {
    const planned = plan({ candidates: items(0, 40), speedLimit: { segments: 2, per: 'second' } });
    expect(planned.feed.map(({ delaySeconds }) => delaySeconds)).toEqual([0, 1, 1, 2, 2, 3, 3, 4, 4]);
    expect(planned).toMatchObject({ feeding: { slotAt: NOW + 4_500 }, waitSeconds: 2 });
  });

  test('counts from where the last step came to', () => {
    const of = { slotAt: NOW + 3_000 };
    const planned = plan({ candidates: items(0, 40), speedLimit: { segments: 1, per: 'second' }, of });
    expect(planned.feed).toEqual([
      { index: 0, delaySeconds: 3 },
      { index: 1, delaySeconds: 4 },
    ]);
  });

  test('is not made up for: what was missed while nothing was fed does not come all at once', () => {
    const of = { slotAt: NOW - 3_600_000 };
    const planned = plan({ candidates: items(0, 40), speedLimit: { segments: 1, per: 'second' }, of });
    expect(planned.feed).toHaveLength(5);
  });

  test('of a few a minute lets the feeder sleep in between', () => {
    const planned = plan({ candidates: items(0, 40), speedLimit: { segments: 2, per: 'minute' } });
    expect(planned).toMatchObject({ feed: [{ index: 0, delaySeconds: 0 }], waitSeconds: 26 });
  });
});

describe('what a message is to its feeder', () => {
  test.each([
    [{ status: 'scheduled' }, 'waiting'],
    [{ status: 'queued' }, 'in_lane'],
    [{ status: 'queued', held: true }, 'waiting'],
    [{ status: 'sending' }, 'in_lane'],
    [{ status: 'sent' }, 'gone'],
    [{ status: 'canceled' }, 'gone'],
  ] as const)('%j is %s', (different, state) => {
    expect(feedItemOf(7, queuedMessage({ ...different, segmentCount: 2 }))).toEqual({ index: 7, state, segments: 2 });
  });

  test('one that was deleted is gone', () => {
    expect(feedItemOf(7, undefined)).toEqual({ index: 7, state: 'gone', segments: 0 });
  });
});
