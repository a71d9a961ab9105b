import { describe, expect, test } from 'vitest';
import { compile } from '../../../../cdk/local/cloudwatch/expression.ts';

const VALUES: Record<string, number> = { part: 30, whole: 120, none: 0 };
const PERIOD_SECONDS = 300;
const valueOf = (id: string): number | undefined => VALUES[id];

describe('metric math', () => {
  test.each([
    ['1 + 2 * 3', 7],
    ['(1 + 2) * 3', 9],
    ['10 - 4 - 3', 3],
    ['100 * part / whole', 25],
    ['IF(whole >= 20, 100 * part / whole, 0)', 25],
    ['IF(none >= 20, 100 * part / none, 100)', 100],
    ['part < whole', 1],
    ['part == 30.5', 0],
    ['100 * part / PERIOD(part)', 10],
  ])('%s is %s', (expression, expected) => {
    expect(compile(expression).value(valueOf, PERIOD_SECONDS)).toBe(expected);
  });

  test.each(['part / none', 'part + missing', 'IF(missing > 1, 1, 2)', 'missing / PERIOD(missing)'])(
    '%s has no value',
    (expression) => {
      expect(compile(expression).value(valueOf, PERIOD_SECONDS)).toBeUndefined();
    },
  );

  test.each([
    'FILL(part, 0)',
    'SUM([part, whole])',
    'part whole',
    'IF(part, 1)',
    '(part',
    'part %',
    '',
    'PERIOD(1)',
    'PERIOD()',
  ])('%s is refused, not guessed', (expression) => {
    expect(() => compile(expression)).toThrow(/does not know/);
  });
});
