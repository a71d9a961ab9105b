import { setTimeout as sleep } from 'node:timers/promises';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBStreamEvent } from 'aws-lambda';
import { clientLimits, IN_THE_BACKGROUND } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { programLog, writeLine } from '../../shared/log/log.ts';
import { WebhookQueue } from '../../shared/queue/webhooks.ts';
import { documentClient } from '../../shared/store/client.ts';
import { OutcomeStore } from '../../shared/store/control-outcomes.ts';
import { UsageStore } from '../../shared/store/control-usage.ts';
import { WebhookStore } from '../../shared/store/control-webhooks.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import type { BatchResult } from '../middleware/batch.ts';
import { EventBus } from '../middleware/event-bus.ts';
import { ParkedRecords } from '../middleware/parked-records.ts';
import { environmentSchema } from './config.ts';
import { countedBus } from './counted-bus.ts';
import { publishChanges } from './publish.ts';

const environment = readEnvironment(environmentSchema, process.env);
const limits = clientLimits(IN_THE_BACKGROUND);
const document = documentClient();
const sqs = new SQSClient(limits);
const endpoints = new WebhookStore(document, environment.CONTROL_TABLE);
const { EVENT_BUS: busName, EVENT_SOURCE: source, STAGE: stage } = environment;
const bus = new EventBus(new EventBridgeClient(limits), {
  bus: busName,
  source,
  endUserMessaging: environment.END_USER_MESSAGING,
});
const testAccounts = new Set(
  environment.API_ACCOUNTS.filter(({ simulated }) => simulated === true).map(({ name }) => name),
);
const dependencies = {
  bus: countedBus(bus, { stage, now: Date.now, write: writeLine }),
  webhooks: new WebhookQueue(sqs, environment.WEBHOOK_QUEUE_URL),
  parked: new ParkedRecords(sqs, {
    url: environment.PARKED_QUEUE_URL,
    functionName: process.env['AWS_LAMBDA_FUNCTION_NAME'],
  }),
  endpoints: async () => await endpoints.list(),
  messages: new MessageStore(document, environment.MESSAGES_TABLE),
  outcomes: new OutcomeStore(document, environment.CONTROL_TABLE, { now: Date.now }),
  usage: new UsageStore(document, environment.CONTROL_TABLE),
  stage,
  isTest: (account: string) => testAccounts.has(account),
  log: programLog('publish-events', environment.LOG_LEVEL, stage),
  now: Date.now,
  sleep: async (ms: number) => await sleep(ms),
};

/** Changes of the Messages table, new messages from subscribers, and those changes of the Control table that somebody should hear of. */
export const handler = async ({ Records }: DynamoDBStreamEvent): Promise<BatchResult> =>
  await publishChanges(Records, dependencies);
