import { randomUUID } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { LANES } from '../shared/config/account.ts';
import { clientLimits, IN_THE_BACKGROUND } from '../shared/config/aws-limits.ts';
import { ConfigurationError, laneQueueUrl, readEnvironment } from '../shared/config/environment.ts';
import { programLog } from '../shared/log/log.ts';
import { documentClient } from '../shared/store/client.ts';
import { MessageStore } from '../shared/store/messages.ts';
import { ReceiptStore } from '../shared/store/receipts.ts';
import { CarrierAccount } from './carrier-account.ts';
import { environmentSchema } from './config.ts';
import { readCredentials } from './credentials.ts';
import { serveHealth } from './health-page.ts';
import { LeaseStore } from './lease/lease-store.ts';
import { systemClock } from './session/clock.ts';
import type { BinderContext } from './term.ts';

/** The container's main program: every account of the deployment, each bound by whichever binder holds its lease. */
async function main(): Promise<void> {
  const environment = readEnvironment(environmentSchema, process.env);
  const log = programLog('binder', environment.LOG_LEVEL, environment.STAGE);
  const document = documentClient();
  const secrets = new SecretsManagerClient(clientLimits(IN_THE_BACKGROUND));
  const context: BinderContext = {
    messages: new MessageStore(document, environment.MESSAGES_TABLE),
    receipts: new ReceiptStore(document, environment.RECEIPTS_TABLE, environment.RECEIPT_RETENTION_DAYS),
    sqs: queueClient(environment.BINDER_ACCOUNTS.length),
    queueUrl: (account, lane) => laneQueueUrl(environment.LANE_QUEUE_URL, account, lane),
    credentials: (account) =>
      readCredentials(secrets, environment.ACCOUNT_SECRETS[account.name] ?? account.name, account),
    clock: systemClock,
    wallClock: Date.now,
    random: Math.random,
    log,
  };
  const leases = new LeaseStore(document, environment.CONTROL_TABLE);
  const owner = randomUUID();
  const accounts = environment.BINDER_ACCOUNTS.map((account) => new CarrierAccount(account, owner, leases, context));

  await serveHealth(environment.HEALTH_PORT, () => ({ accounts: accounts.map((account) => account.snapshot()) }));
  for (const account of accounts) account.start();
  log.info('binder started', { owner, accounts: accounts.map((account) => account.snapshot().account) });

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info('stopping: draining and unbinding', { signal });
    await Promise.allSettled(accounts.map((account) => account.stop()));
    log.info('stopped');
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
}

/** Each lane has a poll open all the time: it must neither time out nor take the sockets of the short calls. */
function queueClient(accounts: number): SQSClient {
  const limits = clientLimits({ ...IN_THE_BACKGROUND, requestTimeoutMs: 15_000 });
  const agent = { maxSockets: 50 + accounts * LANES.length };
  return new SQSClient({
    ...limits,
    requestHandler: { ...limits.requestHandler, httpAgent: agent, httpsAgent: agent },
  });
}

try {
  await main();
} catch (error) {
  const message = error instanceof ConfigurationError ? error.message : (error as Error).stack;
  process.stderr.write(`binder: ${message}\n`);
  process.exit(1);
}
