import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { acceptedMessages, messages, refusedMessages } from '../fixtures/messages.ts';
import {
  answersAgainstFixtures,
  eventsAgainstTimelines,
  statesAgainstOutcomes,
  textsAgainstFixtures,
} from './differences.ts';
import {
  type FixtureOperator,
  OPERATOR_SEGMENTS_PER_SECOND,
  PASSWORD,
  SYSTEM_ID,
  startFixtureOperator,
} from './fixture-operator.ts';
import { Ledger } from './ledger.ts';
import { leaksIn } from './log-scan.ts';
import { overRate } from './rate.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { segmentsOf, spreadOf } from './spread.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

/** About 60, in about 115 segments. */
const twoOfEveryKind = spreadOf(acceptedMessages, 2);

/** What a customer's address for webhooks may hold, and a subscriber may write. */
const CALLBACK_TOKEN = 'tok3nLikeNothingElse';
const INBOUND = { from: '+639175550199', to: '21600', text: 'PLEASE call me back about my blue bicycle' };

describe('messages of every kind, through a fresh local stack', () => {
  const ledger = new Ledger();
  let operator: FixtureOperator;
  let stack: RunningStack;
  let receiver: WebhookReceiver;
  let webhookSecret: string;

  beforeAll(async () => {
    operator = await startFixtureOperator();
    whenOver(() => operator.close());
    stack = await startStack({ stateDirectory: freshStateDirectory(), operator: operator.credentials });
    whenOver(() => stack.close());
    receiver = await WebhookReceiver.start();
    const url = `${receiver.url}?token=${CALLBACK_TOKEN}`;
    ({ secret: webhookSecret } = await stack.client.bindery.createWebhookEndpoint({ url, events: ['message.*'] }));
    operator.simulator.sendInbound(SYSTEM_ID, INBOUND);
    await ledger.send(stack.client, [...twoOfEveryKind, ...refusedMessages]);
    await ledger.untilFinal(stack.client, { timeoutMs: 90_000 });
  }, 180_000);

  afterAll(tearDown);

  test('are accepted or refused as they should be', () => {
    expect(answersAgainstFixtures(ledger)).toEqual([]);
    expect(ledger.entries.size).toBe(twoOfEveryKind.length);
  });

  test('end in the state that the operator decided', () => {
    expect(statesAgainstOutcomes(ledger.all)).toEqual([]);
    expect(new Set(ledger.finals.map(({ status }) => status))).toEqual(
      new Set(['delivered', 'undelivered', 'expired', 'unknown']),
    );
  });

  test('are decoded by the operator to the text that was sent', () => {
    expect(textsAgainstFixtures(operator.simulator.messages(), ledger.all)).toEqual([]);
  });

  test('reach the operator at his rate, never faster', async () => {
    const arrivals = await operator.arrivals();
    expect(arrivals).toHaveLength(segmentsOf(twoOfEveryKind));
    expect(arrivals.length).toBeGreaterThan(8 * OPERATOR_SEGMENTS_PER_SECOND);
    expect(overRate(arrivals, OPERATOR_SEGMENTS_PER_SECOND)).toEqual([]);
  });

  test('put every change on the bus exactly once', async () => {
    const differences = () => eventsAgainstTimelines(stack.bus, ledger.finals);
    await until('the last events', 15_000, () => differences().length === 0).catch(() => undefined);
    expect(differences()).toEqual([]);
    expect(stack.bus.size).toBe(ledger.finals.flatMap(({ timeline }) => timeline).filter(isPublished).length);
  });

  test('can be asked for, with status and timeline', async () => {
    const { fixture, accepted } = ledger.all.find((entry) => entry.fixture.expect.segments === 3)!;
    const message = await stack.client.message(accepted.id);
    expect(message).toMatchObject({
      status: fixture.outcome,
      is_final: true,
      to: fixture.expect.e164,
      lane: fixture.lane,
      segments: { total: 3, sent: 3 },
    });
    const statuses = message.timeline.map(({ status }) => status);
    expect(statuses).toEqual(['queued', 'sending', 'sent', fixture.outcome]);
    const times = message.timeline.map(({ at }) => Date.parse(at));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  test('leave no number, no text, no key, no secret and no password in any log, that of the API included', async () => {
    const { data } = await stack.client.bindery.listInboundMessages();
    expect(data.map(({ text }) => text)).toEqual([INBOUND.text]);
    expect(receiver.deliveries.length).toBeGreaterThan(twoOfEveryKind.length);
    const logs = ['access.log', 'binder.log', 'deliver-webhook.log', 'manage.log', 'send.log', 'sweep.log'];
    expect(readdirSync(stack.logFolder)).toEqual(expect.arrayContaining(logs));
    const keySecret = stack.key.split('_').slice(3).join('_');
    const secrets = [
      stack.key,
      keySecret,
      PASSWORD,
      webhookSecret,
      webhookSecret.replace('whsec_', ''),
      CALLBACK_TOKEN,
    ];
    const inbound = [INBOUND.text, INBOUND.from.slice('+63'.length)];
    expect(leaksIn(stack.logFolder, messages, [...secrets, ...inbound])).toEqual([]);
  });

  test('let nothing fail on the way', () => {
    expect(stack.observed.filter((text) => /^(failed|parked)/.test(text))).toEqual([]);
  });
});

function isPublished({ sequence }: { sequence: number | null }): boolean {
  return sequence !== null;
}
