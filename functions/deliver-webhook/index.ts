import { SQSClient } from '@aws-sdk/client-sqs';
import { clientLimits, IN_THE_BACKGROUND } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { programLog } from '../../shared/log/log.ts';
import { WebhookQueue } from '../../shared/queue/webhooks.ts';
import { documentClient } from '../../shared/store/client.ts';
import { WebhookStore } from '../../shared/store/control-webhooks.ts';
import { environmentSchema } from './config.ts';
import { deliverWebhookHandler } from './handler.ts';
import { post } from './post.ts';

/** An endpoint's time to answer. */
const ANSWER_TIMEOUT_MS = 15_000;

const environment = readEnvironment(environmentSchema, process.env);
const sqs = new SQSClient(clientLimits(IN_THE_BACKGROUND));
const rules = { timeoutMs: ANSWER_TIMEOUT_MS, loopbackAllowed: environment.WEBHOOK_LOOPBACK };

export const handler = deliverWebhookHandler({
  endpoints: new WebhookStore(documentClient(), environment.CONTROL_TABLE),
  queue: new WebhookQueue(sqs, environment.WEBHOOK_QUEUE_URL),
  post: async (target) => await post(target, rules),
  log: programLog('deliver-webhook', environment.LOG_LEVEL, environment.STAGE),
  now: Date.now,
  random: Math.random,
});
