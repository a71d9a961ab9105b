import { describe, expect, test } from 'vitest';
import { runStack, until } from '../../fixtures/running-stack.ts';
import {
  getAtt,
  lambda,
  permission,
  ref,
  type SmallAssembly,
  type SmallResource,
  streamingTable,
  trustedRole,
} from '../../fixtures/small-assembly.ts';

const LAMBDA = 'lambda.amazonaws.com';
const LOGS = { Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' };
const QUIET = { f: 'export const handler = async () => ({ statusCode: 200 });' };

const small = (resources: Record<string, SmallResource>): SmallAssembly => ({ functions: QUIET, resources });

/** A function whose role has these statements. */
const withRole = (role: SmallResource, more: Record<string, SmallResource> = {}): SmallAssembly =>
  small({ Role: role, F: lambda('f', { Role: getAtt('Role') }), ...more });

describe('a stack does not start', () => {
  test('with a function whose role does not trust Lambda', async () => {
    await expect(runStack(withRole(trustedRole('ecs-tasks.amazonaws.com', LOGS)))).rejects.toThrow(
      'F (AWS::Lambda::Function) could not be deployed: User: lambda.amazonaws.com is not authorized to perform: ' +
        'sts:AssumeRole on resource: arn:aws:iam::000000000000:role/Role',
    );
  });

  test('with a function that could not write its log', async () => {
    const [create] = LOGS.Action;
    await expect(runStack(withRole(trustedRole(LAMBDA, { ...LOGS, Action: create })))).rejects.toThrow(
      /^AccessDenied: User: \S+assumed-role\/Role\/F is not authorized to perform: logs:PutLogEvents/,
    );
  });

  test('with a trigger whose function may not read the queue or the stream', async () => {
    const mapping = (source: unknown): SmallResource => ({
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { FunctionName: ref('F'), EventSourceArn: source, StartingPosition: 'LATEST' },
    });
    const queue = { Queue: { Type: 'AWS::SQS::Queue' }, Map: mapping(getAtt('Queue')) };
    await expect(runStack(withRole(trustedRole(LAMBDA, LOGS), queue))).rejects.toThrow(
      /sqs:receivemessage(.|\n)*sqs:deletemessage(.|\n)*sqs:getqueueattributes/,
    );
    const stream = { Table: streamingTable(), Map: mapping(getAtt('Table', 'StreamArn')) };
    await expect(runStack(withRole(trustedRole(LAMBDA, LOGS), stream))).rejects.toThrow(
      /dynamodb:GetRecords(.|\n)*dynamodb:DescribeStream/,
    );
  });

  test('with a function that could not park what it failed at', async () => {
    const Destination = getAtt('Queue');
    const Properties = {
      FunctionName: ref('F'),
      Qualifier: '$LATEST',
      DestinationConfig: { OnFailure: { Destination } },
    };
    const more = { Queue: { Type: 'AWS::SQS::Queue' }, Config: { Type: 'AWS::Lambda::EventInvokeConfig', Properties } };
    await expect(runStack(withRole(trustedRole(LAMBDA, LOGS), more))).rejects.toThrow(
      /assumed-role\/Role\/F is not authorized to perform: sqs:sendmessage/,
    );
  });

  test('with the policy of a queue that is not there', async () => {
    const Properties = { Queues: ['http://127.0.0.1/other'], PolicyDocument: { Version: '2012-10-17', Statement: [] } };
    const more = { Policy: { Type: 'AWS::SQS::QueuePolicy', Properties } };
    await expect(runStack(small(more))).rejects.toThrow(
      /Policy \(AWS::SQS::QueuePolicy\).*other is no queue of the stack/,
    );
  });

  test('with a policy that is not understood, and names the resource', async () => {
    const Condition = { DateLessThan: { 'aws:CurrentTime': 'x' } };
    await expect(runStack(withRole(trustedRole(LAMBDA, { ...LOGS, Condition })))).rejects.toThrow(
      /^Role \(AWS::IAM::Role\) could not be deployed: the condition key aws:CurrentTime is not known here/,
    );
    const managed = trustedRole(LAMBDA, LOGS);
    const ManagedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
    const role = { ...managed, Properties: { ...managed.Properties, ManagedPolicyArns } };
    await expect(runStack(withRole(role))).rejects.toThrow(/AdministratorAccess is not known here/);
  });
});

test('the policy of a table is heard, on its indexes as well', async () => {
  const Statement = { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'dynamodb:*', Resource: '*' };
  const ResourcePolicy = { PolicyDocument: { Version: '2012-10-17', Statement } };
  const table = streamingTable();
  const Replicas = [{ Region: { Ref: 'AWS::Region' }, ResourcePolicy }];
  const Table = { ...table, Properties: { ...table.Properties, Replicas } };
  const role = trustedRole(LAMBDA, LOGS, { Action: 'dynamodb:*', Resource: '*' });
  await using running = await runStack(withRole(role, { Table }));
  const arn = [...running.stack.deployment.arns].find(([, name]) => name === 'Table')?.[0] ?? '';
  for (const [resource, kind] of [
    [arn, 'denied'],
    [`${arn}/index/due`, 'denied'],
    [`${arn}2`, 'allowed'],
  ] as const) {
    const principal = { kind: 'role', name: 'Role', session: 'F' } as const;
    expect(running.aws.policies.decide(principal, { action: 'dynamodb:Query', resource })).toMatchObject({ kind });
  }
});

describe('a service of AWS', () => {
  const HTTP = 'AWS::ApiGatewayV2';
  const api = (invoke: Record<string, SmallResource>): SmallAssembly => ({
    ...small({
      F: lambda('f'),
      Api: { Type: `${HTTP}::Api`, Properties: { Name: 'api', ProtocolType: 'HTTP' } },
      Stage: { Type: `${HTTP}::Stage`, Properties: { ApiId: ref('Api'), StageName: '$default', AutoDeploy: true } },
      Integration: {
        Type: `${HTTP}::Integration`,
        Properties: {
          ApiId: ref('Api'),
          IntegrationType: 'AWS_PROXY',
          IntegrationUri: getAtt('F'),
          PayloadFormatVersion: '2.0',
        },
      },
      Route: {
        Type: `${HTTP}::Route`,
        Properties: {
          ApiId: ref('Api'),
          RouteKey: 'GET /things/{id}',
          Target: { 'Fn::Join': ['/', ['integrations', ref('Integration')]] },
        },
      },
      ...invoke,
    }),
    outputs: { Url: { Value: getAtt('Api', 'ApiEndpoint') } },
  });
  const source = (path: string) => ({
    SourceArn: { 'Fn::Sub': `arn:aws:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/${path}` },
  });
  const APIGATEWAY = 'apigateway.amazonaws.com';

  test.each<[string, Record<string, SmallResource>, number]>([
    ['with a permission for the route', { P: permission('F', APIGATEWAY, source('*/*/things/{id}')) }, 200],
    ['without a permission', {}, 500],
    ['with one for another route', { P: permission('F', APIGATEWAY, source('*/*/others')) }, 500],
    ['with one for another service', { P: permission('F', 'events.amazonaws.com') }, 500],
  ])('API Gateway %s reaches the function, or answers %s', async (_, invoke, status) => {
    await using running = await runStack(api(invoke));
    const response = await fetch(`${running.stack.deployment.outputs['Url']}/things/1`);
    expect(response.status).toBe(status);
    const notices = running.seen.filter(({ kind }) => kind === 'notice');
    expect(JSON.stringify(notices)).toMatch(
      status === 200 ? /^\[\]$/ : /no resource-based policy allows the lambda:Invoke/,
    );
  });

  test('EventBridge does not reach a queue that does not let it in, and says so', async () => {
    const Bus = { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } };
    const Targets = [{ Id: 'q', Arn: getAtt('Queue') }];
    const Properties = { EventBusName: ref('Bus'), EventPattern: { source: ['shop'] }, Targets };
    const Rule = { Type: 'AWS::Events::Rule', Properties };
    await using running = await runStack(small({ Bus, Queue: { Type: 'AWS::SQS::Queue' }, Rule }));
    const Entries = [{ EventBusName: 'shop', Source: 'shop', DetailType: 'order', Detail: '{}' }];
    await running.aws.invoke({ service: 'events', action: 'PutEvents', input: { Entries } });
    const notice = await until('a notice', () => running.seen.find(({ kind }) => kind === 'notice'));
    expect(JSON.stringify(notice)).toMatch(/events\.amazonaws\.com is not authorized to perform: sqs:sendmessage/);
  });
});
