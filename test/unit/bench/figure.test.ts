import { describe, expect, test } from 'vitest';
import { type Figure, goalInWords, inWords, isMet } from '../../bench/figure.ts';

const figure = (measured: number, goal?: Figure['goal']): Figure => ({
  what: 'of the rate',
  unit: '%',
  measured,
  ...(goal === undefined ? {} : { goal }),
});

describe('a goal', () => {
  test.each([
    [99.5, { atLeast: 99.5 }, true],
    [99.49, { atLeast: 99.5 }, false],
    [10, { atMost: 10 }, true],
    [11, { atMost: 10 }, false],
    [1_499, { below: 1_500 }, true],
    [1_500, { below: 1_500 }, false],
  ])('%d for %j: %s', (measured, goal, met) => {
    expect(isMet(figure(measured, goal))).toBe(met);
  });

  test('that is not there is neither met nor missed', () => {
    expect(isMet(figure(1))).toBeUndefined();
  });

  test('of a number that could not be measured is missed', () => {
    expect(isMet(figure(Number.NaN, { below: 1_500 }))).toBe(false);
    expect(isMet(figure(Number.NaN, { atLeast: 1 }))).toBe(false);
  });
});

describe('in words', () => {
  test('a share shows what lies between it and its goal', () => {
    expect([inWords(99.46, '%'), inWords(99.504, '%')]).toEqual(['99.46 %', '99.5 %']);
  });

  test('other numbers have three digits that count, or all that stand before the point', () => {
    expect([inWords(1.234, 'ms'), inWords(12.34, 'ms'), inWords(12_345.6, '/s'), inWords(10, 'submits')]).toEqual([
      '1.23 ms',
      '12.3 ms',
      '12,346 /s',
      '10',
    ]);
  });

  test('a goal says from which side', () => {
    expect([
      goalInWords({ atLeast: 99.5 }, '%'),
      goalInWords({ atMost: 10 }, 'submits'),
      goalInWords({ below: 1_500 }, 'ms'),
    ]).toEqual(['≥ 99.5 %', '≤ 10', '< 1,500 ms']);
  });
});
