import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SpeedLimit } from '../../shared/domain/batch.ts';
import { AHEAD_MS, type FeedItem, planFeed, roomFor } from '../../shared/domain/feed-plan.ts';

interface Fed {
  at: number;
  segments: number;
}

/** Feeds a batch to its end through a lane that drains as it likes. @returns when what was put into the lane, and the most in it */
function feedAll(sizes: number[], drains: number[], rate: number, speedLimit?: SpeedLimit) {
  const inLane = new Map<number, number>();
  const fed: (Fed & { index: number })[] = [];
  let feeding = { tick: 1, pending: [] as number[], next: 0, slotAt: 0 };
  let [now, most] = [1_000_000, 0];
  for (let step = 0; step < 5_000; step += 1) {
    const itemOf = (index: number): FeedItem => {
      const segments = sizes[index] ?? 0;
      if (inLane.has(index)) return { index, state: 'in_lane', segments };
      return { index, state: fed.some((one) => one.index === index) ? 'gone' : 'waiting', segments };
    };
    const pending = feeding.pending.map(itemOf);
    const room = Math.max(0, roomFor(pending, rate));
    const candidates = sizes.map((_, index) => itemOf(index)).slice(feeding.next, feeding.next + room);
    const batch = { accepted: '1'.repeat(sizes.length), feeding, ...(speedLimit && { speedLimit }) };
    const plan = planFeed({ batch, pending, candidates, segmentsPerSecond: rate, now });
    if (plan.done) return { fed, most };
    for (const { index, delaySeconds } of plan.feed) {
      inLane.set(index, sizes[index] ?? 0);
      fed.push({ index, at: now + delaySeconds * 1000, segments: sizes[index] ?? 0 });
    }
    most = Math.max(
      most,
      [...inLane.values()].reduce((sum, segments) => sum + segments, 0),
    );
    now += plan.waitSeconds * 1000;
    for (const index of [...inLane.keys()].slice(0, drains[step % drains.length])) inLane.delete(index);
    feeding = plan.feeding;
  }
  throw new Error('it never came to its end');
}

const batch = fc.array(fc.integer({ min: 1, max: 8 }), { minLength: 1, maxLength: 60 });
const drains = fc
  .array(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 6 })
  .filter((some) => some.some(Boolean));
const rate = fc.integer({ min: 1, max: 30 });

test('every item goes once, in order, and never more than a few seconds of the rate are in the lane', () => {
  fc.assert(
    fc.property(batch, drains, rate, (sizes, drain, perSecond) => {
      const { fed, most } = feedAll(sizes, drain, perSecond);
      expect(fed.map(({ index }) => index)).toEqual(sizes.map((_, index) => index));
      expect(most).toBeLessThan(Math.max(1, (perSecond * AHEAD_MS) / 1000) + 8);
    }),
    { numRuns: 60 },
  );
});

test('in no stretch of time does more go than the speed limit allows, but for one message and the second it falls into', () => {
  const limit = fc.record({ segments: fc.integer({ min: 1, max: 40 }), per: fc.constantFrom('second', 'minute') });
  fc.assert(
    fc.property(batch, drains, limit, (sizes, drain, speedLimit) => {
      const { fed } = feedAll(sizes, drain, 1_000, speedLimit);
      const perMs = speedLimit.segments / (speedLimit.per === 'second' ? 1_000 : 60_000);
      for (const [first, { at: from }] of fed.entries()) {
        let segments = 0;
        for (const one of fed.slice(first)) {
          segments += one.segments;
          expect(segments).toBeLessThanOrEqual((one.at - from + 1_000) * perMs + one.segments + 1e-6);
        }
      }
    }),
    { numRuns: 60 },
  );
});
