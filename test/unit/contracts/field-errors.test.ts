import { expect, test } from 'vitest';
import * as z from 'zod';
import { fieldErrors } from '../../../shared/contracts/field-errors.ts';

const schema = z.strictObject({
  name: z.string().min(2).max(4),
  count: z.int().min(1).max(9).optional(),
  kind: z.enum(['a', 'b']).optional(),
  list: z.array(z.string()).min(1).max(2).optional(),
  map: z.record(z.string().regex(/^[a-z]+$/, 'must be letters'), z.string()).optional(),
  odd: z
    .int()
    .refine((value) => value % 2 === 1, 'must be odd')
    .optional(),
});

function errorsOf(input: unknown): [string, string, string][] {
  const result = schema.safeParse(input);
  if (result.success) return [];
  return fieldErrors(result.error, input).map(({ pointer, code, detail }) => [pointer, code, detail]);
}

test.each<[unknown, [string, string, string][]]>([
  [{}, [['/name', 'required', 'is required']]],
  [{ name: null }, [['/name', 'wrong_type', 'must be a string, is null']]],
  [{ name: 12 }, [['/name', 'wrong_type', 'must be a string, is a number']]],
  [{ name: ['ab'] }, [['/name', 'wrong_type', 'must be a string, is an array']]],
  [{ name: 'a' }, [['/name', 'too_short', 'must be at least 2 characters']]],
  [{ name: 'abcde' }, [['/name', 'too_long', 'must be at most 4 characters']]],
  [{ name: 'ab', count: 1.5 }, [['/count', 'wrong_type', 'must be a whole number, is a fraction']]],
  [{ name: 'ab', count: 0 }, [['/count', 'out_of_range', 'must be at least 1']]],
  [{ name: 'ab', count: 10 }, [['/count', 'out_of_range', 'must be at most 9']]],
  [{ name: 'ab', kind: 'c' }, [['/kind', 'invalid_value', "must be one of 'a', 'b'"]]],
  [{ name: 'ab', list: [] }, [['/list', 'too_few', 'must be at least 1 items']]],
  [{ name: 'ab', list: ['a', 'b', 'c'] }, [['/list', 'too_many', 'must be at most 2 items']]],
  [{ name: 'ab', list: ['a', 2] }, [['/list/1', 'wrong_type', 'must be a string, is a number']]],
  [{ name: 'ab', map: { A: 'x' } }, [['/map/A', 'invalid_name', 'must be letters']]],
  [{ name: 'ab', map: 'x' }, [['/map', 'wrong_type', 'must be an object, is a string']]],
  [{ name: 'ab', odd: 2 }, [['/odd', 'invalid_value', 'must be odd']]],
  [{ name: 'ab', 'a/b~c': 1 }, [['/a~1b~0c', 'unknown_field', "there is no field 'a/b~c'"]]],
  [[], [['', 'wrong_type', 'must be an object, is an array']]],
  [undefined, [['', 'required', 'is required']]],
])('%j', (input, errors) => {
  expect(errorsOf(input)).toEqual(errors);
});

test('no value is ever repeated', () => {
  const secret = 'Your code is 123456';
  const input = { name: secret, kind: secret, list: secret, map: { [secret]: 1 }, count: secret };
  expect(JSON.stringify(errorsOf(input).map(([, , detail]) => detail))).not.toContain(secret);
});

test('a hostile body does not make a long answer', () => {
  const input = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`${'x'.repeat(5_000)}${index}`, 1]));
  expect(JSON.stringify(errorsOf(input)).length).toBeLessThan(5_000);
});
