import { setTimeout as sleep } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ulid } from 'ulid';
import { clientLimits, WHILE_A_CALLER_WAITS } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { FeedQueue } from '../../shared/queue/feed.ts';
import { LaneBacklog } from '../../shared/queue/lane-backlog.ts';
import { LaneQueues } from '../../shared/queue/lanes.ts';
import { BatchStore } from '../../shared/store/batches.ts';
import { documentClient } from '../../shared/store/client.ts';
import { HistoryStore } from '../../shared/store/control-histories.ts';
import { ReportStore } from '../../shared/store/control-reports.ts';
import { UsageStore } from '../../shared/store/control-usage.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import { MessagesById } from '../../shared/store/messages-by-id.ts';
import { NewMessages } from '../../shared/store/new-messages.ts';
import { OptOutLookup } from '../../shared/store/opt-out-lookup.ts';
import { httpDependencies } from '../middleware/http-dependencies.ts';
import { LoadWatch } from '../middleware/load-watch.ts';
import { environmentSchema } from './config.ts';
import { sendHandler } from './handler.ts';
import { QuotaWatch } from './quota-watch.ts';

const environment = readEnvironment(environmentSchema, process.env);
const document = documentClient(WHILE_A_CALLER_WAITS);
const http = httpDependencies('send', environment, document);
const queues = new SQSClient(clientLimits(WHILE_A_CALLER_WAITS));

export const handler = sendHandler({
  ...http,
  messages: new MessageStore(document, environment.MESSAGES_TABLE, environment.MESSAGE_RETENTION_DAYS),
  optOuts: new OptOutLookup(document, environment.CONTROL_TABLE),
  loads: new LoadWatch({
    reports: new ReportStore(document, environment.CONTROL_TABLE),
    backlog: new LaneBacklog(queues, environment.LANE_QUEUE_URL),
    log: http.log,
    now: http.now,
  }),
  quotas: new QuotaWatch(new HistoryStore(document, environment.CONTROL_TABLE), http.log),
  usage: new UsageStore(document, environment.CONTROL_TABLE),
  messagesById: new MessagesById(document, environment.MESSAGES_TABLE),
  newMessages: new NewMessages(documentClient({ ...WHILE_A_CALLER_WAITS, maxAttempts: 1 }), {
    table: environment.MESSAGES_TABLE,
    retentionDays: environment.MESSAGE_RETENTION_DAYS,
    sleep,
  }),
  batches: new BatchStore(document, environment.MESSAGES_TABLE, environment.MESSAGE_RETENTION_DAYS),
  lanes: new LaneQueues(queues, environment.LANE_QUEUE_URL),
  feed: new FeedQueue(queues, environment.FEED_QUEUE_URL),
  accounts: environment.API_ACCOUNTS,
  callbacks: { hosts: environment.CALLBACK_HOSTS, loopbackAllowed: environment.WEBHOOK_LOOPBACK },
  newMessageId: (now) => `msg_${ulid(now)}`,
  newBatchId: (now) => `bat_${ulid(now)}`,
});
