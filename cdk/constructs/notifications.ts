import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Configuration } from '../config/schema.ts';
import type { Keeping } from './keeping.ts';

/** Where alarms are sent: a topic of the stack's own for the addresses of the configuration, or one that exists, or nowhere. */
export class Notifications extends Construct {
  readonly topicArn: string | undefined;

  constructor(scope: Construct, id: string, alarms: Configuration['alarms'], { key }: Pick<Keeping, 'key'>) {
    super(scope, id);
    if (alarms.emails.length === 0) {
      this.topicArn = alarms.topicArn;
      return;
    }
    const topic = new Topic(this, 'Topic', {
      displayName: `Alarms of ${Stack.of(this).stackName}`,
      enforceSSL: true,
      ...(key && { masterKey: key }),
    });
    for (const address of alarms.emails) topic.addSubscription(new EmailSubscription(address));
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    this.topicArn = topic.topicArn;
  }
}
