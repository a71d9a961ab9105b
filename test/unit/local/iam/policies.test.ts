import { describe, expect, test } from 'vitest';
import { type Principal, roleArn } from '../../../../cdk/local/iam/principals.ts';
import {
  allow,
  CLOSED,
  deny,
  document,
  events,
  KEY,
  NOBODY,
  outcome,
  policies,
  QUEUE,
  ROOT,
  RULE,
  role,
  SEND,
  type Statement,
  TABLE,
} from './written-policies.ts';

/** The rules of "Policy evaluation logic" in the IAM User Guide, for one account. */
describe('a request of a role', () => {
  test.each<[string, Statement[], Statement[], string]>([
    ['is denied when nothing is said', [], [], NOBODY(SEND)],
    ['is allowed by its own policy', [allow(SEND, QUEUE)], [], 'allowed'],
    [
      'is allowed by the policy of the resource alone',
      [],
      [{ ...allow(SEND, QUEUE), Principal: { AWS: roleArn('Send') } }],
      'allowed',
    ],
    [
      'is not allowed where the resource names another role',
      [],
      [{ ...allow(SEND, QUEUE), Principal: { AWS: roleArn('Other') } }],
      NOBODY(SEND),
    ],
    [
      'is not allowed where the resource names only the account',
      [],
      [{ ...allow(SEND, QUEUE), Principal: ROOT }],
      NOBODY(SEND),
    ],
    [
      'is denied explicitly by its own policy, whatever else allows it',
      [allow('*'), deny(SEND, QUEUE)],
      [],
      'with an explicit deny in an identity-based policy',
    ],
    [
      'is denied explicitly by the resource, whatever else allows it',
      [allow('*')],
      [{ ...deny('sqs:*', QUEUE), Principal: '*' }],
      'with an explicit deny in a resource-based policy',
    ],
    [
      'is not touched by a denial of TLS-less calls',
      [allow(SEND, QUEUE)],
      [{ ...deny('sqs:*', QUEUE), Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      'allowed',
    ],
    [
      'is denied where TLS-less calls alone are allowed',
      [allow(SEND, QUEUE, { Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
      [],
      NOBODY(SEND),
    ],
    [
      'is allowed for one of several actions, in any case of letters',
      [allow(['sqs:receivemessage', 'sqs:sendmessage'], QUEUE)],
      [],
      'allowed',
    ],
    ['is allowed by a wildcard in the action', [allow('sqs:Send*', QUEUE)], [], 'allowed'],
    ['is not allowed by another action', [allow('sqs:SendMessageX', QUEUE)], [], NOBODY(SEND)],
    ['is allowed by a wildcard in the resource', [allow(SEND, 'arn:aws:sqs:*:000000000000:la?e*')], [], 'allowed'],
    ['is not allowed on another resource', [allow(SEND, `${QUEUE}-dlq`)], [], NOBODY(SEND)],
    ['is allowed by a wildcard at the end of a part, over colons', [allow(SEND, 'arn:aws:sqs:*')], [], 'allowed'],
    ['is allowed by one in the middle of the ARN, too', [allow(SEND, 'arn:aws:sqs:ap-*:lane')], [], 'allowed'],
    [
      'is not allowed by a wildcard within a part that would have to reach over a colon',
      [allow(SEND, 'arn:aws:sqs:ap*0:lane')],
      [],
      NOBODY(SEND),
    ],
    ['is not allowed where there are too few colons', [allow(SEND, 'arn:aws:sqs:*:*:*:lane')], [], NOBODY(SEND)],
  ])('%s', (_, identity, resource, expected) => {
    expect(outcome(policies(identity, { [QUEUE]: resource }), SEND, QUEUE)).toBe(expected);
  });

  test('on an index needs a right on the index', () => {
    const made = policies([allow('dynamodb:Query', TABLE)]);
    expect(outcome(made, 'dynamodb:Query', TABLE)).toBe('allowed');
    expect(outcome(made, 'dynamodb:Query', `${TABLE}/index/due`)).toBe(NOBODY('dynamodb:Query'));
  });

  test('on an index is judged by the policy of the table, too', () => {
    const closed = { ...deny('dynamodb:*', `${TABLE}/index/*`), Principal: '*' };
    const made = policies([allow('*')], { [TABLE]: [closed] });
    expect(outcome(made, 'dynamodb:GetItem', TABLE)).toBe('allowed');
    expect(outcome(made, 'dynamodb:Query', `${TABLE}/index/due`)).toMatch(/explicit deny/);
  });

  test('on a stream is not judged by the policy of the table', () => {
    const closed = { ...deny('dynamodb:*'), Principal: '*' };
    const made = policies([allow('*')], { [TABLE]: [closed] });
    expect(outcome(made, 'dynamodb:GetRecords', `${TABLE}/stream/2026`)).toBe('allowed');
    expect(outcome(made, 'dynamodb:Query', `${TABLE}/index/due`)).toMatch(/explicit deny/);
  });

  test('for a key needs the key to open: itself, or by leaving it to the account', () => {
    const decrypt = 'kms:Decrypt';
    const own = [allow(decrypt, KEY)];
    const account = { ...allow('kms:*'), Principal: ROOT };
    expect(outcome(policies(own), decrypt, KEY)).toBe(CLOSED(decrypt));
    expect(outcome(policies(own, { [KEY]: [account] }), decrypt, KEY)).toBe('allowed');
    expect(outcome(policies([], { [KEY]: [account] }), decrypt, KEY)).toBe(NOBODY(decrypt));
    const direct = { ...allow(decrypt), Principal: { AWS: roleArn('Send') } };
    expect(outcome(policies([], { [KEY]: [direct] }), decrypt, KEY)).toBe('allowed');
  });

  test('for what is encrypted with a key needs the key as well, through the service', () => {
    const through = { Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.ap-southeast-1.amazonaws.com' } } };
    const made = policies([allow('dynamodb:*'), allow('sqs:*'), allow('kms:Decrypt', KEY, through)]);
    const missing = (action: string, resource: string): string[] =>
      made
        .withKeys({ action, resource })
        .filter((demand) => made.decide(role, demand).kind === 'denied')
        .map((demand) => demand.action);
    expect(missing('dynamodb:PutItem', TABLE)).toEqual([]);
    for (const resource of [TABLE, QUEUE]) made.encryptWith(resource, KEY);
    expect(missing('dynamodb:GetItem', TABLE)).toEqual([]);
    expect(missing('dynamodb:Query', `${TABLE}/index/due`)).toEqual([]);
    expect(missing('dynamodb:GetRecords', `${TABLE}/stream/2026`)).toEqual([]);
    expect(missing('dynamodb:PutItem', TABLE)).toEqual(['kms:GenerateDataKey', 'kms:Encrypt']);
    expect(missing('sqs:ReceiveMessage', QUEUE)).toEqual(['kms:Decrypt']);
    expect(missing('sqs:DeleteMessage', QUEUE)).toEqual([]);
  });

  test('is decided again when a policy is added later', () => {
    const made = policies([]);
    expect(outcome(made, SEND, QUEUE)).toBe(NOBODY(SEND));
    made.attach('Send', document(allow(SEND, QUEUE)));
    expect(outcome(made, SEND, QUEUE)).toBe('allowed');
  });

  test('is denied in the words of AWS, with the role in it', () => {
    const message = (written: string, resource: string) =>
      `User: arn:aws:sts::000000000000:assumed-role/Send/send is not authorized to perform: ${written} ` +
      `on resource: ${resource} because no identity-based policy allows the ${written} action`;
    const put = { action: 'dynamodb:PutItem', resource: TABLE };
    expect(() => policies([]).require(role, put)).toThrow(message(put.action, TABLE));
    // As SQS itself writes it.
    const send = { action: SEND, resource: QUEUE };
    expect(() => policies([]).require(role, send)).toThrow(message('sqs:sendmessage', QUEUE));
  });
});

describe('a request of a service', () => {
  const FUNCTION = 'arn:aws:lambda:ap-southeast-1:000000000000:function:sweep';
  const INVOKE = 'lambda:InvokeFunction';
  const opened = (source: unknown) => ({
    [FUNCTION]: [
      {
        ...allow(INVOKE, FUNCTION, { Condition: { ArnLike: { 'aws:SourceArn': source } } }),
        Principal: { Service: 'events.amazonaws.com' },
      },
    ],
  });

  test.each<[string, Record<string, Statement[]>, Principal, string]>([
    ['is allowed for the rule that the function names', opened(RULE), events(), 'allowed'],
    ['is denied for another rule', opened(RULE), events(`${RULE}2`), CLOSED(INVOKE)],
    ['is denied for another service', opened(RULE), { ...events(), name: 's3.amazonaws.com' }, CLOSED(INVOKE)],
    ['is denied where the resource says nothing', {}, events(), CLOSED(INVOKE)],
    [
      'is denied without a source where one is asked for',
      opened(RULE),
      { kind: 'service', name: 'events.amazonaws.com' },
      CLOSED(INVOKE),
    ],
  ])('%s', (_, resources, principal, expected) => {
    expect(outcome(policies([allow('*')], resources), INVOKE, FUNCTION, principal)).toBe(expected);
  });

  test('to assume a role is allowed to the one that the role trusts', () => {
    const made = policies([]);
    const assume = (name: string) => outcome(made, 'sts:AssumeRole', roleArn('Send'), { kind: 'service', name });
    expect(assume('lambda.amazonaws.com')).toBe('allowed');
    expect(assume('ecs-tasks.amazonaws.com')).toBe(CLOSED('sts:AssumeRole'));
  });
});
