import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { averageRate, overRate, worstSecond } from '../../e2e/rate.ts';

const evenly = (count: number, everyMs: number) => Array.from({ length: count }, (_, index) => index * everyMs);

describe('the worst second', () => {
  test('of an even grid is its rate', () => {
    expect(worstSecond(evenly(50, 100))).toBe(10);
    expect(worstSecond(evenly(50, 99.9))).toBe(11);
  });

  test('finds a burst across the border of two seconds', () => {
    expect(worstSecond([...evenly(10, 1).map((at) => at + 990), ...evenly(10, 1).map((at) => at + 1_000)])).toBe(20);
  });

  test('is what counting every window by hand gives', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 }), (moments) => {
        const sorted = moments.sort((a, b) => a - b);
        const windows = sorted.map((end) => sorted.filter((at) => at > end - 1_000 && at <= end).length);
        expect(worstSecond(sorted)).toBe(Math.max(0, ...windows));
      }),
    );
  });
});

describe('a rate', () => {
  test('is kept by an even grid, and by nothing faster', () => {
    expect(overRate(evenly(50, 100), 10)).toEqual([]);
    expect(overRate(evenly(12, 99), 10)).toEqual([
      expect.stringContaining('11 in 990.0 ms, from number 1: 99.0 99.0') as string,
      expect.stringContaining('from number 2') as string,
    ]);
  });

  test('is broken just where the worst second is worse', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 }), (moments) => {
        const sorted = moments.sort((a, b) => a - b);
        expect(overRate(sorted, 10).length > 0).toBe(worstSecond(sorted) > 10);
      }),
    );
  });
});

describe('the average rate', () => {
  test('counts the gaps, not the moments', () => {
    expect(averageRate(evenly(11, 100))).toBe(10);
  });

  test('needs two moments', () => {
    expect(averageRate([5])).toBeUndefined();
    expect(averageRate([5, 5])).toBeUndefined();
  });
});
