import { randomBytes } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ulid } from 'ulid';
import { clientLimits, WHILE_A_CALLER_WAITS } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { programLog } from '../../shared/log/log.ts';
import { WebhookQueue } from '../../shared/queue/webhooks.ts';
import { BatchStore } from '../../shared/store/batches.ts';
import { documentClient } from '../../shared/store/client.ts';
import { CursorKeyStore } from '../../shared/store/control-cursor-key.ts';
import { IdempotencyStore } from '../../shared/store/control-idempotency.ts';
import { KeyStore } from '../../shared/store/control-keys.ts';
import { OptOutStore } from '../../shared/store/control-opt-outs.ts';
import { RateStore } from '../../shared/store/control-rates.ts';
import { WebhookAttempts } from '../../shared/store/control-webhook-attempts.ts';
import { WebhookStore } from '../../shared/store/control-webhooks.ts';
import { MessageIndexes } from '../../shared/store/message-indexes.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import { ReceiptStore } from '../../shared/store/receipts.ts';
import { Idempotency } from '../middleware/idempotency.ts';
import { KeyRing } from '../middleware/key-ring.ts';
import { RateLimiter } from '../middleware/rate-limit.ts';
import { environmentSchema } from './config.ts';
import { manageHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema, process.env);
const log = programLog('manage', environment.LOG_LEVEL, environment.STAGE);
const document = documentClient(WHILE_A_CALLER_WAITS);
const cursorKeys = new CursorKeyStore(document, environment.CONTROL_TABLE);
const keyStore = new KeyStore(document, environment.CONTROL_TABLE);
const now = Date.now;
const records = new IdempotencyStore(document, environment.CONTROL_TABLE);

export const handler = manageHandler({
  idempotency: new Idempotency({ records, newUlid: ulid, now, log }),
  rates: new RateLimiter({
    rates: new RateStore(document, environment.CONTROL_TABLE),
    perSecond: environment.API_REQUESTS_PER_SECOND,
    now,
    log,
  }),
  keys: new KeyRing(keyStore, { now, log }),
  keyStore,
  accounts: environment.API_ACCOUNTS,
  endpoints: new WebhookStore(document, environment.CONTROL_TABLE),
  attempts: new WebhookAttempts(document, environment.CONTROL_TABLE),
  webhooks: new WebhookQueue(new SQSClient(clientLimits(WHILE_A_CALLER_WAITS)), environment.WEBHOOK_QUEUE_URL),
  batches: new BatchStore(document, environment.MESSAGES_TABLE),
  stage: environment.STAGE,
  messages: new MessageStore(document, environment.MESSAGES_TABLE),
  indexes: new MessageIndexes(document, environment.MESSAGES_TABLE),
  receipts: new ReceiptStore(document, environment.RECEIPTS_TABLE),
  optOuts: new OptOutStore(document, environment.CONTROL_TABLE),
  cursorKey: async () => await cursorKeys.get(),
  loopbackAllowed: environment.WEBHOOK_LOOPBACK,
  newEndpointId: (now) => `we_${ulid(now)}`,
  randomBytes,
  log,
  now,
});
