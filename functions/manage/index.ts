import { randomBytes } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { ulid } from 'ulid';
import { clientLimits, WHILE_A_CALLER_WAITS } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { WebhookQueue } from '../../shared/queue/webhooks.ts';
import { BatchStore } from '../../shared/store/batches.ts';
import { documentClient } from '../../shared/store/client.ts';
import { CallbackHostStore } from '../../shared/store/control-callback-hosts.ts';
import { CallbackSecretStore } from '../../shared/store/control-callback-secret.ts';
import { CursorKeyStore } from '../../shared/store/control-cursor-key.ts';
import { KeyStore } from '../../shared/store/control-keys.ts';
import { KeywordStore } from '../../shared/store/control-keywords.ts';
import { OptOutStore } from '../../shared/store/control-opt-outs.ts';
import { OutcomeStore } from '../../shared/store/control-outcomes.ts';
import { WebhookAttempts } from '../../shared/store/control-webhook-attempts.ts';
import { WebhookStore } from '../../shared/store/control-webhooks.ts';
import { InboundStore } from '../../shared/store/inbound.ts';
import { MessageFeedback } from '../../shared/store/message-feedback.ts';
import { MessageIndexes } from '../../shared/store/message-indexes.ts';
import { MessageStore } from '../../shared/store/messages.ts';
import { httpDependencies } from '../middleware/http-dependencies.ts';
import { environmentSchema } from './config.ts';
import { manageHandler } from './handler.ts';

const environment = readEnvironment(environmentSchema, process.env);
const document = documentClient(WHILE_A_CALLER_WAITS);
const http = httpDependencies('manage', environment, document);
const cursorKeys = new CursorKeyStore(document, environment.CONTROL_TABLE);

export const handler = manageHandler({
  ...http,
  keyStore: new KeyStore(document, environment.CONTROL_TABLE),
  accounts: environment.API_ACCOUNTS,
  endpoints: new WebhookStore(document, environment.CONTROL_TABLE),
  attempts: new WebhookAttempts(document, environment.CONTROL_TABLE),
  webhooks: new WebhookQueue(new SQSClient(clientLimits(WHILE_A_CALLER_WAITS)), environment.WEBHOOK_QUEUE_URL),
  batches: new BatchStore(document, environment.MESSAGES_TABLE),
  stage: environment.STAGE,
  messages: new MessageStore(document, environment.MESSAGES_TABLE),
  indexes: new MessageIndexes(document, environment.MESSAGES_TABLE),
  inbound: new InboundStore(document, environment.RECEIPTS_TABLE),
  keywords: new KeywordStore(document, environment.CONTROL_TABLE),
  optOuts: new OptOutStore(document, environment.CONTROL_TABLE),
  cursorKey: async () => await cursorKeys.get(),
  feedback: new MessageFeedback(document, environment.MESSAGES_TABLE),
  outcomes: new OutcomeStore(document, environment.CONTROL_TABLE, { now: http.now }),
  callbackHosts: new CallbackHostStore(document, environment.CONTROL_TABLE, http.now),
  callbackSecrets: new CallbackSecretStore(document, environment.CONTROL_TABLE),
  allowedHosts: environment.CALLBACK_HOSTS,
  loopbackAllowed: environment.WEBHOOK_LOOPBACK,
  newEndpointId: (now) => `we_${ulid(now)}`,
  randomBytes,
});
