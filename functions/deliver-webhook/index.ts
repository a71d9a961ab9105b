import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { clientLimits, IN_THE_BACKGROUND } from '../../shared/config/aws-limits.ts';
import { readEnvironment } from '../../shared/config/environment.ts';
import { programLog, writeLine } from '../../shared/log/log.ts';
import { WebhookQueue } from '../../shared/queue/webhooks.ts';
import { documentClient } from '../../shared/store/client.ts';
import { CallbackHostStore } from '../../shared/store/control-callback-hosts.ts';
import { CallbackSecretStore } from '../../shared/store/control-callback-secret.ts';
import { WebhookStore } from '../../shared/store/control-webhooks.ts';
import { EventBus } from '../middleware/event-bus.ts';
import { environmentSchema } from './config.ts';
import { countedAttempts } from './counted-attempts.ts';
import { deliverWebhookHandler } from './handler.ts';
import { askNameServers } from './name-server.ts';
import { post } from './post.ts';

/** An endpoint's time to answer. One that needs more than a little of it gets its deliveries one by one. */
const PATIENCE = { amongOthersMs: 3_000, aloneMs: 15_000 };

const environment = readEnvironment(environmentSchema, process.env);
const limits = clientLimits(IN_THE_BACKGROUND);
const { EVENT_BUS: bus, EVENT_SOURCE: source } = environment;
const rules = { loopbackAllowed: environment.WEBHOOK_LOOPBACK };
const document = documentClient();
const resolve = askNameServers();

export const handler = deliverWebhookHandler({
  endpoints: countedAttempts(new WebhookStore(document, environment.CONTROL_TABLE), {
    stage: environment.STAGE,
    now: Date.now,
    write: writeLine,
  }),
  callbackHosts: new CallbackHostStore(document, environment.CONTROL_TABLE, Date.now),
  callbackSecrets: new CallbackSecretStore(document, environment.CONTROL_TABLE),
  callbackRules: { ...rules, hosts: environment.CALLBACK_HOSTS },
  queue: new WebhookQueue(new SQSClient(limits), environment.WEBHOOK_QUEUE_URL),
  bus: new EventBus(new EventBridgeClient(limits), { bus, source }),
  post: async (target, { timeoutMs }) => await post(target, { ...rules, resolve, timeoutMs }),
  patience: PATIENCE,
  log: programLog('deliver-webhook', environment.LOG_LEVEL, environment.STAGE),
  stage: environment.STAGE,
  timeFactor: environment.WEBHOOK_TIME_FACTOR,
  now: Date.now,
  random: Math.random,
});
