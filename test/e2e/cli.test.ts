import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStackFile, type StackFile } from '../../cdk/local/stack-file.ts';
import type { Message } from '../../docs/client/bindery.ts';
import { laneQueueUrl } from '../../shared/config/environment.ts';
import { deadLetterUrl, laneBody } from '../../shared/queue/lanes.ts';
import { startCloudFormation } from './cloudformation.ts';
import { type Ended, runCli } from './command-line.ts';
import { type FixtureOperator, PASSWORD, SYSTEM_ID, startFixtureOperator } from './fixture-operator.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';

const NUMBER = '+639171234567';

let operator: FixtureOperator;
let stack: RunningStack;
let state: string;

beforeAll(async () => {
  operator = await startFixtureOperator({ receiptDelayMs: 200 });
  whenOver(() => operator.close());
  state = freshStateDirectory();
  stack = await startStack({ stateDirectory: state, operator: operator.credentials });
  whenOver(() => stack.close());
  // A binder that has just begun has told nothing of itself yet.
  await until('the word that the session is bound', 20_000, async () =>
    (await stack.client.bindery.listStatus()).data.some(({ session }) => session.state === 'bound'),
  );
});
afterAll(tearDown);

type Options = Parameters<typeof runCli>[1];

async function cli(args: readonly string[], options?: Options): Promise<Ended> {
  return await runCli([...args, '--state', state], options);
}

async function document<T>(args: readonly string[], options?: Options): Promise<T> {
  const { stdout, stderr } = await cli([...args, '--json'], options);
  if (stdout === '') throw new Error(`nothing was said: ${stderr}`);
  return JSON.parse(stdout) as T;
}

function stackFile(): StackFile {
  const file = readStackFile(state);
  if (file === undefined) throw new Error('the stack left no file');
  return file;
}

interface Checks {
  good: boolean;
  checks: { name: string; state: string; detail: string; next?: string }[];
}

describe('the command line, with the stack that runs on this machine', () => {
  test('doctor finds nothing wrong, and leaves the session of the running binder alone', async () => {
    expect(statSync(join(state, 'stack.json')).mode & 0o777).toBe(0o600);
    const binds = operator.simulator.events.filter(({ kind }) => kind === 'bind_answered').length;
    const { good, checks } = await document<Checks>(['doctor']);
    expect(checks.filter((check) => check.state === 'bad')).toEqual([]);
    expect(good).toBe(true);
    expect(checks.map(({ name }) => name)).toContain('smpp-asia: session');
    expect(checks.find(({ name }) => name === 'smpp-asia: bind')).toMatchObject({ state: 'skipped' });
    expect(operator.simulator.events.filter(({ kind }) => kind === 'bind_answered')).toHaveLength(binds);
  });

  test('a message is sent, followed and shown, its number masked unless all is asked for', async () => {
    const tail = cli(['tail', '--seconds', '5', '--json']);
    const words = ['send', '--to', NUMBER, '--from', 'BINDERY', '--text', 'Hello there', '--lane', 'otp', '--wait'];
    const sent = await document<Message>(words);
    expect(sent).toMatchObject({ status: 'delivered', to: '+63917•••••67' });
    expect(sent).not.toHaveProperty('text');

    const [list, shown, full, followed] = await Promise.all([
      document<{ data: Message[] }>(['messages', '--limit', '1']),
      cli(['messages', 'show', sent.id]),
      document<Message>(['messages', 'show', sent.id, '--full']),
      tail,
    ]);
    expect(list.data[0]?.id).toBe(sent.id);
    expect(shown.stdout).toMatch(/^Status +delivered$/m);
    expect(shown.stdout).not.toContain('\u001B');
    expect(full.to).toBe(NUMBER);
    const changes = followed.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Message);
    expect(changes.at(-1)).toMatchObject({ id: sent.id, status: 'delivered', to: '+63917•••••67' });
    for (const { stdout, stderr } of [shown, followed]) expect(stdout + stderr).not.toMatch(/Hello there|9171234567/);
  });

  test('a file is sent once, however often the command is repeated, and its refused rows come back', async () => {
    const file = join(state, 'customers.csv');
    writeFileSync(file, 'to;name\n09171234567;"Ana; B."\nnonsense;Ben\n0917 123 4568;Cy\n');
    const command = ['batch', 'send', file, '--from', 'BINDERY', '--text', 'Hi {{name}}'];
    const first = await cli([...command, '--json']);
    expect(first.code).toBe(4);
    const summary = JSON.parse(first.stdout) as { batches: string[] };
    expect(summary).toMatchObject({ rows: 3, accepted: 2, refused: 1 });
    const refused = join(state, 'customers.refused.csv');
    expect(readFileSync(refused, 'utf8').split('\n')[1]).toMatch(/^nonsense,Ben,invalid_number,/);

    expect(await document(command)).toEqual(summary);
    // Where the journal is lost, the API still knows the request.
    writeFileSync(join(state, 'customers.sent.json'), '{"chunks":{}}');
    expect(await document(command)).toEqual(summary);
    const { data } = await document<{ data: { id: string }[] }>(['batch']);
    expect(data.map(({ id }) => id)).toEqual(summary.batches);
  });

  test('a key is made, used, refused what it may not do, and revoked', async () => {
    const made = await cli(['keys', 'create', '--name', 'reader', '--scopes', 'messages:read_masked']);
    const key = made.stdout.trim();
    const id = key.split('_')[2] ?? '';
    expect(made.stderr).not.toContain(key);
    const environment = { BINDERY_KEY: key };
    const [read, refused] = await Promise.all([
      cli(['messages', '--json'], { environment }),
      cli(['keys'], { environment }),
    ]);
    expect(read.code).toBe(0);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toMatch(/✗ .*admin[\s\S]*→ [\s\S]*code missing_scope, request \S+/);
    expect((await cli(['keys', 'revoke', id])).code).toBe(0);
    const { data } = await document<{ data: { id: string; revoked_at: string | null }[] }>(['keys']);
    expect(data.find((one) => one.id === id)?.revoked_at).toEqual(expect.any(String));
  });

  test('what the binder could not process is listed, shown with its reason, and put again', async () => {
    const sqs = new SQSClient(stack.aws);
    whenOver(async () => sqs.destroy());
    const lane = laneQueueUrl(stack.variable('LANE_QUEUE_URL'), 'smpp-asia', 'bulk');
    const { data: messages } = await document<{ data: Message[] }>([
      'messages',
      '--status',
      'delivered',
      '--limit',
      '1',
    ]);
    const id = messages[0]?.id ?? '';
    const reason = { DataType: 'String', StringValue: 'work_failed' };
    const letter = { QueueUrl: deadLetterUrl(lane), MessageBody: laneBody(id), MessageAttributes: { reason } };
    await sqs.send(new SendMessageCommand(letter));
    await sqs.send(new SendMessageCommand({ ...letter, MessageBody: 'hello?', MessageAttributes: {} }));

    const list = await cli(['dlq', '--json']);
    expect(list.code).toBe(1);
    expect((JSON.parse(list.stdout) as { data: object[] }).data).toContainEqual({
      name: 'smpp-asia/bulk',
      messages: 2,
      redrivable: true,
    });
    const shown = await cli(['dlq', 'show', 'smpp-asia/bulk']);
    expect(shown.stdout).toContain(id);
    expect(shown.stdout).toContain('work_failed');
    expect(shown.stdout).not.toContain('hello?');
    const again = ['dlq', 'redrive', 'smpp-asia/bulk', '--reason', 'work_failed'];
    expect(await document(again)).toEqual({ queue: 'smpp-asia/bulk', moved: 1, left: 1, problems: [] });
    // Counted with those that somebody has in hand: it stands in one queue, not in both.
    const { data: counted } = await document<{ data: object[] }>(['dlq']);
    expect(counted).toContainEqual({ name: 'smpp-asia/bulk', messages: 1, redrivable: true });
    const { data: left } = await document<{ data: object[] }>(['dlq', 'show', 'smpp-asia/bulk', '--full']);
    expect(left).toMatchObject([{ message_id: null, body: 'hello?' }]);
  });

  test('credentials are stored without being seen, and a bind that is refused is explained', async () => {
    const wrong = await cli(['credentials', '--force', '--json'], { input: `${SYSTEM_ID}\nwrong123\n` });
    expect(wrong.code).toBe(1);
    expect(wrong.stdout + wrong.stderr).not.toContain('wrong123');
    expect((JSON.parse(wrong.stdout) as Checks).checks.at(-1)).toMatchObject({
      state: 'bad',
      detail: expect.stringMatching(/0x0[de] /) as string,
      next: expect.stringContaining('npm run cli -- credentials') as string,
    });
    const long = await cli(['credentials'], { input: `${SYSTEM_ID}\nlonger than that\n` });
    expect(long).toMatchObject({ code: 1, stderr: expect.stringContaining('section 5.2.2') as string });
    const right = await cli(['credentials', '--no-bind'], { input: `${SYSTEM_ID}\n${PASSWORD}\n` });
    expect(right.code).toBe(0);
  });
});

describe('the command line, with a deployed stack', () => {
  /** CloudFormation that knows the outputs of the stack on this machine, and the front of its AWS services in place of theirs. */
  async function deployed(): Promise<Record<string, string>> {
    const { outputs, aws } = stackFile();
    const cloudFormation = await startCloudFormation({ 'bindery-prod': outputs, CDKToolkit: {} });
    whenOver(() => cloudFormation.close());
    return {
      AWS_ENDPOINT_URL_CLOUDFORMATION: cloudFormation.url,
      AWS_ENDPOINT_URL: aws.endpoint,
      AWS_REGION: 'ap-southeast-1',
      AWS_ACCESS_KEY_ID: aws.accessKeyId,
      AWS_SECRET_ACCESS_KEY: aws.secretAccessKey,
    };
  }

  test('it is found by its outputs; another name is none', async () => {
    const environment = await deployed();
    const [status, other, steps] = await Promise.all([
      runCli(['status', '--stage', 'prod', '--json'], { environment }),
      runCli(['status', '--stack', 'bindery-elsewhere'], { environment }),
      runCli(['deploy', '--json'], { environment }),
    ]);
    expect(JSON.parse(status.stdout)).toMatchObject({ data: [{ account: 'smpp-asia' }] });
    expect(other).toMatchObject({ code: 3, stderr: expect.stringContaining('no stack bindery-elsewhere') as string });
    expect(JSON.parse(steps.stdout)).toMatchObject({
      done: true,
      steps: [
        { name: 'configuration', state: 'good' },
        { name: 'bootstrap', state: 'good', detail: 'account 123456789012, region ap-southeast-1' },
        { name: 'stack', state: 'good', detail: 'bindery-prod: UPDATE_COMPLETE' },
        { name: 'smpp-asia: credentials', state: 'good' },
        { name: 'API and key', state: 'good' },
        { name: 'smpp-asia: session', state: 'good' },
      ],
    });
  });
});

test('the file by which the stack was found goes when it stops', async () => {
  await stack.close();
  expect(existsSync(join(state, 'stack.json'))).toBe(false);
  const { code, stderr } = await cli(['status']);
  expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringContaining('npm start') as string });
});
