import { mkdirSync } from 'node:fs';
import { Policies } from '../iam/policies.ts';
import type { AccessKey, CallHooks, LocalAws, LocalAwsOptions } from './api.ts';
import { AwsError } from './call.ts';
import { Callers } from './callers.ts';
import { Dispatcher } from './dispatcher.ts';
import { EmbeddedTables } from './dynamodb/embedded.ts';
import { ExternalTables } from './dynamodb/external.ts';
import { EventBridge } from './eventbridge.ts';
import { Front } from './front.ts';
import { guard } from './guard.ts';
import { invoker } from './invoke.ts';
import { SecretsManager } from './secrets.ts';
import { EmbeddedQueues } from './sqs/embedded.ts';
import { ExternalQueues } from './sqs/external.ts';

/** Emulators take any credentials, but ask for some. */
const EMULATOR_CREDENTIALS: AccessKey = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Starts the AWS services of the local stack and the front before them. Throws when the port or the state directory is in use. */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const { stateDirectory, port = 0, endpoints = {}, log = () => {}, now = Date.now } = options;
  const hooks: CallHooks = options.hooks ?? {};
  const credentials = options.credentials ?? EMULATOR_CREDENTIALS;
  mkdirSync(stateDirectory, { recursive: true, mode: 0o700 });
  const host = (): string => new URL(front.url).host;

  // First, because its database also keeps a second local stack out of the directory.
  const tables = endpoints.dynamodb
    ? await ExternalTables.open({ stateDirectory, url: endpoints.dynamodb, credentials, now, log })
    : await EmbeddedTables.open({ stateDirectory, now, log });
  const queues = endpoints.sqs
    ? new ExternalQueues({ url: endpoints.sqs, credentials, host })
    : await EmbeddedQueues.open({ stateDirectory, host, log });
  const buses = new EventBridge({ stateDirectory, now, log });
  const secrets = new SecretsManager({ stateDirectory, now });

  const services = { sqs: queues, dynamodb: tables, events: buses, secretsmanager: secrets };
  const callers = new Callers();
  const policies = new Policies();
  const authorize = guard(policies, (id) => secrets.arnOf(id));
  const dispatcher = new Dispatcher({ services, authorize, hooks, log });
  const front = new Front({ port, callers, dispatch: (call) => dispatcher.dispatch(call), log });
  const closeServices = () => Promise.all(Object.values(services).map((service) => service.close()));
  await front.listen().catch(async (cause: NodeJS.ErrnoException) => {
    await closeServices();
    throw cause.code === 'EADDRINUSE' ? new AwsError('PortInUse', `Port ${port} is in use`) : cause;
  });

  return {
    url: front.url,
    registerCaller: (caller) => callers.register(caller),
    queues,
    tables,
    buses,
    secrets,
    policies,
    invoke: invoker(dispatcher, callers.local),
    close: async () => {
      await front.close();
      await closeServices();
    },
  };
}
