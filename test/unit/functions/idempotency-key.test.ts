import { describe, expect, test } from 'vitest';
import { parseIdempotencyKey } from '../../../functions/middleware/idempotency-key.ts';

describe('an Idempotency-Key', () => {
  test.each([
    ['bare', 'order-17', 'order-17'],
    ['in quotes', '"order-17"', 'order-17'],
    ['with blanks around it', '  order-17 ', 'order-17'],
    ['with a blank inside', 'order 17', 'order 17'],
    ['with an escaped quote', '"a\\"b\\\\c"', 'a"b\\c'],
    ['bare with a quote inside', 'a"b', 'a"b'],
    ['of 255 characters', 'k'.repeat(255), 'k'.repeat(255)],
    ['of 255 characters in quotes', `"${'k'.repeat(255)}"`, 'k'.repeat(255)],
  ])('%s is taken', (_name, header, key) => {
    expect(parseIdempotencyKey(header)).toBe(key);
  });

  test.each([
    ['nothing', ''],
    ['blanks', '   '],
    ['empty quotes', '""'],
    ['an open quote', '"order'],
    ['something behind the quotes', '"order"; a=1'],
    ['a quote that is not escaped', '"a"b"'],
    ['256 characters', 'k'.repeat(256)],
    ['a character outside ASCII', 'ñ'],
    ['a control character', 'a\tb'],
  ])('of %s is refused', (_name, header) => {
    expect(parseIdempotencyKey(header)).toBeUndefined();
  });
});
