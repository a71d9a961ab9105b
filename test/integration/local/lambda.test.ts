import { describe, expect, test } from 'vitest';
import { linesOf, runStack, until } from '../../fixtures/running-stack.ts';
import { getAtt, lambda, permission, queuePolicy, ref, type SmallAssembly } from '../../fixtures/small-assembly.ts';

function withFunction(source: string, properties: Record<string, unknown> = {}): SmallAssembly {
  return {
    functions: { f: source },
    resources: { F: lambda('f', properties) },
  };
}

async function invoke(
  running: { stack: { functions: { invoke(event: unknown): Promise<unknown> }[] } },
  event: unknown = {},
) {
  return await running.stack.functions[0]!.invoke(event);
}

describe('a function', () => {
  test('has the environment of the template and of Lambda, and nothing of ours', async () => {
    process.env['LEAK'] = 'from the test';
    const small = withFunction('export const handler = async () => process.env', {
      Environment: { Variables: { MINE: { 'Fn::Sub': 'in ${AWS::Region}' } } },
      MemorySize: 256,
    });
    await using running = await runStack(small);
    const outcome = (await invoke(running)) as { payload: string };
    const environment = JSON.parse(outcome.payload) as Record<string, string>;
    expect(environment).toMatchObject({
      MINE: 'in ap-southeast-1',
      AWS_REGION: 'ap-southeast-1',
      AWS_LAMBDA_FUNCTION_NAME: 'small-F',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_ENDPOINT_URL: running.aws.url,
    });
    expect(environment).not.toHaveProperty('LEAK');
    expect(environment).not.toHaveProperty('NODE_CHANNEL_FD');
    const known = running.aws.registerCaller({ program: 'F' });
    expect(environment['AWS_ACCESS_KEY_ID']).toBe(known.accessKeyId);
  });

  test('gets event and context', async () => {
    const source = `export const handler = async (event, context) => ({
      event, left: context.getRemainingTimeInMillis(), id: context.awsRequestId, arn: context.invokedFunctionArn });`;
    await using running = await runStack(withFunction(source, { Timeout: 5 }));
    const outcome = (await invoke(running, { a: [1, 'ñ'] })) as { payload: string };
    const answer = JSON.parse(outcome.payload) as Record<string, unknown>;
    expect(answer['event']).toEqual({ a: [1, 'ñ'] });
    expect(answer['left']).toBeGreaterThan(3_000);
    expect(answer['left']).toBeLessThanOrEqual(5_000);
    expect(answer['id']).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer['arn']).toBe('arn:aws:lambda:ap-southeast-1:000000000000:function:small-F');
  });

  test('answers what it throws as Lambda does, and lives on', async () => {
    const source = `let n = 0; export const handler = async () => { n += 1; if (n === 1) throw new RangeError('too far'); return n; };`;
    await using running = await runStack(withFunction(source));
    expect(await invoke(running)).toMatchObject({
      kind: 'failed',
      error: { errorType: 'RangeError', errorMessage: 'too far' },
    });
    expect(await invoke(running)).toEqual({ kind: 'answered', payload: '2' });
  });

  test('is killed when its time is over, and the next invocation gets a fresh environment', async () => {
    const source = `let n = 0; export const handler = async ({ hang }) => { n += 1; if (hang) { for (;;); } return n; };`;
    await using running = await runStack(withFunction(source, { Timeout: 1 }));
    expect(await invoke(running, { hang: true })).toMatchObject({
      kind: 'failed',
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: expect.stringContaining('Task timed out after 1.00 seconds') as string,
      },
    });
    expect(await invoke(running)).toEqual({ kind: 'answered', payload: '1' });
  });

  test('that ends its process fails, and the next invocation gets a fresh environment', async () => {
    const source = `let n = 0; export const handler = async ({ die }) => { n += 1; if (die) process.exit(3); return n; };`;
    await using running = await runStack(withFunction(source));
    await invoke(running);
    expect(await invoke(running, { die: true })).toMatchObject({
      kind: 'failed',
      error: { errorType: 'Runtime.ExitError', errorMessage: 'Error: Runtime exited with error: exit status 3' },
    });
    expect(await invoke(running)).toEqual({ kind: 'answered', payload: '1' });
  });

  test.each([
    ['does not load', 'throw new Error("no configuration");', 'Error', 'no configuration'],
    [
      'has no such handler',
      'export const other = 1;',
      'Runtime.HandlerNotFound',
      'index.handler is undefined or not exported',
    ],
  ])('that %s fails with the reason', async (_, source, errorType, errorMessage) => {
    await using running = await runStack(withFunction(source));
    expect(await invoke(running)).toMatchObject({ kind: 'failed', error: { errorType, errorMessage } });
  });

  test('runs one invocation at a time in each environment, and several environments at a time', async () => {
    const source = `let busy = 0; export const handler = async () => {
      busy += 1; await new Promise((resolve) => setTimeout(resolve, 300)); const now = busy; busy -= 1; return { now, pid: process.pid }; };`;
    await using running = await runStack(withFunction(source));
    const outcomes = (await Promise.all(Array.from({ length: 6 }, () => invoke(running)))) as { payload: string }[];
    const answers = outcomes.map(({ payload }) => JSON.parse(payload) as { now: number; pid: number });
    expect(answers.map(({ now }) => now)).toEqual([1, 1, 1, 1, 1, 1]);
    expect(new Set(answers.map(({ pid }) => pid)).size).toBeGreaterThan(1);
  });

  test('does not start an environment for each of a burst of quick invocations', async () => {
    await using running = await runStack(withFunction('export const handler = async () => 1;'));
    await invoke(running);
    await Promise.all(Array.from({ length: 30 }, () => invoke(running)));
    expect(running.stack.functions[0]!.environments).toBeLessThan(4);
  });

  test('is throttled beyond its reserved concurrency', async () => {
    const source = 'export const handler = () => new Promise((resolve) => setTimeout(resolve, 500));';
    await using running = await runStack(withFunction(source, { ReservedConcurrentExecutions: 1 }));
    const outcomes = (await Promise.all([invoke(running), invoke(running)])) as { kind: string }[];
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'throttled']);
  });
});

describe('a rule of the bus', () => {
  const small = (): SmallAssembly => ({
    functions: { f: 'export const handler = async (event) => console.log(JSON.stringify(event));' },
    resources: {
      F: lambda('f'),
      Invoke: permission('F', 'events.amazonaws.com', { SourceArn: getAtt('Pattern') }),
      Send: queuePolicy('Queue', getAtt('Pattern')),
      Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'events' } },
      Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'shop' } },
      Pattern: {
        Type: 'AWS::Events::Rule',
        Properties: {
          EventBusName: ref('Bus'),
          EventPattern: { source: ['shop'], detail: { n: [{ numeric: ['>', 1] }] } },
          Targets: [
            { Id: 'f', Arn: getAtt('F') },
            { Id: 'q', Arn: getAtt('Queue'), Input: '{"fixed":true}' },
          ],
        },
      },
    },
  });

  test('sends what matches its pattern to functions and queues', async () => {
    await using running = await runStack(small());
    const entry = (n: number) => ({
      EventBusName: 'shop',
      Source: 'shop',
      DetailType: 'order',
      Detail: JSON.stringify({ n }),
    });
    await running.aws.invoke({ service: 'events', action: 'PutEvents', input: { Entries: [entry(1), entry(2)] } });

    const [event] = await until('the event at the function', () => linesOf<Record<string, unknown>>(running.seen, 'F'));
    expect(event).toMatchObject({ 'detail-type': 'order', source: 'shop', detail: { n: 2 } });
    const messages = await until('the event in the queue', () => running.receive('events'));
    expect(messages.map(({ body }) => body)).toEqual(['{"fixed":true}']);
    expect(running.seen.filter(({ kind }) => kind === 'bus_event')).toHaveLength(2);
  });

  test('that fires by the clock fires soon after the start', async () => {
    const resources = {
      F: lambda('f'),
      Clock: {
        Type: 'AWS::Events::Rule',
        Properties: { ScheduleExpression: 'rate(1 minute)', Targets: [{ Id: 'f', Arn: getAtt('F') }] },
      },
      Invoke: permission('F', 'events.amazonaws.com', { SourceArn: getAtt('Clock') }),
    };
    await using running = await runStack({ ...small(), resources });
    const [event] = await until('the first run', () => linesOf<Record<string, unknown>>(running.seen, 'F'));
    expect(event).toMatchObject({
      'detail-type': 'Scheduled Event',
      source: 'aws.events',
      resources: ['arn:aws:events:ap-southeast-1:000000000000:rule/small-Clock'],
    });
  });
});
