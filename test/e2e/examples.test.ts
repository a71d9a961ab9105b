import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Bindery } from '../../docs/client/bindery.ts';
import { freePort } from '../fixtures/free-port.ts';
import { startFixtureOperator } from './fixture-operator.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';

const EXAMPLES = join(import.meta.dirname, '../../docs/examples');
const GUIDE = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8');
const MESSAGE_ID = /msg_[0-9A-HJKMNP-TV-Z]{26}/;
const EVENT_TIMEOUT_MS = 20_000;

interface Language {
  name: string;
  program: string;
  extension: string;
  /** Name of the program that receives webhooks; curl receives nothing. */
  receiver?: string;
}

const LANGUAGES: readonly Language[] = [
  { name: 'curl', program: 'sh', extension: 'sh' },
  { name: 'typescript', program: process.execPath, extension: 'ts', receiver: 'verify-webhook.ts' },
  { name: 'python', program: 'python3', extension: 'py', receiver: 'verify_webhook.py' },
];
const isThere = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;

let stack: RunningStack;
let bindery: Bindery;

beforeAll(async () => {
  const operator = await startFixtureOperator({ receiptDelayMs: 200 });
  whenOver(() => operator.close());
  stack = await startStack({ stateDirectory: freshStateDirectory(), operator: operator.credentials });
  whenOver(() => stack.close());
  bindery = new Bindery({ url: stack.api, key: stack.key });
}, 90_000);

afterAll(tearDown);

const environment = () => ({
  ...process.env,
  BINDERY_URL: stack.api,
  BINDERY_KEY: stack.key,
  PYTHONDONTWRITEBYTECODE: '1',
});

async function run({ name, program, extension }: Language, example: string, ...args: string[]): Promise<string> {
  const file = join(EXAMPLES, name, `${example}.${extension}`);
  const { stdout } = await promisify(execFile)(program, [file, ...args], { env: environment() });
  return stdout;
}

const idIn = (output: string) => MESSAGE_ID.exec(output)?.[0] ?? '';

/** The title says why a test is skipped. */
const LANGUAGES_HERE = LANGUAGES.map((language) => {
  const missing = !isThere(language.program);
  return { ...language, missing, title: `${language.name}${missing ? ` (which needs ${language.program})` : ''}` };
});

describe.each(LANGUAGES_HERE)('the examples in $title', ({ missing, ...language }) => {
  test.skipIf(missing)('send a message, and show it', async () => {
    const id = idIn(await run(language, 'send'));
    expect(await bindery.getMessage(id)).toMatchObject({ to: '+639171234567', lane: 'otp' });
    // It goes with the hand-over to the operator, moments later.
    await expect.poll(async () => (await bindery.getMessage(id)).text, { timeout: 20_000 }).toBeNull();
    const shown = await run(language, 'get', id);
    expect(shown).toContain(id);
    expect(shown).toContain('queued');
  });

  test.skipIf(missing)('list every message to a number', async () => {
    const sent = idIn(await run(language, 'send'));
    expect(await run(language, 'list')).toContain(sent);
  });

  test.skipIf(missing)('send once, however often they are run', async () => {
    const key = `order-of-${language.name}`;
    const [first, second] = [await run(language, 'retry', key), await run(language, 'retry', key)];
    expect(idIn(second)).toBe(idIn(first));
    expect(idIn(await run(language, 'retry', `another-${key}`))).not.toBe(idIn(first));
  });
});

describe('the five minutes of docs/api.md', () => {
  const commands = [...GUIDE.matchAll(/```sh\n(curl[\s\S]*?)```/g)].map((match) => match[1] ?? '');

  test('has commands', () => {
    expect(commands.length).toBeGreaterThan(4);
  });

  let delivered: string;
  beforeAll(async () => {
    delivered = (await bindery.sendMessage({ to: '+639171234567', from: 'Bindery', text: 'Hello' })).id;
    await until('the first delivery', 20_000, async () => (await bindery.getMessage(delivered)).is_final);
  });

  test.each(commands)('%s', async (command) => {
    const pasted = command.replaceAll('msg_...', delivered);
    const { stdout } = await promisify(execFile)('sh', ['-c', pasted], { env: environment() });
    const answer = JSON.parse(stdout) as Record<string, unknown>;
    expect(answer).not.toHaveProperty('code');
  });
});

function linesOf(child: ChildProcess): string[] {
  const lines: string[] = [];
  if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => lines.push(line));
  return lines;
}

const RECEIVERS = LANGUAGES_HERE.filter(({ receiver }) => receiver !== undefined);

describe.each(RECEIVERS)('the receiver in $title', ({ missing, ...language }) => {
  test.skipIf(missing)(
    'takes what Bindery signed, and nothing else',
    async () => {
      const port = await freePort();
      const url = `http://127.0.0.1:${port}/`;
      const { secret, id: endpoint } = await bindery.createWebhookEndpoint({ url });
      const file = join(EXAMPLES, language.name, language.receiver ?? '');
      const env = { ...environment(), PORT: String(port), WEBHOOK_SECRET: secret };
      const child = spawn(language.program, [file], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      whenOver(async () => child.kill());
      const lines = linesOf(child);
      await until('the receiver to listen', EVENT_TIMEOUT_MS, () => lines.includes('listening'));
      await bindery.testWebhookEndpoint(endpoint);
      await until('an event of no message', EVENT_TIMEOUT_MS, () =>
        lines.some((line) => line.trim() === 'webhook_endpoint.test'),
      );
      const { id } = await bindery.sendMessage({ to: '+639171234567', from: 'BINDERY', text: 'Hello', lane: 'otp' });
      await until('a signed event', EVENT_TIMEOUT_MS, () => lines.includes(`message.delivered ${id}`));
      const headers = { 'webhook-id': 'evt_1', 'webhook-timestamp': String(Math.floor(Date.now() / 1000)) };
      const body = '{"type":"x","data":{"message_id":"forged"}}';
      for (const signature of ['v1,AAAA', 'v1,\u00e9']) {
        const signed = { ...headers, 'webhook-signature': signature };
        expect((await fetch(url, { method: 'POST', headers: signed, body })).status).toBe(401);
      }
      expect(lines.join()).not.toContain('forged');
      await bindery.deleteWebhookEndpoint(endpoint);
    },
    60_000,
  );
});

test('the script that verifies a delivery with openssl tells genuine from forged and old', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const body = '{"type":"message.sent"}';
  const verify = async (timestamp: number, text: string) => {
    const signed = createHmac('sha256', Buffer.alloc(32, 7)).update(`evt_1.${timestamp}.${body}`).digest('base64');
    const args = [join(EXAMPLES, 'curl/verify-webhook.sh'), 'evt_1', String(timestamp), `v1,AAAA v1,${signed}`];
    const { stdout } = spawnSync('sh', args, { input: text, env: { ...environment(), WEBHOOK_SECRET: secret } });
    return stdout.toString().trim();
  };
  const now = Math.floor(Date.now() / 1000);
  expect(await verify(now, body)).toBe('genuine');
  expect(await verify(now, `${body} `)).toBe('forged');
  expect(await verify(now - 3600, body)).toBe('too old');
});
