import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Account } from '../../../shared/config/account.ts';
import { freePort } from '../../fixtures/free-port.ts';
import { CREDENTIALS, REGION, SECRET, type World } from './world.ts';

const BINDER = join(import.meta.dirname, '../../../binder');

/** Secrets Manager, as much as a binder asks of it: every secret is the same. */
export async function startSecrets(): Promise<string> {
  const server: Server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ SecretString: JSON.stringify(SECRET) }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterAll(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The binder's program in a process of its own. */
export class BinderProcess {
  readonly #child: ChildProcess;
  readonly #environment: NodeJS.ProcessEnv;
  output = '';

  private constructor(environment: NodeJS.ProcessEnv) {
    this.#environment = environment;
    this.#child = spawn(process.execPath, [join(BINDER, 'main.ts')], { env: environment });
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.output += chunk.toString();
      });
  }

  static async start(world: World, account: Account, secretsUrl: string): Promise<BinderProcess> {
    return new BinderProcess({
      STAGE: 'test',
      MESSAGES_TABLE: 'Messages',
      RECEIPTS_TABLE: 'Receipts',
      CONTROL_TABLE: 'Control',
      LANE_QUEUE_URL: world.queueUrlPattern,
      BINDER_ACCOUNTS: JSON.stringify([account]),
      ACCOUNT_SECRETS: JSON.stringify({ [account.name]: 'arn:secret' }),
      HEALTH_PORT: String(await freePort()),
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      AWS_ENDPOINT_URL_DYNAMODB: world.dynamodbEndpoint,
      AWS_ENDPOINT_URL_SQS: world.sqsEndpoint,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsUrl,
    });
  }

  /** @returns the exit code, null where a signal ended it */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return this.#child.exitCode;
    const exited = once(this.#child, 'exit') as Promise<[number | null]>;
    this.#child.kill(signal);
    const [code] = await exited;
    return code;
  }

  /** Exit code of the container's health check. */
  async checkHealth(): Promise<number | null> {
    const check = spawn(process.execPath, [join(BINDER, 'health.ts')], { env: this.#environment });
    const [code] = (await once(check, 'exit')) as [number | null];
    return code;
  }
}
