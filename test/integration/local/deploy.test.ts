import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { App, Duration, Stack } from 'aws-cdk-lib/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startLocalAws } from '../../../cdk/local/aws/start.ts';
import { deployStack } from '../../../cdk/local/stack.ts';
import { runStack, until } from '../../fixtures/running-stack.ts';
import { getAtt, ref, type SmallResource, streamingTable } from '../../fixtures/small-assembly.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'bindery-deploy-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe('what is added to a stack is there', () => {
  test('a queue, a table, a function and its trigger of the CDK run without another line of code', async () => {
    const directory = folder();
    const code = join(directory, 'code');
    mkdirSync(code);
    writeFileSync(
      join(code, 'index.mjs'),
      'export const handler = async ({ Records }) => console.log(Records[0].body, process.env.TABLE);',
    );
    const app = new App({
      outdir: join(directory, 'assembly'),
      analyticsReporting: false,
      builtinCloudFormationValidation: false,
    });
    const stack = new Stack(app, 'Shop');
    const queue = new sqs.Queue(stack, 'Orders', { visibilityTimeout: Duration.seconds(30) });
    const table = new dynamodb.TableV2(stack, 'Items', {
      partitionKey: { name: 'id', type: dynamodb.AttributeType.STRING },
    });
    const reader = new lambda.Function(stack, 'Reader', {
      runtime: lambda.Runtime.NODEJS_24_X,
      handler: 'index.handler',
      code: lambda.Code.fromAsset(code),
      environment: { TABLE: table.tableName },
    });
    reader.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
    app.synth();

    const lines: string[] = [];
    const aws = await startLocalAws({ stateDirectory: join(directory, 'state') });
    const local = await deployStack({
      assemblyFolder: join(directory, 'assembly'),
      aws,
      stateDirectory: join(directory, 'state'),
      strict: true,
      observe: (observation) =>
        void (observation.kind === 'line' && lines.push(`${observation.program}: ${observation.line}`)),
    });
    onTestFinished(() => local.close().then(() => aws.close()));
    await local.startTriggers();
    const [orders] = [...local.deployment.resources.values()].filter(({ type }) => type === 'AWS::SQS::Queue');
    const input = { QueueUrl: `${aws.url}/000000000000/Shop-${orders!.logicalId}`, MessageBody: 'hello' };
    await aws.invoke({ service: 'sqs', action: 'SendMessage', input });

    const [line] = await until('the message at the function', () => lines);
    expect(line).toMatch(/^Reader: hello Shop-Items/);
  });
});

const queue = (properties: Record<string, unknown> = {}): SmallResource => ({
  Type: 'AWS::SQS::Queue',
  Properties: properties,
});

describe('what would behave otherwise on AWS', () => {
  test('is named: an unknown type, and a property that has no effect here', async () => {
    const resources = {
      Work: queue({ QueueName: 'work', FifoQueue: true, DelaySeconds: 1 }),
      Stream: { Type: 'AWS::Kinesis::Stream' },
      Clock: { Type: 'AWS::Events::Rule', Properties: { ScheduleExpression: 'cron(0 12 * * ? *)', State: 'ENABLED' } },
      Vpc: { Type: 'AWS::EC2::VPC', Properties: { Anything: 'at all' } },
    };
    await using running = await runStack({ resources }, { strict: false });

    const notices = running.seen.flatMap((observation) => (observation.kind === 'notice' ? [observation.text] : []));
    expect(notices).toEqual([
      'Work (AWS::SQS::Queue) FifoQueue: this property has no effect here, and would have one on AWS',
      'Stream (AWS::Kinesis::Stream): this type of resource is not known to the local stack and does nothing here',
      'Clock (AWS::Events::Rule) ScheduleExpression: only rate(...) is known here, cron(0 12 * * ? *) never fires',
    ]);
  });

  test('is an error when strict, with everything that was found', async () => {
    const resources = { Work: queue({ FifoQueue: true }), Stream: { Type: 'AWS::Kinesis::Stream' } };
    const starting = runStack({ resources }, { strict: true });
    await expect(starting).rejects.toMatchObject({ code: 'template_unsupported' });
    await expect(starting).rejects.toThrow(/Work .*FifoQueue(.|\n)*Stream/);
  });
});

describe('a template', () => {
  test('is deployed with its conditions, references and outputs', async () => {
    const small = {
      stackName: 'shop',
      conditions: { No: { 'Fn::Equals': [ref('AWS::Region'), 'nowhere'] } },
      resources: {
        Work: queue({ RedrivePolicy: { deadLetterTargetArn: getAtt('Dead'), maxReceiveCount: 2 } }),
        Dead: queue(),
        Left: { ...queue({ QueueName: 'left-out' }), Condition: 'No' },
      },
      outputs: {
        Url: { Value: ref('Work') },
        Arn: { Value: getAtt('Work') },
        Name: { Value: { 'Fn::Sub': '${AWS::StackName}/${Work.QueueName}' } },
        Never: { Value: ref('Left'), Condition: 'No' },
      },
    };
    await using running = await runStack(small);
    expect(running.stack.deployment.outputs).toEqual({
      Url: `${running.aws.url}/000000000000/shop-Work`,
      Arn: 'arn:aws:sqs:ap-southeast-1:000000000000:shop-Work',
      Name: 'shop/shop-Work',
    });
    expect([...running.stack.deployment.resources.keys()].sort()).toEqual(['Dead', 'Work']);
  });

  test('that can’t be deployed is refused with the resource and the reason', async () => {
    const broken = { ...streamingTable(), Properties: { ...streamingTable().Properties, KeySchema: ref('Nothing') } };
    await expect(runStack({ resources: { Table: broken } })).rejects.toThrow(
      'Table (AWS::DynamoDB::GlobalTable) could not be deployed: nothing named Nothing is deployed',
    );
  });
});

describe('state', () => {
  test('survives a restart: messages, items and generated secrets', async () => {
    const stateDirectory = folder();
    const small = {
      resources: {
        Work: queue({ QueueName: 'work' }),
        Table: streamingTable(),
        Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { GenerateSecretString: { PasswordLength: 20 } } },
      },
      outputs: { Secret: { Value: ref('Secret') } },
    };
    const first = await runStack(small, { stateDirectory });
    await first.send('work', { n: 1 });
    await first.put('small-Table', { id: 'a' });
    const secret = first.aws.secrets.getSecret(first.stack.deployment.outputs['Secret']!);
    await first.stop();

    await using second = await runStack(small, { stateDirectory });
    expect((await second.receive('work')).map(({ body }) => body)).toEqual(['{"n":1}']);
    const input = { TableName: 'small-Table', Key: { id: { S: 'a' } } };
    expect(await second.aws.invoke({ service: 'dynamodb', action: 'GetItem', input })).toEqual({
      Item: { id: { S: 'a' } },
    });
    expect(secret).toHaveLength(20);
    expect(second.aws.secrets.getSecret(second.stack.deployment.outputs['Secret']!)).toBe(secret);
  });
});
