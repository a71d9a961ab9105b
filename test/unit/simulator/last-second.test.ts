import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LastSecond } from '../../../binder/simulator/last-second.ts';

describe('counting the last second', () => {
  test('a moment leaves the window exactly one second later', () => {
    const last = new LastSecond();
    last.add(5);
    expect(last.count(1004.999)).toBe(1);
    expect(last.count(1005)).toBe(0);
  });

  test('a long run is counted as exactly as a short one', () => {
    const last = new LastSecond();
    const counts = Array.from({ length: 8000 }, (_, moment) => {
      last.add(moment);
      return last.count(moment);
    });
    expect(counts.slice(0, 3)).toEqual([1, 2, 3]);
    expect(new Set(counts.slice(1000))).toEqual(new Set([1000]));
  });

  test('it counts as one would by hand', () => {
    const gaps = fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { maxLength: 400 });
    fc.assert(
      fc.property(gaps, (gaps) => {
        const last = new LastSecond();
        const moments: number[] = [];
        let now = 0;
        for (const gap of [...gaps, ...gaps, ...gaps, ...gaps]) {
          now += gap;
          moments.push(now);
          last.add(now);
          expect(last.count(now)).toBe(moments.filter((moment) => moment > now - 1000).length);
        }
      }),
      { numRuns: 30 },
    );
  });
});
