import { describe, expect, test } from 'vitest';
import { allow, deny, NOBODY, outcome, policies, QUEUE, SEND } from './written-policies.ts';

describe('a right that is taken from a role while the stack runs', () => {
  test('is missing until it is given back, on that resource and for that role', () => {
    const made = policies([allow('sqs:*')]);
    expect(outcome(made, SEND, QUEUE)).toBe('allowed');
    const giveBack = made.withdraw('Send', SEND, 'arn:aws:sqs:*:*:la*');
    expect(outcome(made, SEND, QUEUE)).toBe(NOBODY(SEND));
    expect(outcome(made, SEND, QUEUE.replace('lane', 'steps'))).toBe('allowed');
    expect(outcome(made, 'sqs:ReceiveMessage', QUEUE)).toBe('allowed');
    giveBack();
    expect(outcome(made, SEND, QUEUE)).toBe('allowed');
  });

  test('leaves what the role is denied', () => {
    const made = policies([allow('sqs:*'), deny(SEND, QUEUE)]);
    made.withdraw('Send', SEND);
    expect(outcome(made, SEND, QUEUE)).toMatch(/explicit deny/);
  });

  test('must be one that it had', () => {
    const made = policies([allow(SEND, QUEUE), deny('sqs:DeleteMessage')]);
    expect(() => made.withdraw('Send', 'sqs:DeleteMessage')).toThrow('Send has no right to sqs:DeleteMessage');
    expect(() => made.withdraw('Other', SEND)).toThrow(/Other has no right/);
  });
});
