import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientLimits, IN_THE_BACKGROUND } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { programLog, writeLine } from '../../shared/log/log.ts';
import { FeedQueue } from '../../shared/queue/feed.ts';
import { LaneBacklog } from '../../shared/queue/lane-backlog.ts';
import { LaneQueues } from '../../shared/queue/lanes.ts';
import { BatchStore } from '../../shared/store/batches.ts';
import { documentClient } from '../../shared/store/client.ts';
import { HistoryStore } from '../../shared/store/control-histories.ts';
import { KeyStore } from '../../shared/store/control-keys.ts';
import { ReportStore } from '../../shared/store/control-reports.ts';
import { UsageStore } from '../../shared/store/control-usage.ts';
import { InboundStore } from '../../shared/store/inbound.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import { LoadWatch } from '../middleware/load-watch.ts';
import { environmentSchema } from './config.ts';
import { sweepHandler } from './handler.ts';
import { quotaTeller } from './quota-used.ts';

const environment = readEnvironment(environmentSchema, process.env);
const limits = clientLimits(IN_THE_BACKGROUND);
const document = documentClient();
const queues = new SQSClient(limits);
const secrets = new SecretsManagerClient(limits);

async function readSecret(): Promise<string> {
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: environment.ADMIN_KEY_SECRET }));
  return SecretString ?? '';
}

const log = programLog('sweep', environment.LOG_LEVEL, environment.STAGE);

export const handler = sweepHandler({
  accounts: environment.API_ACCOUNTS,
  messages: new MessageStore(document, environment.MESSAGES_TABLE),
  batches: new BatchStore(document, environment.MESSAGES_TABLE),
  inbound: new InboundStore(document, environment.RECEIPTS_TABLE, environment.RECEIPT_RETENTION_DAYS),
  lanes: new LaneQueues(queues, environment.LANE_QUEUE_URL),
  feed: new FeedQueue(queues, environment.FEED_QUEUE_URL),
  keyStore: new KeyStore(document, environment.CONTROL_TABLE),
  readSecret,
  tellQuota: quotaTeller({
    usage: new UsageStore(document, environment.CONTROL_TABLE),
    stage: environment.STAGE,
    now: Date.now,
    write: writeLine,
  }),
  histories: new HistoryStore(document, environment.CONTROL_TABLE),
  loads: new LoadWatch({
    reports: new ReportStore(document, environment.CONTROL_TABLE),
    backlog: new LaneBacklog(queues, environment.LANE_QUEUE_URL),
    log,
    now: Date.now,
  }),
  log,
  now: Date.now,
});
