import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnResource, type Stack } from 'aws-cdk-lib/core';
import { expect, test, vi } from 'vitest';
import { configurationFrom } from '../../../cdk/config/context.ts';
import { judge } from '../../../cdk/judgement.ts';
import { BinderyStack } from '../../../cdk/stack.ts';
import { appWith, emptyBundles } from './stack-under-test.ts';
import { VARIANTS } from './variants.ts';

// The first judgement loads some hundred schemas; beside other tests on two cores that takes its time.
vi.setConfig({ testTimeout: 180_000 });

/** What the judgement says of a stack that `addTo` has put something into; nothing when all is well. */
async function findingsOn(overrides: Record<string, unknown>, addTo: (stack: Stack) => void): Promise<string> {
  const app = appWith(overrides, { validation: true });
  await judge(app);
  addTo(new BinderyStack(app, configurationFrom(app.node.getAllContext()), emptyBundles()));
  // The CDK prints the findings, or puts them into the error, depending on who runs it.
  const printed = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const findings: string[] = [];
  try {
    app.synth();
  } catch (error) {
    expect(error).toMatchObject({ name: 'ValidationFailed' });
    findings.push('failed', (error as Error).message);
  }
  findings.push(...printed.mock.calls.flat().map(String));
  printed.mockRestore();
  return findings.join('\n');
}

test.each(Object.entries(VARIANTS))('no finding is open: %s', async (_, overrides) => {
  expect(await findingsOn(overrides, () => undefined)).toBe('');
});

test('a queue without TLS and dead-letter queue is found', async () => {
  const findings = await findingsOn({}, (stack) => void new Queue(stack, 'Bare'));
  expect(findings).toMatch(/^failed/);
  expect(findings).toContain('AwsSolutions-SQS3');
  expect(findings).toContain('AwsSolutions-SQS4');
});

test('a property that CloudFormation does not know is found', async () => {
  const properties = { VisibilityTimout: 5 };
  const addQueue = (stack: Stack) => void new CfnResource(stack, 'Typo', { type: 'AWS::SQS::Queue', properties });
  expect(await findingsOn({}, addQueue)).toMatch(/^failed[^]*'VisibilityTimout' was unexpected/);
});

test('a warning is a finding too', async () => {
  const properties = {
    Runtime: 'nodejs1',
    Code: { S3Bucket: 'a-bucket', S3Key: 'b' },
    Role: 'arn:aws:iam::123456789012:role/x',
  };
  const addFunction = (stack: Stack) =>
    void new CfnResource(stack, 'Odd', {
      type: 'AWS::Lambda::Function',
      properties: { ...properties, Handler: 'x.y' },
    });
  expect(await findingsOn({}, addFunction)).toMatch(/^failed[^]*'nodejs1' is not one of/);
});
