import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { REGION } from '../../../cdk/local/aws/arn.ts';
import { signing } from '../../chaos/signed-binds.ts';
import { type CallFault, CallFaults } from '../../misbehaviours/aws.ts';
import { allowEverything, clientsOf, openLocalAws } from '../local-aws/stack.ts';

const ALWAYS = { callers: 'all', share: 1 } as const;

async function stage() {
  const calls = new CallFaults(Math.random);
  const aws = await openLocalAws({
    hooks: { intercept: (call, proceed) => calls.intercept(call, (passed) => signing(passed, proceed)) },
  });
  allowEverything(aws, 'Role');
  const { url } = await aws.queues.createQueue({ name: 'lane' });
  const clients = (program: string) => clientsOf(aws.url, aws.registerCaller({ program, role: 'Role' }));
  const binder = clients('BinderTask/3');
  const functions = clients('Send');
  const credentials = aws.registerCaller({ program: 'Send', role: 'Role' });
  const requestHandler = { requestTimeout: 300, throwOnRequestTimeout: true };
  const sqs = new SQSClient({ endpoint: aws.url, region: REGION, credentials, maxAttempts: 1, requestHandler });
  const impatient = { sqs };
  const send = (from: Pick<typeof functions, 'sqs'> = functions) =>
    from.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'x' }));
  const received = async () =>
    (await functions.sqs.send(new ReceiveMessageCommand({ QueueUrl: url }))).Messages?.length ?? 0;
  return { calls, aws, binder, functions, impatient, send, received };
}

async function failure(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => 'none',
    (error: Error & { code?: string }) => error.code ?? error.name,
  );
}

describe('calls of AWS that fail', () => {
  test.each([
    ['5xx', /^(InternalServerError|ServiceUnavailable)$/],
    ['throttling', /^RequestThrottled$/],
    ['reset', /^ECONNRESET$/],
  ] as const)('with %s are seen as such, and nothing is done', async (kind, seen) => {
    const { calls, send, received } = await stage();
    calls.faults = [{ ...ALWAYS, kind }];
    expect(await failure(send())).toMatch(seen);
    calls.faults = [];
    expect(await received()).toBe(0);
    expect([...calls.hits]).toEqual([[kind, 1]]);
  });

  test('with their answer lost are done', async () => {
    const { calls, impatient, send, received } = await stage();
    calls.faults = [{ ...ALWAYS, kind: 'lost_answer' }];
    expect(await failure(send(impatient))).not.toBe('none');
    calls.faults = [];
    expect(await received()).toBe(1);
  });

  test('with a hang end when the caller has waited long enough', async () => {
    const { calls, impatient, send, received } = await stage();
    calls.faults = [{ ...ALWAYS, kind: 'hang' }];
    expect(await failure(send(impatient))).toMatch(/Timeout|ETIMEDOUT/);
    calls.faults = [];
    expect(await received()).toBe(0);
  });

  test('slowly are done', async () => {
    const { calls, send, received } = await stage();
    calls.faults = [{ ...ALWAYS, kind: 'slow' }];
    await send();
    calls.faults = [];
    expect(await received()).toBe(1);
  });

  test('are those of the programs that are meant, and as many as are meant', async () => {
    const { calls, binder, functions, send } = await stage();
    const faults = (callers: CallFault['callers'], share: number): CallFault[] => [{ kind: '5xx', callers, share }];
    calls.faults = faults('binder', 1);
    expect(await failure(send(binder))).not.toBe('none');
    expect(await failure(send(functions))).toBe('none');
    calls.faults = faults('functions', 1);
    expect(await failure(send(binder))).toBe('none');
    expect(await failure(send(functions))).not.toBe('none');
    calls.faults = faults('all', 0);
    expect(await failure(send())).toBe('none');
  });
});

test('each task of the binder reads a password of its own, and everybody else the right one', async () => {
  const { aws, binder, functions } = await stage();
  const SecretString = JSON.stringify({ system_id: 'us', password: 'geheim' });
  await aws.secrets.createSecret({ Name: 'credentials', SecretString });
  const read = async ({ secrets }: typeof binder) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId: 'credentials' }))).SecretString;
  expect(JSON.parse((await read(binder)) ?? '')).toEqual({ system_id: 'us', password: 'tsk00003' });
  expect(JSON.parse((await read(functions)) ?? '')).toEqual({ system_id: 'us', password: 'geheim' });
});
