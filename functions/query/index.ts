import { SQSClient } from '@aws-sdk/client-sqs';
import { clientLimits, WHILE_A_CALLER_WAITS } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { LaneBacklog } from '../../shared/queue/lane-backlog.ts';
import { BatchStore } from '../../shared/store/batches.ts';
import { documentClient } from '../../shared/store/client.ts';
import { CursorKeyStore } from '../../shared/store/control-cursor-key.ts';
import { KeyStore } from '../../shared/store/control-keys.ts';
import { OutcomeStore } from '../../shared/store/control-outcomes.ts';
import { ReportStore } from '../../shared/store/control-reports.ts';
import { UsageStore } from '../../shared/store/control-usage.ts';
import { WebhookAttempts } from '../../shared/store/control-webhook-attempts.ts';
import { InboundStore } from '../../shared/store/inbound.ts';
import { MessageIndexes } from '../../shared/store/message-indexes.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import { MessagesById } from '../../shared/store/messages-by-id.ts';
import { httpDependencies } from '../middleware/http-dependencies.ts';
import { LoadWatch } from '../middleware/load-watch.ts';
import { environmentSchema } from './config.ts';
import { queryHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema, process.env);
const document = documentClient(WHILE_A_CALLER_WAITS);
const http = httpDependencies('query', environment, document);
const reports = new ReportStore(document, environment.CONTROL_TABLE);
const queues = new SQSClient(clientLimits(WHILE_A_CALLER_WAITS));
const backlog = new LaneBacklog(queues, environment.LANE_QUEUE_URL);
const cursorKeys = new CursorKeyStore(document, environment.CONTROL_TABLE);

export const handler = queryHandler({
  ...http,
  keyStore: new KeyStore(document, environment.CONTROL_TABLE),
  usage: new UsageStore(document, environment.CONTROL_TABLE),
  reports,
  loads: new LoadWatch({ reports, backlog, log: http.log, now: http.now }),
  messages: new MessageStore(document, environment.MESSAGES_TABLE),
  inbound: new InboundStore(document, environment.RECEIPTS_TABLE),
  batches: new BatchStore(document, environment.MESSAGES_TABLE),
  messagesById: new MessagesById(document, environment.MESSAGES_TABLE),
  indexes: new MessageIndexes(document, environment.MESSAGES_TABLE),
  outcomes: new OutcomeStore(document, environment.CONTROL_TABLE, { now: http.now }),
  attempts: new WebhookAttempts(document, environment.CONTROL_TABLE),
  cursorKey: async () => await cursorKeys.get(),
  accounts: environment.API_ACCOUNTS,
});
