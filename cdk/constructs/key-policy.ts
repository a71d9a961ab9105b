import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ArnFormat, Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';

export const LOG_ACTIONS = [
  'kms:Encrypt',
  'kms:Decrypt',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:DescribeKey',
];
const EVENTS = ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/**
 * What AWS's own services may do with the key of the stack that `scope` is in, beside what the account's administrators give to
 * the programs' roles. Each is bound to what it encrypts, by names that the stack has anyway: a reference to the log group or
 * the bus itself would be a circle, for they need the key first.
 */
export function keyPolicy(scope: Construct): PolicyStatement[] {
  const stack = Stack.of(scope);
  const logs = new ServicePrincipal(`logs.${stack.region}.amazonaws.com`);
  const events = new ServicePrincipal('events.amazonaws.com');
  const alarms = new ServicePrincipal('cloudwatch.amazonaws.com');
  // CloudFormation begins the names of log groups that it makes up with the stack's.
  const logGroups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${stack.stackName}-*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const bus = stack.formatArn({ service: 'events', resource: 'event-bus', resourceName: stack.stackName });
  const onThisKey = { resources: ['*'] };
  return [
    new PolicyStatement({
      ...onThisKey,
      principals: [logs],
      actions: LOG_ACTIONS,
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
    // The bus, and the archive of it.
    new PolicyStatement({
      ...onThisKey,
      principals: [events],
      actions: EVENTS,
      conditions: { StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': bus } },
    }),
    // Alarms, on their topic. CloudWatch names no context that could be compared.
    new PolicyStatement({ ...onThisKey, principals: [alarms], actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    // Asked when the bus is made, without a context that could be compared.
    new PolicyStatement({ ...onThisKey, principals: [events], actions: ['kms:DescribeKey'] }),
  ];
}
