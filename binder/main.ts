import { randomBytes, randomUUID } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { LANES } from '../shared/config/account.ts';
import { clientLimits, IN_THE_BACKGROUND } from '../shared/config/aws-limits.ts';
import { ConfigurationError, laneQueueUrl, readEnvironment } from '../shared/config/environment.ts';
import { programLog } from '../shared/log/log.ts';
import { documentClient } from '../shared/store/client.ts';
import { HistoryStore } from '../shared/store/control-histories.ts';
import { ReportStore } from '../shared/store/control-reports.ts';
import { MessageStore } from '../shared/store/messages.ts';
import { OptOutLookup } from '../shared/store/opt-out-lookup.ts';
import { ReceiptStore } from '../shared/store/receipts.ts';
import { Binder } from './binder.ts';
import { environmentSchema } from './config.ts';
import { readCredentials } from './credentials.ts';
import { serveHealth } from './health-page.ts';
import { HeartbeatStore } from './lease/heartbeat-store.ts';
import { LeaseStore } from './lease/lease-store.ts';
import { systemClock } from './session/clock.ts';
import { TestCentres } from './test-centre.ts';

/** The container's main program: every account of the deployment, each bound by whichever binder holds its lease. */
async function main(): Promise<void> {
  const environment = readEnvironment(environmentSchema, process.env);
  const { CONTROL_TABLE, HEALTH_PORT, METRICS_INTERVAL_SECONDS, STAGE } = environment;
  const log = programLog('binder', environment.LOG_LEVEL, STAGE);
  const testCentres = await TestCentres.start(environment.BINDER_ACCOUNTS, randomBytes(4).toString('hex'));
  const { accounts } = testCentres;
  const document = documentClient();
  const secrets = new SecretsManagerClient(clientLimits(IN_THE_BACKGROUND));
  const binder = new Binder({
    stage: STAGE,
    owner: randomUUID(),
    accounts,
    leases: new LeaseStore(document, CONTROL_TABLE),
    heartbeats: new HeartbeatStore(document, CONTROL_TABLE),
    reports: new ReportStore(document, CONTROL_TABLE),
    context: {
      messages: new MessageStore(document, environment.MESSAGES_TABLE),
      receipts: new ReceiptStore(document, environment.RECEIPTS_TABLE, environment.RECEIPT_RETENTION_DAYS),
      histories: new HistoryStore(document, CONTROL_TABLE),
      optOuts: new OptOutLookup(document, CONTROL_TABLE),
      sqs: queueClient(accounts.length),
      queueUrl: (account, lane) => laneQueueUrl(environment.LANE_QUEUE_URL, account, lane),
      credentials: async (account) =>
        testCentres.credentials(account) ??
        (await readCredentials(secrets, environment.ACCOUNT_SECRETS[account.name] ?? account.name, account)),
      clock: systemClock,
      wallClock: Date.now,
      random: Math.random,
      log,
    },
    metrics: {
      intervalMs: METRICS_INTERVAL_SECONDS * 1_000,
      write: (line) => process.stdout.write(`${line}\n`),
    },
  });

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info('stopping: draining and unbinding', { signal });
    await binder.stop();
    await testCentres.close();
    log.info('stopped');
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop('SIGTERM'));
  process.on('SIGINT', () => void stop('SIGINT'));
  await serveHealth(HEALTH_PORT, () => binder.health);
  await binder.start();
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
