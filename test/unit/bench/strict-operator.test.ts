import { describe, expect, test } from 'vitest';
import { refusedPercent, utilisation } from '../../bench/stage/strict-operator.ts';
import type { Arrival } from '../../e2e/rate.ts';

const at = (ms: number, doubtMs = 0): Arrival => ({ notBeforeMs: ms - doubtMs, notAfterMs: ms });
const every = (gapMs: number, count: number, doubtMs = 0) =>
  Array.from({ length: count }, (_, n) => at(n * gapMs, doubtMs));

describe('an operator of ten in any 1.000 s', () => {
  test('takes everything at exactly ten a second, which is all of its rate', () => {
    expect(refusedPercent(every(100, 101), 10)).toBe(0);
    expect(utilisation(every(100, 101), 10)).toBeCloseTo(100);
  });

  test('refuses the eleventh, and does not count it against the next one', () => {
    const eleven = [...every(90, 11), at(1_000)];
    expect(refusedPercent(eleven, 10)).toBeCloseTo(100 / 12);
  });

  test('refuses whoever is faster what is too much, so that nothing is gained', () => {
    const faster = every(99, 1_001);
    expect(refusedPercent(faster, 10)).toBeGreaterThan(0.9);
    expect(utilisation(faster, 10)).toBeLessThan(100.1);
  });

  test('gives the client the benefit of a doubt about when something came', () => {
    expect(refusedPercent(every(99, 101, 15), 10)).toBe(0);
    expect(refusedPercent(every(99, 101, 5), 10)).toBeGreaterThan(0);
  });

  test('took less of its rate from whoever is slower', () => {
    expect(utilisation(every(200, 101), 10)).toBeCloseTo(50);
  });
});
