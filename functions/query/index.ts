import { SQSClient } from '@aws-sdk/client-sqs';
import { ulid } from 'ulid';
import { clientLimits, WHILE_A_CALLER_WAITS } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { programLog } from '../../shared/log/log.ts';
import { LaneBacklog } from '../../shared/queue/lane-backlog.ts';
import { BatchStore } from '../../shared/store/batches.ts';
import { documentClient } from '../../shared/store/client.ts';
import { CursorKeyStore } from '../../shared/store/control-cursor-key.ts';
import { IdempotencyStore } from '../../shared/store/control-idempotency.ts';
import { KeyStore } from '../../shared/store/control-keys.ts';
import { RateStore } from '../../shared/store/control-rates.ts';
import { ReportStore } from '../../shared/store/control-reports.ts';
import { UsageStore } from '../../shared/store/control-usage.ts';
import { MessageIndexes } from '../../shared/store/message-indexes.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import { MessagesById } from '../../shared/store/messages-by-id.ts';
import { ReceiptStore } from '../../shared/store/receipts.ts';
import { Idempotency } from '../middleware/idempotency.ts';
import { KeyRing } from '../middleware/key-ring.ts';
import { LoadWatch } from '../middleware/load-watch.ts';
import { RateLimiter } from '../middleware/rate-limit.ts';
import { environmentSchema } from './config.ts';
import { queryHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema, process.env);
const log = programLog('query', environment.LOG_LEVEL, environment.STAGE);
const document = documentClient(WHILE_A_CALLER_WAITS);
const now = Date.now;
const records = new IdempotencyStore(document, environment.CONTROL_TABLE);
const keyStore = new KeyStore(document, environment.CONTROL_TABLE);
const reports = new ReportStore(document, environment.CONTROL_TABLE);
const queues = new SQSClient(clientLimits(WHILE_A_CALLER_WAITS));
const backlog = new LaneBacklog(queues, environment.LANE_QUEUE_URL);
const cursorKeys = new CursorKeyStore(document, environment.CONTROL_TABLE);

export const handler = queryHandler({
  idempotency: new Idempotency({ records, newUlid: ulid, now, log }),
  rates: new RateLimiter({
    rates: new RateStore(document, environment.CONTROL_TABLE),
    perSecond: environment.API_REQUESTS_PER_SECOND,
    now,
    log,
  }),
  keys: new KeyRing(keyStore, { now, log }),
  keyStore,
  usage: new UsageStore(document, environment.CONTROL_TABLE),
  reports,
  loads: new LoadWatch({ reports, backlog, log, now }),
  messages: new MessageStore(document, environment.MESSAGES_TABLE),
  receipts: new ReceiptStore(document, environment.RECEIPTS_TABLE),
  batches: new BatchStore(document, environment.MESSAGES_TABLE),
  messagesById: new MessagesById(document, environment.MESSAGES_TABLE),
  indexes: new MessageIndexes(document, environment.MESSAGES_TABLE),
  cursorKey: async () => await cursorKeys.get(),
  accounts: environment.API_ACCOUNTS,
  log,
  now,
});
