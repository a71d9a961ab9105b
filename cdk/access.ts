import type { FunctionName } from './bundle.ts';
import { apiAccounts, binderAccounts, receiptAccounts } from './config/resolve.ts';
import type { Configuration } from './config/schema.ts';
import type { Events } from './constructs/events.ts';
import type { Feed } from './constructs/feed.ts';
import type { Lanes } from './constructs/lanes.ts';
import type { Program } from './constructs/program.ts';
import type { AdminKey, OperatorCredentials } from './constructs/secrets.ts';
import type { Storage } from './constructs/storage.ts';

/** What programs can be let into. */
export interface Resources {
  configuration: Configuration;
  storage: Storage;
  lanes: Lanes;
  events: Events;
  feed: Feed;
  credentials: OperatorCredentials;
  adminKey: AdminKey;
}

type Access = (program: Program, resources: Resources) => void;

/** Where webhooks may go. */
function tellWebhookRules(program: Program, { callbackHosts, webhookLoopback }: Configuration): void {
  program.tell('CALLBACK_HOSTS', JSON.stringify(callbackHosts));
  program.tell('WEBHOOK_LOOPBACK', String(webhookLoopback));
}

/** For how long what a function writes is kept. */
function tellRetention(program: Program, { retention }: Configuration): void {
  program.tell('MESSAGE_RETENTION_DAYS', String(retention.messagesDays));
  program.tell('RECEIPT_RETENTION_DAYS', String(retention.receiptsDays));
}

const functions: Record<FunctionName, Access> = {
  send(program, { configuration, storage, lanes, feed }) {
    program.tell('API_REQUESTS_PER_SECOND', String(configuration.apiRequestsPerSecond));
    program.tell('API_ACCOUNTS', apiAccounts(configuration.servedAccounts));
    program.tell('MESSAGE_RETENTION_DAYS', String(configuration.retention.messagesDays));
    tellWebhookRules(program, configuration);
    storage.messages.open(program, ['GetItem', 'BatchGetItem', 'PutItem', 'BatchWriteItem', 'UpdateItem']);
    storage.control.open(program, ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem']);
    lanes.openToCountingSender(program);
    feed.openToCaller(program);
  },
  query(program, { configuration, storage, lanes }) {
    program.tell('API_REQUESTS_PER_SECOND', String(configuration.apiRequestsPerSecond));
    program.tell('API_ACCOUNTS', apiAccounts(configuration.servedAccounts));
    storage.messages.open(
      program,
      ['GetItem', 'BatchGetItem'],
      ['by-account', 'by-recipient', 'by-client-ref', 'by-batch'],
    );
    storage.receipts.open(program, ['GetItem', 'Query']);
    storage.control.open(program, ['GetItem', 'Query', 'UpdateItem']);
    lanes.openToCounter(program);
  },
  manage(program, { configuration, storage, events }) {
    program.tell('API_REQUESTS_PER_SECOND', String(configuration.apiRequestsPerSecond));
    program.tell('API_ACCOUNTS', apiAccounts(configuration.servedAccounts));
    tellWebhookRules(program, configuration);
    storage.messages.open(program, ['GetItem', 'UpdateItem'], ['by-recipient']);
    storage.receipts.open(program, ['GetItem', 'Query', 'DeleteItem']);
    storage.control.open(program, ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query']);
    events.openToWebhookSender(program);
  },
  // It shows what the bundle holds.
  docs() {},
  'apply-receipts'(program, { configuration, storage, lanes }) {
    program.tell('RECEIPT_ACCOUNTS', receiptAccounts(configuration.servedAccounts));
    tellRetention(program, configuration);
    storage.messages.open(program, ['GetItem', 'PutItem', 'UpdateItem']);
    storage.receipts.open(program, ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query']);
    storage.control.open(program, ['GetItem', 'UpdateItem', 'DeleteItem']);
    lanes.openToSender(program);
  },
  'publish-events'(program, { configuration, storage, events }) {
    program.tell('END_USER_MESSAGING', String(configuration.endUserMessagingEvents));
    program.tell('API_ACCOUNTS', apiAccounts(configuration.servedAccounts));
    storage.messages.open(program, ['GetItem', 'UpdateItem']);
    storage.control.open(program, ['UpdateItem', 'Query']);
    events.openToPublisher(program);
    events.openToWebhookSender(program);
  },
  'deliver-webhook'(program, { configuration, storage, events }) {
    tellWebhookRules(program, configuration);
    program.tell('WEBHOOK_TIME_FACTOR', String(configuration.webhookTimeFactor));
    storage.control.open(program, ['GetItem', 'PutItem', 'UpdateItem', 'Query']);
    events.openToPublisher(program);
    events.openToWebhookSender(program);
  },
  'feed-batches'(program, { configuration, storage, lanes, feed }) {
    program.tell('API_ACCOUNTS', apiAccounts(configuration.servedAccounts));
    storage.messages.open(program, ['GetItem', 'BatchGetItem', 'UpdateItem']);
    lanes.openToSender(program);
    feed.openToCaller(program);
  },
  sweep(program, { configuration, storage, lanes, feed, adminKey }) {
    program.tell('API_ACCOUNTS', apiAccounts(configuration.servedAccounts));
    program.tell('RECEIPT_RETENTION_DAYS', String(configuration.retention.receiptsDays));
    storage.messages.open(program, ['GetItem', 'UpdateItem'], ['due']);
    storage.receipts.open(program, ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query']);
    storage.control.open(program, ['GetItem', 'PutItem']);
    lanes.openToCountingSender(program);
    feed.openToCaller(program);
    adminKey.open(program);
  },
};

const binder: Access = (program, { configuration, storage, lanes, credentials }) => {
  program.tell('BINDER_ACCOUNTS', binderAccounts(configuration.servedAccounts));
  program.tell('RECEIPT_RETENTION_DAYS', String(configuration.retention.receiptsDays));
  program.tell('METRICS_INTERVAL_SECONDS', String(configuration.binder.metricsIntervalSeconds));
  storage.messages.open(program, ['GetItem', 'UpdateItem']);
  storage.receipts.open(program, ['PutItem']);
  storage.control.open(program, ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem', 'Query']);
  lanes.openToReceiver(program);
  credentials.open(program);
};

/** Gives `program` its whole environment and exactly the rights that go with it. */
export function giveAccess(name: FunctionName | 'binder', program: Program, resources: Resources): void {
  program.tell('STAGE', resources.configuration.stage);
  program.tell('LOG_LEVEL', resources.configuration.logLevel);
  const access = name === 'binder' ? binder : functions[name];
  access(program, resources);
}
