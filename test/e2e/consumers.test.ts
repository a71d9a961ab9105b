import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { App } from 'aws-cdk-lib/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { judge } from '../../cdk/judgement.ts';
import { compilePattern } from '../../cdk/local/aws/patterns.ts';
import { EVENT_TYPES } from '../../docs/consumer/events.ts';
import { verifyWebhook } from '../../docs/consumer/verify.ts';
import type { FinalMessage } from '../../docs/examples/consumer-stack/handler.ts';
import { ConsumerStack } from '../../docs/examples/consumer-stack/stack.ts';
import { startTables, type Tables } from '../fixtures/tables.ts';
import { startFixtureOperator } from './fixture-operator.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

type Resource = { Type: string; Properties: Record<string, unknown> };

let resources: Resource[];
let stack: RunningStack;
let tables: Tables;

/** By the digit that a number ends in. */
const RECEIPTS: Readonly<Record<string, 'DELIVRD' | 'UNDELIV' | 'EXPIRED'>> = { 1: 'UNDELIV', 2: 'EXPIRED' };

beforeAll(async () => {
  const folder = freshStateDirectory();
  mkdirSync(folder, { recursive: true });
  const app = new App({ outdir: join(folder, 'assembly') });
  await judge(app);
  const consumer = new ConsumerStack(app, 'consumer', {
    busName: 'bindery-local',
    buildFolder: join(folder, 'bundle'),
  });
  const { template } = app.synth().getStackByName(consumer.stackName) as {
    template: { Resources: Record<string, Resource> };
  };
  resources = Object.values(template.Resources);
  const operator = await startFixtureOperator({
    receiptDelayMs: 100,
    decide: ({ destination }) => ({ receipt: RECEIPTS[destination.at(-1) ?? ''] ?? 'DELIVRD' }),
  });
  whenOver(() => operator.close());
  stack = await startStack({ stateDirectory: join(folder, 'state'), operator: operator.credentials });
  whenOver(() => stack.close());
  tables = await startTables();
  whenOver(async () => await Promise.resolve(tables.close()));
}, 120_000);

afterAll(tearDown);

/** Sends one message, and gives its last event, as a rule on the bus hands it on. */
async function finalEvent(digit: number, lane: 'otp' | 'bulk' = 'bulk'): Promise<FinalMessage> {
  const to = `+6391755500${lane === 'otp' ? '1' : '2'}${digit}`;
  const { id } = await stack.client.bindery.sendMessage({ to, from: 'Bindery', text: 'Hello', lane });
  const found = await until('the last event', 20_000, () =>
    stack.bus.of(id).find(({ detail }) => detail.data.is_final),
  );
  const envelope = { id: 'aws-1', account: '000000000000', time: '2026-11-23T00:00:00Z', region: 'local' };
  return { ...envelope, 'detail-type': found.type, source: found.source, detail: found.detail } as FinalMessage;
}

const ofType = (type: string) =>
  resources.filter((resource) => resource.Type === type).map(({ Properties }) => Properties);

describe('the example of a consumer', () => {
  test('has a dead-letter queue for each target, encrypted queues, and rights to nothing but its own', () => {
    const targets = ofType('AWS::Events::Rule').flatMap(({ Targets }) => Targets as { DeadLetterConfig?: unknown }[]);
    expect(targets).toHaveLength(3);
    for (const target of targets) expect(target.DeadLetterConfig).toBeDefined();
    // A target's queue has what did not reach it; what a function fails at is lost without one of the function's own.
    for (const lambda of ofType('AWS::Lambda::Function')) expect(lambda['DeadLetterConfig']).toBeDefined();
    for (const queue of ofType('AWS::SQS::Queue')) expect(queue['SqsManagedSseEnabled']).toBe(true);
    const statements = ofType('AWS::IAM::Policy').flatMap(
      ({ PolicyDocument }) =>
        (PolicyDocument as { Statement: { Action: string | string[]; Resource: unknown }[] }).Statement,
    );
    for (const { Action, Resource } of statements) {
      expect([Action].flat().join()).not.toContain('*');
      if (Resource === '*') expect([Action].flat().join()).toMatch(/^(logs|xray):/);
    }
  });

  test('lets each real event through to the targets that it is for', async () => {
    const rules = ofType('AWS::Events::Rule').map((rule) => ({
      matches: compilePattern(rule['EventPattern']),
      target: JSON.stringify(rule['Targets']).match(/OnFinal|Work|OtpLost/)?.[0],
    }));
    const targetsOf = (event: FinalMessage) =>
      rules.filter(({ matches }) => matches(event)).map(({ target }) => target);
    const [delivered, undelivered, expired, otp] = await Promise.all([
      finalEvent(0),
      finalEvent(1),
      finalEvent(2),
      finalEvent(1, 'otp'),
    ]);
    expect(targetsOf(delivered)).toEqual(['OnFinal']);
    expect(targetsOf(undelivered)).toEqual(['OnFinal', 'Work']);
    expect(targetsOf(expired)).toEqual(['OnFinal', 'Work']);
    expect(targetsOf(otp)).toEqual(['OnFinal', 'OtpLost']);
    const test = {
      ...delivered,
      detail: { ...delivered.detail, metadata: { ...delivered.detail.metadata, test: true } },
    };
    expect(targetsOf(test)).toEqual([]);
  });

  test('handles each event once, and none that was overtaken', async () => {
    const client = new DynamoDBClient({
      endpoint: tables.endpoint,
      region: 'local',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    });
    await client.send(
      new CreateTableCommand({
        TableName: 'Seen',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    vi.stubEnv('SEEN_TABLE', 'Seen');
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', tables.endpoint);
    vi.stubEnv('AWS_REGION', 'local');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
    const said = vi.spyOn(console, 'log').mockReturnValue();
    const { handler } = await import('../../docs/examples/consumer-stack/handler.ts');
    const event = await finalEvent(3);
    const { metadata, data } = event.detail;
    const earlier = { ...metadata, event_id: metadata.event_id.replace(/_\d+$/, '_2'), sequence: 2 };
    expect(metadata.sequence).toBe(3);
    expect(await handler(event)).toBe('handled');
    expect(await handler(event)).toBe('repeated');
    expect(await handler({ ...event, detail: { data, metadata: earlier } })).toBe('overtaken');
    expect(said).toHaveBeenCalledTimes(1);
    vi.unstubAllEnvs();
    said.mockRestore();
  });

  test('knows every type of event that this stack published', () => {
    for (const { type } of stack.bus.events) expect(EVENT_TYPES).toContain(type);
  });
});

test('a message tells the address that it came with, as the library verifies it, and what came of it is counted', async () => {
  const { bindery } = stack.client;
  const receiver = await WebhookReceiver.start();
  const { secret } = await bindery.rotateCallbacks({ grace_seconds: 0 });
  const { id } = await bindery.sendMessage({
    to: '+639175550030',
    from: 'Shop',
    text: 'Hello',
    lane: 'otp',
    status_callback_url: `${receiver.url}?order=7`,
  });
  await until('three callbacks', 20_000, () => receiver.deliveries.length >= 3 || undefined);
  const events = receiver.deliveries.map(({ headers, body }) => verifyWebhook({ headers, body }, { secret }));
  expect(new Set(events.map(({ type }) => type))).toEqual(
    new Set(['message.queued', 'message.sent', 'message.delivered']),
  );
  expect((await bindery.listCallbackAttempts(id)).data).toHaveLength(receiver.deliveries.length);
  await bindery.giveFeedback(id, { outcome: 'converted' });
  const counted = await until('what was counted', 10_000, async () =>
    (await bindery.listSenderUsage()).data.find(({ from, delivered }) => from === 'Shop' && delivered === 1),
  );
  expect(counted).toMatchObject({ lane: 'otp', sent: 1, delivered: 1, converted: 1, conversion_rate: 1 });
});
