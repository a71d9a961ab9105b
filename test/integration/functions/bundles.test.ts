import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Bundles, bundle, FUNCTIONS } from '../../../cdk/bundle.ts';
import { apiEvent } from '../../fixtures/api-event.ts';
import { ACCOUNT } from './api.ts';

const outdir = mkdtempSync(join(tmpdir(), 'bindery-bundles-'));
let bundles: Bundles;
beforeAll(async () => {
  bundles = await bundle(join(import.meta.dirname, '../../..'), outdir);
}, 60_000);
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const MOST_KILOBYTES = 450;

const ENVIRONMENT = {
  STAGE: 'test',
  API_REQUESTS_PER_SECOND: '500',
  AWS_REGION: 'ap-southeast-1',
  MESSAGES_TABLE: 'Messages',
  RECEIPTS_TABLE: 'Receipts',
  CONTROL_TABLE: 'Control',
  API_ACCOUNTS: JSON.stringify([ACCOUNT]),
  RECEIPT_ACCOUNTS: JSON.stringify([{ name: ACCOUNT.name }]),
  CALLBACK_HOSTS: '[]',
  END_USER_MESSAGING: 'false',
  LANE_QUEUE_URL: 'http://127.0.0.1:9/{account}-{lane}',
  WEBHOOK_QUEUE_URL: 'http://127.0.0.1:9/webhooks',
  PARKED_QUEUE_URL: 'http://127.0.0.1:9/parked',
  FEED_QUEUE_URL: 'http://127.0.0.1:9/feed',
  WEBHOOK_LOOPBACK: 'false',
  EVENT_BUS: 'bus',
  EVENT_SOURCE: 'com.example.sms',
  ADMIN_KEY_SECRET: 'secret',
};

/** Runs `code` in a process that has nothing but a bundle, as Lambda does; `load` imports it. */
async function run(name: (typeof FUNCTIONS)[number], code: string, environment: Record<string, string> = {}) {
  const file = pathToFileURL(join(bundles.functions[name], 'index.mjs')).href;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '-e', `const load = () => import(${JSON.stringify(file)});\n${code}`],
    { cwd: outdir, env: { ...ENVIRONMENT, ...environment } },
  );
  return stdout;
}

test.each(FUNCTIONS)('%s loads from its bundle alone, which is small', async (name) => {
  expect(await run(name, 'const { handler } = await load(); console.log(typeof handler);')).toBe('function\n');
  expect(statSync(join(bundles.functions[name], 'index.mjs')).size).toBeLessThan(MOST_KILOBYTES * 1000);
});

test('a bundle that starts with a wrong environment names every problem, and no value', async () => {
  const wrong = { API_ACCOUNTS: 'secret-value', LANE_QUEUE_URL: 'secret-value', LOG_LEVEL: 'secret-value' };
  const said = await run('send', 'await load().catch((error) => console.log(error.code, error.message));', wrong);
  expect(said).toMatch(/^configuration_invalid/);
  for (const name of Object.keys(wrong)) expect(said).toContain(name);
  expect(said).not.toContain('secret-value');
});

test.each([
  ['its environment', { AWS_ACCESS_KEY_ID: 'AKIDENVIRONMENT', AWS_SECRET_ACCESS_KEY: 'x' }, 'AKIDENVIRONMENT'],
  ['the address of its container', {}, 'AKIDCONTAINER'],
])('a bundle takes its credentials from %s', async (_name, environment, expected) => {
  const seen: string[] = [];
  const aws = createServer((request, response) => {
    if (request.url === '/credentials') {
      const Expiration = new Date(Date.now() + 3_600_000).toISOString();
      response.end(JSON.stringify({ AccessKeyId: 'AKIDCONTAINER', SecretAccessKey: 'x', Token: 'y', Expiration }));
      return;
    }
    seen.push(String(request.headers.authorization));
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
  });
  aws.listen(0, '127.0.0.1');
  await once(aws, 'listening');
  onTestFinished(() => void aws.close());
  const address = `http://127.0.0.1:${(aws.address() as AddressInfo).port}`;
  const event = apiEvent('GET /v1/messages/{id}', { authorization: 'Bearer bk_live_nobody_0123456789abcdef' });
  const code = `const { handler } = await load(); console.log((await handler(${JSON.stringify(event)}, {})).statusCode);`;
  const said = await run('query', code, {
    ...environment,
    AWS_ENDPOINT_URL_DYNAMODB: address,
    AWS_CONTAINER_CREDENTIALS_FULL_URI: `${address}/credentials`,
  });
  expect(said.trim().split('\n').at(-1)).toBe('401');
  expect(seen).toEqual([expect.stringContaining(expected)]);
});
