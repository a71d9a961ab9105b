import { Queue } from 'aws-cdk-lib/aws-sqs';
import { CfnOutput, type Stack } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import type { Resources } from '../access.ts';
import type { Api } from './api.ts';
import type { Binder } from './binder.ts';
import { nameOf } from './monitoring.ts';
import type { Network } from './network.ts';

function output(scope: Construct, id: string, value: string, description: string): CfnOutput {
  return new CfnOutput(scope, id, { value, description });
}

/** Queues that no program reads, besides those of the lanes; with the queue or the bus that their messages came from, where it was one. */
function deadLetters(stack: Stack, { events, feed }: Pick<Resources, 'events' | 'feed'>) {
  const queues = { webhooks: events.webhooks, feed: feed.steps };
  const parked = stack.node
    .findAll()
    .filter((part) => part instanceof Queue)
    .filter(({ node }) => node.id.endsWith('Parked'));
  return [
    ...Object.entries(queues).map(
      ([
        name,
        {
          queue,
          deadLetters: { queueUrl },
        },
      ]) => {
        return { name, url: queueUrl, sourceUrl: queue.queueUrl };
      },
    ),
    ...parked.map((queue) => ({
      name: nameOf(queue),
      url: queue.queueUrl,
      ...(queue === events.unencrypted && { eventBus: events.bus.eventBusName }),
    })),
  ];
}

/** What a person or a program needs to know of a deployed stack; shown at the end of a deploy. */
export function addOutputs(stack: Stack, parts: Resources & { api: Api; binder: Binder; network: Network }): void {
  const { storage, lanes, events, credentials, adminKey, api, binder, network } = parts;
  const adminKeyArn = adminKey.secret.secretArn;
  const read = `aws secretsmanager get-secret-value --secret-id ${adminKeyArn} --query SecretString --output text`;
  output(stack, 'ApiUrl', api.url, 'Address of the API');
  if (api.domainTarget !== undefined) {
    output(stack, 'ApiDomainTarget', api.domainTarget, "What the API's own name is to point at, as a CNAME");
  }
  if (network.sourceAddress !== undefined) {
    output(stack, 'SourceAddress', network.sourceAddress, 'Address from which operators are called, for their lists');
  }
  output(stack, 'AdminKeySecret', adminKeyArn, 'Secret part of the admin API key');
  output(
    stack,
    'AdminKeyCommand',
    `echo bk_live_admin_$(${read})`,
    'Prints the admin API key; good a minute after deploy',
  );
  for (const [account, secret] of credentials.secrets) {
    const template = '{"system_id":"...","password":"..."}';
    const put = `aws secretsmanager put-secret-value --secret-id ${secret.secretArn} --secret-string '${template}'`;
    // In the secret's own scope: accounts whose names differ by a dash only would meet in the stack's.
    output(secret, 'PutCommand', put, `Stores the operator's credentials of account ${account}`);
  }
  const secrets = [...credentials.secrets].map(([account, secret]) => [account, secret.secretArn] as const);
  output(stack, 'CredentialsSecrets', stack.toJsonString(Object.fromEntries(secrets)), 'Credentials secret by account');
  output(stack, 'DeadLetterQueues', stack.toJsonString(deadLetters(stack, parts)), 'What could not be processed');
  output(stack, 'LaneQueueUrl', lanes.urlPattern, 'Queue of a lane; its dead-letter queue ends in -dlq');
  output(stack, 'WebhookQueueUrl', events.webhooks.queue.queueUrl, 'Queue of webhook deliveries');
  output(stack, 'EventBusName', events.bus.eventBusName, 'Bus that gets the events');
  output(stack, 'MessagesTable', storage.messages.table.tableName, 'Messages and their timelines');
  output(stack, 'ReceiptsTable', storage.receipts.table.tableName, 'Submitted segments and raw receipts');
  output(stack, 'ControlTable', storage.control.table.tableName, 'Keys, webhook endpoints and leases');
  output(stack, 'ClusterName', binder.cluster.clusterName, 'ECS cluster of the binder');
  output(stack, 'ServiceName', binder.service.serviceName, 'ECS service of the binder');
}
