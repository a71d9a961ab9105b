import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CreatedWebhookEndpoint } from '../../docs/client/bindery.ts';
import { ApiClient } from './api-client.ts';
import { type FixtureOperator, startFixtureOperator } from './fixture-operator.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

const NUMBER = '+639175550123';
const DELIVERED_TEST_NUMBER = '+639005550000';

let operator: FixtureOperator;
let stack: RunningStack;
let receiver: WebhookReceiver;
let endpoint: CreatedWebhookEndpoint;

beforeAll(async () => {
  operator = await startFixtureOperator({ receiptDelayMs: 100 });
  whenOver(() => operator.close());
  const context = { 'bindery:endUserMessagingEvents': true };
  stack = await startStack({ stateDirectory: freshStateDirectory(), operator: operator.credentials, context });
  whenOver(() => stack.close());
  receiver = await WebhookReceiver.start();
  const events = ['session.*', 'quota.*', 'optout.*'] as const;
  endpoint = await stack.client.bindery.createWebhookEndpoint({ url: receiver.url, events: [...events] });
}, 90_000);

afterAll(tearDown);

/** Events of a kind and an account, each by its id as `type sequence`, however often it came. */
function told(kind: string, account = 'smpp-asia'): string[] {
  const events = stack.bus.others.filter(
    ({ type, detail }) => type.startsWith(kind) && detail.metadata.account === account,
  );
  const byId = new Map(
    events.map(({ type, detail }) => [detail.metadata.event_id, `${type} ${detail.metadata.sequence}`]),
  );
  return [...byId.values()];
}

test('a session that the operator drops is lost, and bound again', async () => {
  await until('the first session', 10_000, () => told('session.').length === 1);
  operator.simulator.dropConnections('reset');
  await until('the next session', 15_000, () => told('session.').length === 3);
  expect(told('session.')).toEqual(['session.bound 1', 'session.lost 2', 'session.bound 3']);
  const lost = stack.bus.others.find(({ type }) => type === 'session.lost');
  expect(lost?.detail).toMatchObject({
    metadata: { test: false },
    data: { reason: 'connection_lost', planned: false },
  });
  expect(stack.bus.others.find(({ detail }) => detail.metadata.account === 'test')?.detail.metadata.test).toBe(true);
});

test('an opt-out is told of when it begins and when it ends', async () => {
  const { bindery } = stack.client;
  await bindery.addOptOut({ number: NUMBER });
  await bindery.addOptOut({ number: NUMBER });
  await bindery.removeOptOut(NUMBER);
  await until('both events', 10_000, () => told('optout.').length === 2);
  expect(told('optout.')).toEqual(['optout.added 1', 'optout.removed 2']);
});

test('an item that no event can be made of is parked with its reason', async () => {
  const Item = { messageId: 'msg_of_nobody' };
  const document = DynamoDBDocumentClient.from(new DynamoDBClient(stack.aws));
  await document.send(new PutCommand({ TableName: stack.variable('MESSAGES_TABLE'), Item }));
  // By its own log the function has put it there; its queue is known by no name.
  const log = () => readdirSync(stack.logFolder).map((name) => readFileSync(join(stack.logFolder, name), 'utf8'));
  const parked = /"record parked".*"unreadable".*"an item of the Messages table is no message"/;
  await until('the record', 10_000, () => log().some((lines) => parked.test(lines)));
});

test('a key that uses up its quota is warned of, and then out of it; test keys say that they are', async () => {
  const quota = { segments_per_day: 5 };
  for (const testKey of [false, true]) {
    const { key } = await stack.client.bindery.createKey({
      name: 'small',
      scopes: ['messages:send'],
      test: testKey,
      quota,
    });
    const { bindery } = new ApiClient({ api: stack.api, key });
    const message = { to: testKey ? DELIVERED_TEST_NUMBER : NUMBER, from: 'Bindery', text: 'Hello' };
    for (let count = 0; count < 5; count += 1) await bindery.sendMessage(message);
    const account = testKey ? 'test' : 'smpp-asia';
    await until('both events', 10_000, () => told('quota.', account).length === 2);
    expect(told('quota.', account)).toEqual(['quota.warning 1', 'quota.exhausted 2']);
    const events = stack.bus.others.filter(
      ({ type, detail }) => type.startsWith('quota.') && detail.metadata.account === account,
    );
    expect(events.map(({ detail }) => detail.metadata.test)).toEqual(events.map(() => testKey));
  }
});

test('a webhook endpoint that asks for them gets each of them', async () => {
  const asked = ['session.lost', 'optout.added', 'optout.removed', 'quota.warning', 'quota.exhausted'];
  await until('them', 15_000, () => asked.every((type) => receiver.types.has(type)));
  expect(receiver.refusedBy(endpoint.secret)).toEqual([]);
});

test('what happens to a message is also told as AWS End User Messaging tells it, because it was asked for', async () => {
  const is = (status: string) =>
    stack.bus.foreign.filter(({ detail }) => JSON.stringify(detail).includes(`"${status}"`));
  await until('the last receipt', 15_000, () => is('TEXT_DELIVERED').length === 10);
  expect(is('TEXT_QUEUED')).toHaveLength(10);
  expect(new Set(stack.bus.foreign.map((event) => event['detail-type']))).toEqual(
    new Set(['Text Message Delivery Status Updated']),
  );
  expect(stack.observed.filter((line) => line.includes('parked'))).toEqual([]);
});
