import { expect, test } from 'vitest';
import type { ServiceName } from '../../../cdk/local/aws/call.ts';
import { demandsOf } from '../../../cdk/local/aws/demands.ts';

const HERE = 'ap-southeast-1:000000000000';
const QueueUrl = 'http://127.0.0.1:1/000000000000/lane';
const SECRET = `arn:aws:secretsmanager:${HERE}:secret:operator-a1b2c3`;

const rights = (call: string, input: Record<string, unknown>): string[] => {
  const [service, action = ''] = call.split(':');
  const called = {
    service: service as ServiceName,
    action,
    input,
    secretArn: (id: string) => (id === 'operator' ? SECRET : undefined),
  };
  return demandsOf(called).map((demand) => `${demand.action} ${demand.resource}`);
};
const table = (name: string, part = ''): string => `arn:aws:dynamodb:${HERE}:table/${name}${part}`;

test.each<[string, Record<string, unknown>, string[]]>([
  ['dynamodb:GetItem', { TableName: 't' }, [`dynamodb:GetItem ${table('t')}`]],
  ['dynamodb:GetItem', { TableName: table('t') }, [`dynamodb:GetItem ${table('t')}`]],
  ['dynamodb:Query', { TableName: 't' }, [`dynamodb:Query ${table('t')}`]],
  ['dynamodb:Query', { TableName: 't', IndexName: 'i' }, [`dynamodb:Query ${table('t', '/index/i')}`]],
  [
    'dynamodb:BatchWriteItem',
    { RequestItems: { a: [], b: [] } },
    [`dynamodb:BatchWriteItem ${table('a')}`, `dynamodb:BatchWriteItem ${table('b')}`],
  ],
  [
    'dynamodb:TransactWriteItems',
    { TransactItems: [{ Put: { TableName: 'a' } }, { ConditionCheck: { TableName: 'b' } }] },
    [`dynamodb:PutItem ${table('a')}`, `dynamodb:ConditionCheckItem ${table('b')}`],
  ],
  ['dynamodb:ListTables', {}, ['dynamodb:ListTables *']],
  ['sqs:SendMessageBatch', { QueueUrl }, [`sqs:SendMessage arn:aws:sqs:${HERE}:lane`]],
  ['sqs:ReceiveMessage', { QueueUrl }, [`sqs:ReceiveMessage arn:aws:sqs:${HERE}:lane`]],
  ['sqs:GetQueueUrl', { QueueName: 'lane' }, [`sqs:GetQueueUrl arn:aws:sqs:${HERE}:lane`]],
  ['sqs:ListQueues', {}, ['sqs:ListQueues *']],
  [
    'events:PutEvents',
    { Entries: [{ EventBusName: 'b' }, { EventBusName: `arn:aws:events:${HERE}:event-bus/b` }, {}] },
    [
      `events:PutEvents arn:aws:events:${HERE}:event-bus/b`,
      `events:PutEvents arn:aws:events:${HERE}:event-bus/default`,
    ],
  ],
  ['secretsmanager:GetSecretValue', { SecretId: `${SECRET}-gone` }, [`secretsmanager:GetSecretValue ${SECRET}-gone`]],
  // What names nothing is not let through for that.
  ['dynamodb:TransactWriteItems', { TransactItems: [] }, ['dynamodb:TransactWriteItems *']],
  ['events:PutEvents', { Entries: [] }, ['events:PutEvents *']],
  ['secretsmanager:GetSecretValue', { SecretId: 'operator' }, [`secretsmanager:GetSecretValue ${SECRET}`]],
  [
    'secretsmanager:GetSecretValue',
    { SecretId: 'other' },
    [`secretsmanager:GetSecretValue arn:aws:secretsmanager:${HERE}:secret:other`],
  ],
])('%s of %j needs its rights', (call, input, expected) => {
  expect(rights(call, input)).toEqual(expected);
});
