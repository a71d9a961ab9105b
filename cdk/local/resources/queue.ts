import type { StackContext } from '../context.ts';
import { type Identity, type Resource, type ResourceFamily, useKey } from './resource.ts';

/** SQS allows a queue name 80 characters. */
const NAME_CHARACTERS = 80;

export const queue: ResourceFamily = {
  type: 'AWS::SQS::Queue',
  honours: [
    'QueueName',
    'RedrivePolicy',
    'VisibilityTimeout',
    'MessageRetentionPeriod',
    'DelaySeconds',
    'ReceiveMessageWaitTimeSeconds',
    'MaximumMessageSize',
    'KmsMasterKeyId',
  ],
  ignores: {
    SqsManagedSseEnabled: 'the state folder is as safe as the disk it is on',
    KmsDataKeyReusePeriodSeconds: 'nothing is encrypted here',
    RedriveAllowPolicy: 'only the queues of this stack are here',
    Tags: 'tags change nothing',
  },

  async deploy(resource: Resource, context: StackContext): Promise<Identity> {
    const name = context.nameOf(resource, 'QueueName', NAME_CHARACTERS);
    const { QueueName: _, KmsMasterKeyId: keyArn, ...declared } = resource.properties;
    const attributes = Object.fromEntries(
      Object.entries(declared).filter(([property]) => queue.honours.includes(property)),
    );
    const { url, arn } = await context.aws.queues.createQueue({ name, attributes });
    context.queues.set(arn, url);
    useKey(arn, keyArn, context);
    return { ref: url, attributes: { Arn: arn, QueueName: name, QueueUrl: url } };
  },
};
