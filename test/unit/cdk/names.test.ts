import { expect, test } from 'vitest';
import { Template } from './stack-under-test.ts';

const accounts = [
  { profile: 'smpp-asia' },
  { profile: 'smpp-asia', name: 'a-b' },
  { profile: 'smpp-asia', name: 'ab' },
];

/** Properties by which CloudFormation gives a resource a fixed name, one that nothing else in the AWS account may have. */
const NAMES =
  /^(Name|(Function|Role|Table|Queue|LogGroup|Cluster|Service|Group|Alarm|Alias|Dashboard|Registry|Archive|Topic)Name)$/;
/** Types whose property of such a name refers to another resource, or is no identity. */
const NO_IDENTITY = ['AWS::ApiGatewayV2::Api', 'AWS::EC2::FlowLog'];

/** Every fixed name of a template, with the type of what bears it. */
function fixedNames(template: Pick<Template, 'all'>): string[] {
  return template.all().flatMap(({ Type, Properties }) =>
    Object.entries(Properties)
      .filter(([key, value]) => NAMES.test(key) && typeof value === 'string' && !NO_IDENTITY.includes(Type))
      .map(([, value]) => `${Type} ${value}`),
  );
}

const accountsOf = ({ length }: readonly unknown[]) => length + 1;

test('two stages stand side by side: no fixed name is in both, and none twice in one', () => {
  const encryption = { kind: 'own' };
  const [one = [], other = []] = ['prod', 'prodb'].map((stage) =>
    fixedNames(new Template({ stage, accounts, encryption })),
  );
  expect(one.filter((name) => name.startsWith('AWS::SQS::Queue'))).toHaveLength(accountsOf(accounts) * 6);
  expect(new Set([...one, ...other]).size).toBe(one.length + other.length);
});

test('the same stage stands in two regions of one AWS account: what is not of a region has the region in its name', () => {
  const names = new Template()
    .ofType('AWS::CloudWatch::Dashboard')
    .map(([, dashboard]) => dashboard.Properties.DashboardName);
  expect(names).toEqual([{ 'Fn::Join': ['', ['bindery-prod-', { Ref: 'AWS::Region' }]] }]);
});

test('the longest stage and account that the configuration allows make no queue name that SQS refuses', () => {
  const longest = { profile: 'smpp-asia', name: 'a'.repeat(31) };
  const template = new Template({ stage: 's'.repeat(16), accounts: [longest] });
  for (const [, queue] of template.ofType('AWS::SQS::Queue')) {
    expect(queue.Properties.QueueName?.length ?? 0).toBeLessThanOrEqual(80);
  }
});

test('of what stays when the stack goes only queues of lanes have a fixed name, which the next stack would stumble over', () => {
  const template = new Template({ accounts, encryption: { kind: 'own' }, vpc: { kind: 'nat' } });
  const staying = template.all().filter(({ DeletionPolicy = '' }) => DeletionPolicy.startsWith('Retain'));
  expect(staying.length).toBeGreaterThan(30);
  const types = new Set(fixedNames({ all: () => staying }).map((name) => name.split(' ')[0]));
  expect(types).toEqual(new Set(['AWS::SQS::Queue']));
});

test('only what others must find by name has a fixed one', () => {
  const types = new Set(fixedNames(new Template({ accounts })).map((name) => name.split(' ')[0]));
  const found = ['CloudWatch::Alarm', 'EventSchemas::Registry', 'Events::EventBus', 'SQS::Queue'];
  expect(types).toEqual(new Set(found.map((type) => `AWS::${type}`)));
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
