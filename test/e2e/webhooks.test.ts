import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Bindery, CreatedWebhookEndpoint, CreateWebhookEndpointRequest } from '../../docs/client/bindery.ts';
import { startFixtureOperator } from './fixture-operator.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

/** A day of attempts takes 24 s, five days of failure two minutes. */
const TIME_FACTOR = 3_600;
const MESSAGES = 12;
/** Queued, sent, delivered. */
const EVENTS = 3 * MESSAGES;
/** Endpoints have 15 s to answer, but others wait for one of them once, and for 3 s; the rest is this machine. */
const MOST_DELAY_MS = 10_000;

let stack: RunningStack;
let bindery: Bindery;

beforeAll(async () => {
  const operator = await startFixtureOperator({ receiptDelayMs: 200 });
  whenOver(() => operator.close());
  const context = { 'bindery:webhookTimeFactor': TIME_FACTOR };
  stack = await startStack({ stateDirectory: freshStateDirectory(), operator: operator.credentials, context });
  whenOver(() => stack.close());
  bindery = stack.client.bindery;
}, 90_000);

afterAll(tearDown);

async function endpoint(receiver: WebhookReceiver, request: Partial<CreateWebhookEndpointRequest> = {}) {
  return await bindery.createWebhookEndpoint({ url: receiver.url, events: ['message.*'], ...request });
}

async function sendMessages(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) {
    await bindery.sendMessage({
      to: `+63917555${1000 + index}`,
      from: 'Bindery',
      text: 'Hello',
      lane: 'transactional',
    });
  }
}

describe('endpoints that fail, hang, redirect, go and come back', () => {
  const receivers: Record<string, WebhookReceiver> = {};
  const endpoints: Record<string, CreatedWebhookEndpoint> = {};
  const at = (name: string) => ({ receiver: receivers[name]!, made: endpoints[name]! });
  let elsewhere: WebhookReceiver;
  let busyUntil = 0;

  beforeAll(async () => {
    elsewhere = await WebhookReceiver.start();
    const behaviours: Record<string, WebhookReceiver['behave']> = {
      healthy: (_request, response) => void response.end(),
      picky: (_request, response) => void response.end(),
      failing: (_request, response) => void response.writeHead(500).end(),
      hanging: () => {},
      redirecting: (_request, response) => void response.writeHead(307, { location: elsewhere.url }).end(),
      leaving: (_request, response) => void response.writeHead(410).end(),
      busy: (_request, response) => {
        const isBusy = Date.now() < busyUntil;
        if (busyUntil === 0) busyUntil = Date.now() + 3_000;
        response.writeHead(isBusy || busyUntil - Date.now() > 2_900 ? 429 : 200, { 'retry-after': '3' }).end();
      },
    };
    for (const [name, behave] of Object.entries(behaviours)) {
      const receiver = await WebhookReceiver.start(behave);
      receivers[name] = receiver;
      endpoints[name] = await endpoint(receiver, name === 'picky' ? { events: ['message.delivered'] } : {});
    }
    await sendMessages(MESSAGES);
    await until('the last event at the healthy endpoint', 60_000, () => at('healthy').receiver.ids.size === EVENTS);
    // The first attempts have failed by now; two of them come back.
    for (const name of ['failing', 'hanging']) at(name).receiver.behave = (_request, response) => void response.end();
    await until('everything at those that came back', 60_000, () =>
      ['failing', 'hanging', 'busy'].every((name) => at(name).receiver.ids.size === EVENTS),
    );
    await until('the last event at the picky endpoint', 10_000, () => at('picky').receiver.ids.size >= MESSAGES);
  }, 180_000);

  test('every event comes to the healthy one, whatever the others do', () => {
    const { receiver, made } = at('healthy');
    expect(receiver.types).toEqual(new Set(['message.queued', 'message.sent', 'message.delivered']));
    expect(receiver.refusedBy(made.secret)).toEqual([]);
    expect(Math.max(...receiver.delays)).toBeLessThan(MOST_DELAY_MS);
  });

  test('one that asks for some events gets those', () => {
    expect(at('picky').receiver.types).toEqual(new Set(['message.delivered']));
    expect(at('picky').receiver.ids.size).toBe(MESSAGES);
  });

  test.each(['failing', 'hanging', 'busy'])('nothing is lost to the one that was %s', (name) => {
    const { receiver, made } = at(name);
    expect(receiver.ids).toEqual(at('healthy').receiver.ids);
    expect(receiver.refusedBy(made.secret)).toEqual([]);
  });

  test('the busy one is left alone as long as it asked', () => {
    const [first, ...rest] = at('busy').receiver.deliveries.map((delivery) => delivery.at);
    const duringPause = rest.filter((time) => time - (first ?? 0) > 500 && time - (first ?? 0) < 3_000);
    expect(duringPause).toEqual([]);
  });

  test('no redirect is followed', () => {
    expect(at('redirecting').receiver.deliveries.length).toBeGreaterThan(0);
    expect(elsewhere.deliveries).toEqual([]);
  });

  test('the one that answered 410 is disabled, which the bus is told', async () => {
    const { id } = at('leaving').made;
    expect(await bindery.getWebhookEndpoint(id)).toMatchObject({ enabled: false, disabled_reason: 'gone' });
    await until('the event', 5_000, () => stack.bus.disabledEndpoints.length > 0);
    expect(stack.bus.disabledEndpoints).toEqual([id]);
  });

  test('a test is sent, its attempt is shown, and what was missed is replayed to the one that comes back', async () => {
    const { receiver, made } = at('leaving');
    receiver.behave = (_request, response) => void response.end();
    const missed = at('healthy').receiver.ids;
    await bindery.changeWebhookEndpoint(made.id, { enabled: true });
    const tested = await bindery.testWebhookEndpoint(made.id);
    await until('the attempt of the test', 10_000, async () => {
      const { data } = await bindery.listWebhookAttempts(made.id);
      return data.some(({ event_id, delivered }) => event_id === tested.event_id && delivered);
    });
    receiver.deliveries.length = 0;
    const range = { from: '2020-01-01T00:00:00Z', to: new Date().toISOString() };
    const replay = await bindery.replayWebhooks(made.id, { ...range, which: 'undelivered' });
    expect(replay).toMatchObject({ queued: EVENTS, gone: 0, done: true });
    await until('what was missed', 15_000, () => receiver.ids.size === EVENTS);
    expect(receiver.ids).toEqual(missed);
    expect(receiver.refusedBy(made.secret)).toEqual([]);
  });

  test('let nothing fail on the way', () => {
    expect(stack.observed.filter((text) => /^(failed|parked)/.test(text))).toEqual([]);
  });
});
