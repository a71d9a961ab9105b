import { CfnDashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Stack } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import { LANES } from '../../shared/config/account.ts';
import type { Resources } from '../access.ts';
import { FUNCTIONS } from '../bundle.ts';
import { accountRow } from '../monitoring/dashboard/account.ts';
import { costRow } from '../monitoring/dashboard/costs.ts';
import { platformRows } from '../monitoring/dashboard/platform.ts';
import type { Site } from '../monitoring/site.ts';
import { dashboardBody } from '../monitoring/widget.ts';
import { Alarms } from './alarms.ts';
import type { Api } from './api.ts';
import type { Binder } from './binder.ts';
import type { Functions } from './functions.ts';
import type { Keeping } from './keeping.ts';
import type { Lanes } from './lanes.ts';
import { Notifications } from './notifications.ts';
import { DeadLetteredQueue } from './queue.ts';

interface MonitoringProps extends Pick<Resources, 'configuration' | 'storage' | 'lanes' | 'events'> {
  functions: Functions;
  api: Api;
  binder: Binder;
  keeping: Keeping;
}

/** An alarm widget takes a hundred. */
const MOST_SHOWN = 100;

/** Alarms, who hears of them, and a dashboard. Made last: it watches what the rest of the stack is. */
export class Monitoring extends Construct {
  readonly dashboard: CfnDashboard;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { alarms: wanted, binder: size, accounts } = props.configuration;
    const { topicArn } = new Notifications(this, 'Notifications', wanted, props.keeping);
    const site = siteOf(stack, props);
    const { metricsIntervalSeconds } = size;
    const { stackName } = stack;
    const { runbook } = wanted;
    const alarms = new Alarms(this, 'Alarms', { site, stackName, metricsIntervalSeconds, runbook, topicArn });
    const rows = [...accounts.map((account) => accountRow(account, site)), ...platformRows(site), costRow(site)];
    this.dashboard = new CfnDashboard(this, 'Dashboard', {
      // Dashboards are an AWS account's and not a region's: the same stage in two regions would have one between them.
      dashboardName: `${stackName}-${stack.region}`,
      dashboardBody: stack.toJsonString(
        dashboardBody(rows, { region: stack.region, alarms: alarms.arns.slice(0, MOST_SHOWN) }),
      ),
    });
  }
}

function siteOf(
  stack: Stack,
  { configuration, storage, lanes, events, functions, api, binder }: MonitoringProps,
): Site {
  const { accounts, stage } = configuration;
  return {
    stage,
    region: stack.region,
    accounts,
    lanes: accounts.flatMap((account) =>
      LANES.map((lane) => ({ account, lane, queueName: laneQueue(lanes, `${account.name}-${lane}`).queueName })),
    ),
    putAside: putAside(stack),
    webhookQueue: events.webhooks.queue.queueName,
    functions: FUNCTIONS.map((name) => {
      const { function: target } = functions.programs[name];
      const { memorySize } = target.node.defaultChild as CfnFunction;
      return { name, functionName: target.functionName, memoryMiB: memorySize ?? 128 };
    }),
    apiId: api.api.apiId,
    tables: Object.entries({ messages: storage.messages, receipts: storage.receipts, control: storage.control }).map(
      ([name, { table }]) => ({ name, tableName: table.tableName }),
    ),
    clusterName: binder.cluster.clusterName,
    serviceName: binder.service.serviceName,
  };
}

function laneQueue(lanes: Lanes, id: string): Queue {
  const found = lanes.node.findChild(id);
  if (!(found instanceof DeadLetteredQueue)) throw new TypeError(`${found.node.path} is no lane`);
  return found.queue;
}

/** Queues that nothing reads: every queue that is not the first of a pair. Found in the tree, so that none is forgotten. */
function putAside(stack: Stack): Site['putAside'] {
  const queues = stack.node.findAll().filter((child): child is Queue => child instanceof Queue);
  return queues
    .filter(({ node }) => node.id !== 'Queue')
    .map((queue) => ({ name: nameOf(queue), queueName: queue.queueName }));
}

/** Of its place in the stack without what every place has: `smpp-asia-otp`, `webhooks`, `publish-events-control`, `bus`. */
export function nameOf({ node }: Queue): string {
  const [, , , ...parts] = node.scopes.map((scope) => scope.node.id.replace(/^(Function|DeadLetters)$|Parked$/, ''));
  return parts.filter(Boolean).join('-').toLowerCase();
}
