import { expect, test } from 'vitest';
import { Template } from './stack-under-test.ts';

const accounts = [
  { profile: 'smpp-asia' },
  { profile: 'smpp-asia', name: 'a-b' },
  { profile: 'smpp-asia', name: 'ab' },
];

/** Properties by which CloudFormation gives a resource a fixed name, one that nothing else in the AWS account may have. */
const NAMES = /^(Name|FunctionName|RoleName|TableName|QueueName|LogGroupName|ClusterName|ServiceName|GroupName)$/;
/** Types whose property of such a name refers to another resource, or is no identity. */
const NO_IDENTITY = ['AWS::ApiGatewayV2::Api', 'AWS::EC2::FlowLog'];

/** Every fixed name of a template, with the type of what bears it. */
function fixedNames(template: Template): string[] {
  return template.all().flatMap(({ Type, Properties }) =>
    Object.entries(Properties)
      .filter(([key, value]) => NAMES.test(key) && typeof value === 'string' && !NO_IDENTITY.includes(Type))
      .map(([, value]) => `${Type} ${value}`),
  );
}

test('two stages stand side by side: no fixed name is in both', () => {
  const [one, other] = ['prod', 'prodb'].map((stage) => fixedNames(new Template({ stage, accounts })));
  expect(one?.length).toBe((accounts.length + 1) * 6 + 1);
  expect(new Set([...(one ?? []), ...(other ?? [])]).size).toBe(2 * (one?.length ?? 0));
});

test('the longest stage and account that the configuration allows make no queue name that SQS refuses', () => {
  const longest = { profile: 'smpp-asia', name: 'a'.repeat(31) };
  const template = new Template({ stage: 's'.repeat(16), accounts: [longest] });
  for (const [, queue] of template.ofType('AWS::SQS::Queue')) {
    expect(queue.Properties.QueueName?.length ?? 0).toBeLessThanOrEqual(80);
  }
});

test('only queues of lanes and the bus, which others must find by name, have a fixed name', () => {
  const types = new Set(fixedNames(new Template({ accounts })).map((name) => name.split(' ')[0]));
  expect(types).toEqual(new Set(['AWS::Events::EventBus', 'AWS::SQS::Queue']));
});

test('a change of the operator, the sizes or the retention replaces no table, queue or secret', () => {
  const kept = /DynamoDB|SQS::Queue$|SecretsManager/;
  const identities = (overrides: Record<string, unknown>) =>
    new Template(overrides).all().filter(({ Type }) => kept.test(Type));
  const before = identities({});
  const after = identities({
    operatorUrl: 'smpp://203.0.113.7:2775',
    binder: { cpu: 512, memoryMiB: 1024, count: 2 },
    retention: { logsDays: 365 },
    vpc: { kind: 'nat' },
  });
  expect(after).toEqual(before);
});

test('an account that is added leaves the resources of the others as they are', () => {
  const before = new Template({ accounts: accounts.slice(0, 1) });
  const after = new Template({ accounts });
  for (const [place, queue] of before.ofType('AWS::SQS::Queue')) {
    expect(after.at('AWS::SQS::Queue', place)).toEqual(queue);
  }
});
