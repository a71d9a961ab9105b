import { describe, expect, test } from 'vitest';
import { compileCondition, type RequestContext } from '../../../../cdk/local/iam/conditions.ts';

const KEY = 'aws:SourceArn';
const RULE = 'arn:aws:events:r:a:rule/minute';
const context = (...values: string[]): RequestContext => (values.length === 0 ? {} : { 'aws:sourcearn': values });

/** "IAM JSON policy elements: Condition operators" and "Multivalued context keys" of the IAM User Guide. */
describe('a condition', () => {
  test.each<[string, unknown, RequestContext, boolean]>([
    ['StringEquals', 'a', context('a'), true],
    ['StringEquals', 'a', context('A'), false],
    ['StringEquals', ['b', 'a'], context('a'), true],
    ['StringEquals', 'a', context(), false],
    ['StringEqualsIfExists', 'a', context(), true],
    ['StringEqualsIfExists', 'a', context('b'), false],
    ['StringEqualsIgnoreCase', 'a', context('A'), true],
    ['StringNotEquals', 'a', context('b'), true],
    ['StringNotEquals', ['a', 'b'], context('b'), false],
    ['StringNotEquals', 'a', context(), true],
    ['StringLike', 'a*', context('abc'), true],
    ['StringLike', 'a?', context('abc'), false],
    ['StringNotLike', 'a*', context('abc'), false],
    ['ArnEquals', RULE, context(RULE), true],
    ['ArnLike', 'arn:aws:events:*:*:rule/m*', context(RULE), true],
    ['ArnLike', 'arn:aws:events:*:*:rule/x*', context(RULE), false],
    ['ArnNotLike', 'arn:aws:events:*:*:rule/x*', context(RULE), true],
    ['Bool', true, context('true'), true],
    ['Bool', 'false', context('true'), false],
    ['Null', 'true', context(), true],
    ['Null', 'true', context('a'), false],
    ['Null', 'false', context('a'), true],
    ['ForAllValues:StringEquals', ['a', 'b'], context('a', 'b'), true],
    ['ForAllValues:StringEquals', ['a'], context('a', 'b'), false],
    ['ForAllValues:StringEquals', ['a'], context(), true],
    ['ForAnyValue:StringEquals', ['a'], context('a', 'b'), true],
    ['ForAnyValue:StringEquals', ['a'], context('c', 'b'), false],
    ['ForAnyValue:StringEquals', ['a'], context(), false],
    ['ForAnyValue:StringEqualsIfExists', ['a'], context(), true],
    ['ForAnyValue:StringEqualsIfExists', ['a'], context('b'), false],
    ['ForAnyValue:StringNotEquals', ['a'], context(), false],
  ])('%s %j holds for %j: %s', (operator, expected, given, holds) => {
    expect(compileCondition({ [operator]: { [KEY]: expected } })(given)).toBe(holds);
  });

  test('holds only when all its operators and all its keys hold', () => {
    const both = compileCondition({
      StringEquals: { [KEY]: 'a', 'aws:SourceAccount': '1' },
      Bool: { 'aws:SecureTransport': 'true' },
    });
    const all = { 'aws:sourcearn': ['a'], 'aws:sourceaccount': ['1'], 'aws:securetransport': ['true'] };
    expect(both(all)).toBe(true);
    for (const key of Object.keys(all)) expect(both({ ...all, [key]: ['other'] }), key).toBe(false);
  });

  test('that a statement does not have holds', () => {
    expect(compileCondition(undefined)({})).toBe(true);
  });
});
