import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { WaitHistogram } from '../../../binder/metrics/wait-histogram.ts';

function histogramOf(waitsMs: readonly number[]): WaitHistogram {
  const histogram = new WaitHistogram();
  for (const waitMs of waitsMs) histogram.add(waitMs);
  return histogram;
}

test('of a hundred waits half are over in the fiftieth and 99 % in the ninety-ninth, to within 2 %', () => {
  const histogram = histogramOf(Array.from({ length: 100 }, (_, i) => (i + 1) * 100));

  expect(histogram.quantile(0.5)).toBeGreaterThanOrEqual(5_000);
  expect(histogram.quantile(0.5)).toBeLessThanOrEqual(5_100);
  expect(histogram.quantile(0.99)).toBeGreaterThanOrEqual(9_900);
  expect(histogram.quantile(0.99)).toBeLessThanOrEqual(10_098);
});

test('any share of any waits, from none to a month, is known to within 2 % and a millisecond', () => {
  const month = 30 * 86_400_000;
  const waits = fc.array(fc.oneof(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: month })), {
    minLength: 1,
  });
  fc.assert(
    fc.property(waits, fc.double({ min: 0, max: 1, noNaN: true }), (waitsMs, share) => {
      const sorted = waitsMs.toSorted((a, b) => a - b);
      const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? 0;
      const found = histogramOf(waitsMs).quantile(share) ?? Number.NaN;

      expect(found).toBeGreaterThanOrEqual(Math.floor(exact));
      expect(found).toBeLessThanOrEqual(exact * 1.02 + 1);
    }),
  );
});

test('of no waits nothing is known, and after clearing neither', () => {
  const histogram = histogramOf([]);
  expect(histogram.quantile(0.5)).toBeUndefined();

  histogram.add(10);
  histogram.clear();

  expect(histogram.quantile(0.99)).toBeUndefined();
});

test('a clock that was set back makes a wait of nothing, not a fault', () => {
  expect(histogramOf([-5_000]).quantile(0.5)).toBe(1);
});
