import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNewest, MemoryLatestStore, type Ordered, Sequencer, subjectOf } from '../../../docs/consumer/order.ts';

const event = (subject: string, sequence: number): Ordered => ({ event_id: `evt_${subject}_${sequence}`, sequence });

test('the subject of an event is what its id has before its number', () => {
  expect(subjectOf(event('01ABC', 12))).toBe('evt_01ABC');
  // An event that stands by itself has a time in its id, and the number 1.
  expect(subjectOf({ event_id: 'evt_X_1795343200000', sequence: 1 })).toBe('evt_X_1795343200000');
});

describe('dropping what is older', () => {
  test('leaves the newest of each subject, and lets a repeat of it through', async () => {
    const store = new MemoryLatestStore();
    const newest = async (subject: string, sequence: number) => await isNewest(event(subject, sequence), store);
    expect(await newest('a', 1)).toBe(true);
    expect(await newest('a', 3)).toBe(true);
    expect(await newest('a', 2)).toBe(false);
    expect(await newest('a', 3)).toBe(true);
    expect(await newest('b', 1)).toBe(true);
  });
});

describe('holding back what comes too early', () => {
  test('whatever the order, and however often each comes, every subject is in order and complete', () => {
    const arrivals = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 }).chain((lengths) => {
      const all = lengths.flatMap((length, subject) =>
        Array.from({ length }, (_, index) => event(String(subject), index + 1)),
      );
      return fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }).map((order) => ({ all, order }));
    });
    fc.assert(
      fc.property(arrivals, ({ all, order }) => {
        const sequencer = new Sequencer<Ordered>((each) => each);
        const out = order.flatMap((each) => sequencer.push(each, 0));
        expect(out).toHaveLength(all.length);
        for (const subject of new Set(out.map(subjectOf))) {
          const own = out.filter((each) => subjectOf(each) === subject).map(({ sequence }) => sequence);
          expect(own).toEqual(own.map((_, index) => index + 1));
        }
      }),
    );
  });

  test('an event that does not come is waited for as long as is asked, and not longer', () => {
    const sequencer = new Sequencer<Ordered>((each) => each);
    const numbers = (events: Ordered[]) => events.map(({ sequence }) => sequence);
    expect(numbers(sequencer.push(event('a', 1), 0))).toEqual([1]);
    expect(sequencer.push(event('a', 3), 1_000)).toEqual([]);
    expect(sequencer.push(event('a', 4), 2_000)).toEqual([]);
    expect(sequencer.push(event('a', 6), 9_000)).toEqual([]);
    expect(sequencer.overdue(5_000, 5_000)).toEqual([]);
    expect(numbers(sequencer.overdue(6_000, 5_000))).toEqual([3, 4]);
    // It comes after all: what is behind it was handed out, and order is what was asked for.
    expect(sequencer.push(event('a', 2), 7_000)).toEqual([]);
    expect(numbers(sequencer.push(event('a', 5), 9_500))).toEqual([5, 6]);
  });

  test('so many subjects are remembered, those that were heard of last; what is held back is never forgotten', () => {
    const sequencer = new Sequencer<Ordered>((each) => each, { most: 2 });
    const ids = (events: Ordered[]) => events.map(({ event_id: id }) => id);
    expect(sequencer.push(event('held', 2), 0)).toEqual([]);
    for (const subject of ['a', 'b']) sequencer.push(event(subject, 1), 0);
    // Heard of again, so that the other one is the older.
    expect(sequencer.push(event('a', 1), 0)).toEqual([]);
    sequencer.push(event('c', 1), 0);
    expect(['a', 'c', 'b'].flatMap((subject) => ids(sequencer.push(event(subject, 1), 0)))).toEqual(['evt_b_1']);
    expect(ids(sequencer.push(event('held', 1), 0))).toEqual(['evt_held_1', 'evt_held_2']);
  });

  test('a repeat of what is forgotten is handed out once more, when it is overdue', () => {
    const sequencer = new Sequencer<Ordered>((each) => each, { most: 1 });
    const all = [event('a', 1), event('a', 2), event('b', 1)];
    expect(all.flatMap((each) => sequencer.push(each, 0))).toEqual(all);
    expect(sequencer.push(event('a', 2), 0)).toEqual([]);
    expect(sequencer.overdue(5_000, 5_000)).toEqual([event('a', 2)]);
    expect(sequencer.overdue(5_000, 5_000)).toEqual([]);
  });
});
