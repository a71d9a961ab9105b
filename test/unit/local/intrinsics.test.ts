import { describe, expect, test } from 'vitest';
import { NO_VALUE, resolve, type Scope } from '../../../cdk/local/intrinsics.ts';

const VALUES: Record<string, unknown> = {
  'AWS::Region': 'ap-southeast-1',
  'AWS::NoValue': NO_VALUE,
  Queue: 'http://127.0.0.1/000000000000/lane-otp',
};

const scope: Scope = {
  ref: (name) => {
    if (!(name in VALUES)) throw new Error(`nothing named ${name}`);
    return VALUES[name];
  },
  getAtt: (logicalId, attribute) => `${logicalId}/${attribute}`,
  condition: (name) => name === 'Yes',
  mapping: (map, first, second) => `${map}.${first}.${second}`,
};

describe('an intrinsic function', () => {
  test.each([
    ['Ref', { Ref: 'AWS::Region' }, 'ap-southeast-1'],
    ['Fn::GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'Queue/Arn'],
    ['Fn::GetAtt as text, with a nested attribute', { 'Fn::GetAtt': 'Stack.Outputs.Url' }, 'Stack/Outputs.Url'],
    ['Fn::Join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }, 1]] }, 'a-ap-southeast-1-1'],
    ['Fn::Sub', { 'Fn::Sub': '${AWS::Region}/${Queue.Arn}/${!literal}' }, 'ap-southeast-1/Queue/Arn/${literal}'],
    ['Fn::Sub with names of its own', { 'Fn::Sub': ['${x}', { x: { Ref: 'AWS::Region' } }] }, 'ap-southeast-1'],
    ['Fn::If', { 'Fn::If': ['Yes', { Ref: 'AWS::Region' }, { Ref: 'Missing' }] }, 'ap-southeast-1'],
    ['Fn::FindInMap', { 'Fn::FindInMap': ['M', 'a', 'b'] }, 'M.a.b'],
    ['Fn::Base64', { 'Fn::Base64': 'hello' }, 'aGVsbG8='],
    ['a condition', { 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Not': [{ 'Fn::Equals': ['a', 'b'] }] }] }, true],
    ['an alternative', { 'Fn::Or': [{ Condition: 'No' }, { 'Fn::Equals': ['a', 'b'] }] }, false],
  ])('%s', (_, value, expected) => {
    expect(resolve(value, scope)).toEqual(expected);
  });

  test('takes a queue’s name off its URL as the stack does for all lanes at once', () => {
    const base = { 'Fn::Select': [0, { 'Fn::Split': ['lane-otp', { Ref: 'Queue' }] }] };
    expect(resolve({ 'Fn::Join': ['', [base, 'lane-{lane}']] }, scope)).toBe(
      'http://127.0.0.1/000000000000/lane-{lane}',
    );
  });

  test('leaves out what resolves to no value', () => {
    const value = { kept: 1, gone: { Ref: 'AWS::NoValue' }, list: [1, { Ref: 'AWS::NoValue' }] };
    expect(resolve(value, scope)).toEqual({ kept: 1, list: [1] });
  });

  test('is told from an IAM condition, which is an object', () => {
    const statement = { Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    expect(resolve(statement, scope)).toEqual(statement);
  });

  test('that is not known is named', () => {
    expect(() => resolve({ 'Fn::ImportValue': 'x' }, scope)).toThrow('Fn::ImportValue');
  });
});
