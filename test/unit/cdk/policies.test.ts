import { describe, expect, test } from 'vitest';
import { Template } from './stack-under-test.ts';

const template = new Template();

const policies = template.ofType('AWS::IAM::Policy');

/** `action resource` lines of the policies of a role. */
function rightsOf(role: string): string[] {
  const lines = policies
    .filter(([, policy]) => template.texts(policy.Properties.Roles).includes(role))
    .flatMap(([, policy]) => policy.Properties.PolicyDocument.Statement)
    .flatMap((statement) => {
      expect(statement.Effect).toBe('Allow');
      const actions: string[] = [statement.Action].flat();
      const resources = template.texts(statement.Resource);
      return actions.flatMap((action) => resources.map((resource) => `${action} ${resource}`));
    });
  return lines.sort();
}

const MESSAGES = 'Storage/Messages/Table.Arn';
const RECEIPTS = 'Storage/Receipts/Table.Arn';
const CONTROL = 'Storage/Control/Table.Arn';
const WEBHOOKS = 'Events/Webhooks/Queue.Arn';
const FEED = 'Feed/Steps/Queue.Arn';
const LANES = ['smpp-asia', 'test'].flatMap((account) =>
  ['otp', 'transactional', 'bulk'].map((lane) => `Lanes/${account}-${lane}/Queue.Arn`),
);

const DEAD_LETTERS = LANES.map((lane) => lane.replace('/Queue.Arn', '/DeadLetters.Arn'));

const on = (resources: string | string[], service: string, ...actions: string[]): string[] =>
  actions.flatMap((action) => [resources].flat().map((resource) => `${service}:${action} ${resource}`));
const log = (group: string): string[] => on(`${group}.Arn`, 'logs', 'CreateLogStream', 'PutLogEvents');
const stream = (table: string): string[] =>
  on(
    table.replace('.Arn', '.StreamArn'),
    'dynamodb',
    'GetRecords',
    'GetShardIterator',
    'DescribeStream',
    'ListStreams',
  );

/** What each program may do: this and nothing else. A change of it is a decision, not a side effect. */
const EXPECTED: Record<string, string[]> = {
  'Functions/send/Role': [
    ...log('Functions/send/Log'),
    ...on(MESSAGES, 'dynamodb', 'GetItem', 'BatchGetItem', 'PutItem', 'BatchWriteItem', 'UpdateItem'),
    ...on(FEED, 'sqs', 'SendMessage'),
    ...on(CONTROL, 'dynamodb', 'GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem'),
    ...on(LANES, 'sqs', 'SendMessage', 'GetQueueAttributes'),
  ],
  'Functions/query/Role': [
    ...log('Functions/query/Log'),
    ...on(MESSAGES, 'dynamodb', 'GetItem', 'BatchGetItem'),
    ...on(
      ['by-account', 'by-recipient', 'by-client-ref', 'by-batch'].map((index) => `${MESSAGES}/index/${index}`),
      'dynamodb',
      'Query',
    ),
    ...on(RECEIPTS, 'dynamodb', 'GetItem', 'Query'),
    ...on(CONTROL, 'dynamodb', 'GetItem', 'Query', 'UpdateItem'),
    ...on(LANES, 'sqs', 'GetQueueAttributes'),
  ],
  'Functions/docs/Role': log('Functions/docs/Log'),
  'Functions/manage/Role': [
    ...log('Functions/manage/Log'),
    ...on(MESSAGES, 'dynamodb', 'GetItem', 'UpdateItem'),
    ...on(`${MESSAGES}/index/by-recipient`, 'dynamodb', 'Query'),
    ...on(RECEIPTS, 'dynamodb', 'GetItem', 'Query', 'DeleteItem'),
    ...on(CONTROL, 'dynamodb', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
    ...on(WEBHOOKS, 'sqs', 'SendMessage'),
  ],
  'Functions/apply-receipts/Role': [
    ...log('Functions/apply-receipts/Log'),
    ...stream(RECEIPTS),
    ...on('Functions/apply-receipts/Function/Parked.Arn', 'sqs', 'SendMessage'),
    ...on(MESSAGES, 'dynamodb', 'GetItem', 'PutItem', 'UpdateItem'),
    ...on(RECEIPTS, 'dynamodb', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
    ...on(CONTROL, 'dynamodb', 'GetItem', 'UpdateItem', 'DeleteItem'),
    ...on(LANES, 'sqs', 'SendMessage'),
  ],
  'Functions/publish-events/Role': [
    ...log('Functions/publish-events/Log'),
    ...[MESSAGES, CONTROL, RECEIPTS].flatMap(stream),
    ...['Parked', 'ControlParked', 'InboundParked'].flatMap((parked) =>
      on(`Functions/publish-events/Function/${parked}.Arn`, 'sqs', 'SendMessage'),
    ),
    ...on(MESSAGES, 'dynamodb', 'GetItem', 'UpdateItem'),
    ...on(CONTROL, 'dynamodb', 'UpdateItem', 'Query'),
    ...on('Events/Bus.Arn', 'events', 'PutEvents'),
    ...on(WEBHOOKS, 'sqs', 'SendMessage'),
  ],
  'Functions/deliver-webhook/Role': [
    ...log('Functions/deliver-webhook/Log'),
    ...on(CONTROL, 'dynamodb', 'GetItem', 'PutItem', 'UpdateItem', 'Query'),
    ...on('Events/Bus.Arn', 'events', 'PutEvents'),
    ...on(WEBHOOKS, 'sqs', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'SendMessage'),
  ],
  'Functions/feed-batches/Role': [
    ...log('Functions/feed-batches/Log'),
    ...on(MESSAGES, 'dynamodb', 'GetItem', 'BatchGetItem', 'UpdateItem'),
    ...on(FEED, 'sqs', 'ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes', 'SendMessage'),
    ...on(LANES, 'sqs', 'SendMessage'),
  ],
  'Functions/sweep/Role': [
    ...log('Functions/sweep/Log'),
    ...on(MESSAGES, 'dynamodb', 'GetItem', 'UpdateItem'),
    ...on(`${MESSAGES}/index/due`, 'dynamodb', 'Query'),
    ...on(RECEIPTS, 'dynamodb', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
    ...on(CONTROL, 'dynamodb', 'GetItem', 'PutItem'),
    ...on(LANES, 'sqs', 'GetQueueAttributes', 'SendMessage'),
    ...on(FEED, 'sqs', 'SendMessage'),
    ...on('AdminKey/Secret', 'secretsmanager', 'GetSecretValue'),
  ],
  'Binder/Task/TaskRole': [
    ...on(MESSAGES, 'dynamodb', 'GetItem', 'UpdateItem'),
    ...on(RECEIPTS, 'dynamodb', 'PutItem'),
    ...on(CONTROL, 'dynamodb', 'GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query'),
    ...on(LANES, 'sqs', 'ReceiveMessage', 'DeleteMessage', 'ChangeMessageVisibility'),
    ...on(DEAD_LETTERS, 'sqs', 'SendMessage'),
    ...on('Credentials/smpp-asia', 'secretsmanager', 'GetSecretValue'),
  ],
};

describe('rights', () => {
  test.each(Object.entries(EXPECTED))('%s may do exactly what its work needs', (role, rights) => {
    expect(rightsOf(role)).toEqual(rights.sort());
  });

  test('no other role exists than those of the programs, of ECS itself and of the flow log', () => {
    const others = ['Binder/Task/ExecutionRole', 'Network/Vpc/FlowLog/IAMRole'];
    expect(template.ofType('AWS::IAM::Role').map(([role]) => role)).toEqual(
      expect.arrayContaining([...Object.keys(EXPECTED), ...others]),
    );
    expect(template.ofType('AWS::IAM::Role')).toHaveLength(Object.keys(EXPECTED).length + others.length);
  });

  test('no role has a managed policy, an inline policy or a wildcard action', () => {
    for (const [, role] of template.ofType('AWS::IAM::Role')) {
      expect(Object.keys(role.Properties)).not.toContain('ManagedPolicyArns');
      expect(Object.keys(role.Properties)).not.toContain('Policies');
    }
    for (const [place, policy] of policies) {
      const actions = policy.Properties.PolicyDocument.Statement.flatMap((statement) => statement.Action);
      expect(
        actions.filter((action) => action.includes('*')),
        place,
      ).toEqual([]);
    }
  });
});
