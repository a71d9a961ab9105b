import { describe, expect, test } from 'vitest';
import { compileFilterCriteria, compilePattern, PatternError } from '../../../../../cdk/local/aws/patterns.ts';

describe('An event pattern', () => {
  test.each<[title: string, pattern: object, matching: object[], others: object[]]>([
    [
      'exact values, any of them',
      { a: ['x', 1, null, true, ''] },
      [{ a: 'x' }, { a: 1 }, { a: null }, { a: true }, { a: '' }],
      [{ a: 'y' }, { a: '1' }, {}],
    ],
    ['every field', { a: ['x'], b: ['y'] }, [{ a: 'x', b: 'y', c: 1 }], [{ a: 'x' }, { a: 'x', b: 'z' }]],
    ['nested fields', { d: { e: { f: ['x'] } } }, [{ d: { e: { f: 'x' } } }], [{ d: { e: 'x' } }, { d: null }, {}]],
    ['any element of an array', { a: ['x'] }, [{ a: ['y', 'x'] }], [{ a: ['y'] }, { a: [] }]],
    [
      'any object of an array',
      { a: { b: ['x'] } },
      [{ a: [{ b: 'y' }, { b: 'x' }] }],
      [{ a: [{ b: 'y' }] }, { a: [] }],
    ],
    ['prefix', { a: [{ prefix: 'msg_' }] }, [{ a: 'msg_1' }], [{ a: 'x' }, { a: 1 }, {}]],
    ['prefix in any case', { a: [{ prefix: { 'equals-ignore-case': 'MSG' } }] }, [{ a: 'msg_1' }], [{ a: 'xmsg' }]],
    ['suffix', { a: [{ suffix: '.ed' }] }, [{ a: 'x.ed' }], [{ a: 'x.ed2' }, { a: 'xed' }]],
    ['suffix in any case', { a: [{ suffix: { 'equals-ignore-case': 'ED' } }] }, [{ a: 'failed' }], [{ a: 'edx' }]],
    ['equals-ignore-case', { a: [{ 'equals-ignore-case': 'AbC' }] }, [{ a: 'aBc' }], [{ a: 'abcd' }]],
    [
      'wildcard',
      { a: [{ wildcard: 'message.*ed' }] },
      [{ a: 'message.delivered' }],
      [{ a: 'message.ed2' }, { a: 'messagexed' }],
    ],
    ['wildcard alone', { a: [{ wildcard: '*' }] }, [{ a: '' }, { a: 'a\nb' }], [{ a: 1 }, {}]],
    [
      'anything-but a value',
      { a: [{ 'anything-but': 'x' }] },
      [{ a: 'y' }, { a: 1 }, { a: ['x', 'y'] }],
      [{ a: 'x' }, { a: ['x'] }, {}],
    ],
    ['anything-but values', { a: [{ 'anything-but': ['x', 2] }] }, [{ a: 'y' }, { a: 1 }], [{ a: 'x' }, { a: 2 }]],
    [
      'anything-but a prefix',
      { a: [{ 'anything-but': { prefix: ['x', 'y'] } }] },
      [{ a: 'z' }],
      [{ a: 'xz' }, { a: 'yz' }, {}],
    ],
    ['anything-but a wildcard', { a: [{ 'anything-but': { wildcard: '*x' } }] }, [{ a: 'xy' }], [{ a: 'yx' }]],
    ['numeric', { a: [{ numeric: ['>', 0, '<=', 5] }] }, [{ a: 0.5 }, { a: 5 }], [{ a: 0 }, { a: 6 }, { a: '3' }, {}]],
    ['numeric equal', { a: [{ numeric: ['=', 3] }] }, [{ a: 3.0 }], [{ a: 4 }]],
    ['exists', { a: [{ exists: true }] }, [{ a: null }, { a: '' }, { a: [1] }], [{}, { a: { b: 1 } }, { a: [] }]],
    ['exists not', { a: { b: [{ exists: false }] } }, [{}, { a: {} }, { a: { c: 1 } }], [{ a: { b: 1 } }]],
    ['one of several rules', { a: [{ prefix: 'x' }, { exists: false }, 7] }, [{ a: 'xy' }, {}, { a: 7 }], [{ a: 'y' }]],
    [
      '$or beside other fields',
      { s: ['x'], $or: [{ a: ['1'] }, { b: ['2'] }] },
      [
        { s: 'x', a: '1' },
        { s: 'x', b: '2' },
      ],
      [{ s: 'x' }, { a: '1' }],
    ],
    [
      'a stream record',
      { eventName: ['MODIFY'], dynamodb: { NewImage: { state: { S: [{ 'anything-but': ['sending'] }] } } } },
      [{ eventName: 'MODIFY', dynamodb: { NewImage: { state: { S: 'sent' } } } }],
      [
        { eventName: 'INSERT', dynamodb: { NewImage: { state: { S: 'sent' } } } },
        { eventName: 'MODIFY', dynamodb: { NewImage: { state: { S: 'sending' } } } },
      ],
    ],
  ])('matches %s', (_title, pattern, matching, others) => {
    const matches = compilePattern(pattern);
    for (const event of matching) expect.soft(matches(event), JSON.stringify(event)).toBe(true);
    for (const event of others) expect.soft(matches(event), JSON.stringify(event)).toBe(false);
  });

  test.each([
    [{}, 'Empty pattern at $'],
    [{ a: 'x' }, 'Values must stand in an array at $.a'],
    [{ a: [] }, 'Empty array at $.a'],
    [{ a: { b: {} } }, 'Empty pattern at $.a.b'],
    [{ a: [{ cidr: '10.0.0.0/8' }] }, 'Operator "cidr" is not supported by the local stack, at $.a'],
    [{ a: [{ prefix: 'x', suffix: 'y' }] }, 'One operator an object at $.a'],
    [{ a: [{ numeric: ['>', '5'] }] }, 'numeric has a wrong comparison at $.a'],
    [{ a: [{ numeric: ['~', 5] }] }, 'numeric has a wrong comparison at $.a'],
    [{ a: [{ exists: 'yes' }] }, 'exists takes true or false at $.a'],
    [{ a: [{ 'anything-but': [] }] }, 'anything-but takes strings or numbers at $.a'],
    [{ a: [{ 'anything-but': { cidr: 'x' } }] }, 'Operator "cidr" is not supported by the local stack, at $.a'],
    [{ a: [{ wildcard: 5 }] }, '"wildcard" takes a string at $.a'],
    [{ a: [['x']] }, 'Array within an array at $.a'],
    [{ $or: [{ a: ['x'] }] }, '$or needs at least two patterns at $.$or'],
  ])('is refused when it is wrong: %j', (pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(new PatternError(message));
  });
});

describe('Filter criteria', () => {
  test('let pass what any filter matches', () => {
    const matches = compileFilterCriteria({ Filters: [{ Pattern: '{"a":["x"]}' }, { Pattern: '{"b":["y"]}' }] });
    expect([{ a: 'x' }, { b: 'y' }, { a: 'y' }].map(matches)).toEqual([true, true, false]);
  });

  test('let everything pass when there are none', () => {
    expect(compileFilterCriteria(undefined)({})).toBe(true);
    expect(compileFilterCriteria({ Filters: [] })({})).toBe(true);
  });

  test('are refused when they are not JSON', () => {
    expect(() => compileFilterCriteria({ Filters: [{ Pattern: '{a}' }] })).toThrow('A filter pattern is not JSON: {a}');
  });
});
