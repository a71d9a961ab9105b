import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Arrival, averageRate, overRate, worstSecond } from '../../e2e/rate.ts';

const exactly = (moments: readonly number[]): Arrival[] =>
  moments.map((moment) => ({ notBeforeMs: moment, notAfterMs: moment }));
const evenly = (count: number, everyMs: number) => Array.from({ length: count }, (_, index) => index * everyMs);

const someMoments = fc
  .array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 })
  .map((moments) => moments.sort((a, b) => a - b));

describe('the worst second', () => {
  test('of an even grid is its rate', () => {
    expect(worstSecond(exactly(evenly(50, 100)))).toBe(10);
    expect(worstSecond(exactly(evenly(50, 99.9)))).toBe(11);
  });

  test('finds a burst across the border of two seconds', () => {
    const burst = evenly(10, 1);
    expect(worstSecond(exactly([...burst.map((at) => at + 990), ...burst.map((at) => at + 1_000)]))).toBe(20);
  });

  test('is what counting every window by hand gives', () => {
    fc.assert(
      fc.property(someMoments, (moments) => {
        const windows = moments.map((end) => moments.filter((at) => at > end - 1_000 && at <= end).length);
        expect(worstSecond(exactly(moments))).toBe(Math.max(0, ...windows));
      }),
    );
  });
});

describe('a rate', () => {
  test('is kept by an even grid, and by nothing faster', () => {
    expect(overRate(exactly(evenly(50, 100)), 10)).toEqual([]);
    expect(overRate(exactly(evenly(12, 99)), 10)).toEqual([
      expect.stringContaining('11 in 990.0 ms at most, from number 1: 99.0 99.0') as string,
      expect.stringContaining('from number 2') as string,
    ]);
  });

  test('is broken just where the worst second is worse', () => {
    fc.assert(
      fc.property(someMoments, (moments) => {
        const arrivals = exactly(moments);
        expect(overRate(arrivals, 10).length > 0).toBe(worstSecond(arrivals) > 10);
      }),
    );
  });

  test('is not called broken for an arrival that was noticed late', () => {
    const [late, ...others] = exactly(evenly(11, 100));
    const noticedLate = { ...late!, notAfterMs: 50 };
    expect(overRate([noticedLate, ...others], 10)).toEqual([]);
    expect(overRate([{ notBeforeMs: 50, notAfterMs: 50 }, ...others], 10)).toHaveLength(1);
  });
});

describe('the average rate', () => {
  test('counts the gaps, not the moments', () => {
    expect(averageRate(exactly(evenly(11, 100)))).toBe(10);
  });

  test('needs two moments', () => {
    expect(averageRate(exactly([5]))).toBeUndefined();
    expect(averageRate(exactly([5, 5]))).toBeUndefined();
  });
});
