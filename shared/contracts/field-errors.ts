import type * as z from 'zod';
import type { FieldCode } from './error-codes.ts';
import type { FieldError } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** More would help nobody and let a hostile body grow the answer. */
const MOST_ERRORS = 20;
/** Zod's words that JSON does not have. */
const EXPECTED = new Map<string, string>([
  ['int', 'whole number'],
  ['record', 'object'],
]);
/** A name that a caller made up is repeated only so far. */
const MOST_NAME_CHARACTERS = 64;

/** Everything that a schema found wrong with `input`, in the words of the API. Repeats names and limits, never a value. */
export function fieldErrors(error: z.ZodError, input: unknown): FieldError[] {
  const errors = new Map<string, FieldError>();
  for (const issue of error.issues) {
    // The first of a field says it; what follows is of a value that has the wrong type already.
    for (const found of describe(issue, input)) if (!errors.has(found.pointer)) errors.set(found.pointer, found);
  }
  return [...errors.values()].slice(0, MOST_ERRORS);
}

function describe(issue: Issue, input: unknown): FieldError[] {
  const at = (code: FieldCode, detail: string): FieldError[] => [{ pointer: pointerOf(issue.path), code, detail }];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        pointer: pointerOf([...issue.path, key.slice(0, MOST_NAME_CHARACTERS)]),
        code: 'unknown_field',
        detail: `there is no field '${key.slice(0, MOST_NAME_CHARACTERS)}'`,
      }));
    case 'invalid_type': {
      const given = typeOf(valueAt(input, issue.path));
      if (given === 'undefined') return at('required', 'is required');
      const expected = EXPECTED.get(issue.expected) ?? issue.expected;
      return at('wrong_type', `must be ${article(expected)}${given === expected ? '' : `, is ${article(given)}`}`);
    }
    case 'too_small':
      return at(sizeCode(issue.origin, 'small'), `must be at least ${issue.minimum}${unitOf(issue.origin)}`);
    case 'too_big':
      return at(sizeCode(issue.origin, 'big'), `must be at most ${issue.maximum}${unitOf(issue.origin)}`);
    case 'invalid_value':
      return at('invalid_value', `must be one of ${issue.values.map((value) => `'${String(value)}'`).join(', ')}`);
    case 'invalid_key':
      return [
        {
          pointer: pointerOf(issue.path.map((part) => String(part).slice(0, MOST_NAME_CHARACTERS))),
          code: 'invalid_name',
          detail: issue.issues[0]?.message ?? issue.message,
        },
      ];
    case 'custom':
      return at((issue.params?.['code'] as FieldCode | undefined) ?? 'invalid_value', issue.message);
    case 'invalid_format':
    case 'invalid_union':
    case 'invalid_element':
    case 'not_multiple_of':
      return at('invalid_value', issue.message);
  }
}

function sizeCode(origin: string, side: 'small' | 'big'): FieldCode {
  if (origin === 'string') return side === 'small' ? 'too_short' : 'too_long';
  if (origin === 'array' || origin === 'set') return side === 'small' ? 'too_few' : 'too_many';
  return 'out_of_range';
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' || origin === 'set' ? ' items' : '';
}

function article(type: string): string {
  if (type === 'null') return type;
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value === 'number' && !Number.isInteger(value) ? 'fraction' : typeof value;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (typeof value === 'object' && value !== null ? Reflect.get(value, part) : undefined),
    input,
  );
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
