import { describe, expect, test } from 'vitest';
import { allow, document, policies, QUEUE, SEND, type Statement } from './written-policies.ts';

describe('what is not understood to the last word', () => {
  test.each<[string, Statement, RegExp]>([
    [
      'a condition operator',
      allow(SEND, QUEUE, { Condition: { DateLessThan: { 'aws:SourceArn': 'x' } } }),
      /DateLessThan/,
    ],
    [
      'a condition key',
      allow(SEND, QUEUE, { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'a' } } }),
      /aws:PrincipalTag\/team/,
    ],
    ['an element', { Effect: 'Allow', NotAction: SEND, Resource: '*' }, /NotAction/],
    ['an effect', { ...allow(SEND), Effect: 'Maybe' }, /Maybe/],
    ['a policy variable', allow(SEND, 'arn:aws:sqs:x:y:${aws:username}'), /policy variable/],
    [
      'a policy variable in a condition',
      allow(SEND, QUEUE, { Condition: { StringEquals: { 'aws:SourceAccount': '${aws:PrincipalAccount}' } } }),
      /policy variable/,
    ],
    ['a resource that is no ARN', allow(SEND, 'lane'), /no ARN/],
    ['an action without a service', allow('SendMessage'), /service:Action/],
    ['a principal in a policy of a role', { ...allow(SEND), Principal: '*' }, /principal/],
    ['a statement without a resource', { Effect: 'Allow', Action: SEND }, /Resource/],
  ])('is a fault and no allowance: %s', (_, statement, message) => {
    expect(() => policies([statement])).toThrow(message);
  });

  test('is a fault in a policy of a resource, too', () => {
    expect(() => policies([], { [QUEUE]: [allow(SEND, QUEUE)] })).toThrow(/principal/);
    const federated = { ...allow(SEND, QUEUE), Principal: { Federated: 'x' } };
    expect(() => policies([], { [QUEUE]: [federated] })).toThrow(/Federated/);
  });

  test('is a fault when the policy is of another version', () => {
    const made = policies([]);
    expect(() => made.attach('Send', { Version: '2008-10-17', Statement: [] })).toThrow(/2008-10-17/);
    expect(() => made.attach('Unknown', document(allow(SEND)))).toThrow(/Unknown is no role/);
  });
});
