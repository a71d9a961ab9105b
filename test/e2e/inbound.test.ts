import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Simulator } from '../../binder/simulator/simulator.ts';
import type { Bindery, CreatedWebhookEndpoint, Message } from '../../docs/client/bindery.ts';
import { BinderyError } from '../../docs/client/bindery.ts';
import { SYSTEM_ID, startFixtureOperator } from './fixture-operator.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

const SUBSCRIBER = '+639175550001';
const ON_THE_WIRE = '639175550001';
const SHORT_CODE = '21581234';
/** Three parts in UCS-2, with a surrogate pair at each boundary of 67 code units. */
const LONG_TEXT = '😀'.repeat(70) + 'ñ'.repeat(40);
const ANSWER = 'Hindi ka na makatatanggap ng mensahe.';

let stack: RunningStack;
let bindery: Bindery;
let operator: Simulator;
let receiver: WebhookReceiver;
let endpoint: CreatedWebhookEndpoint;

beforeAll(async () => {
  const fixture = await startFixtureOperator({ receiptDelayMs: 100 });
  whenOver(() => fixture.close());
  operator = fixture.simulator;
  const keywords = { stop: { answer: ANSWER }, answersFrom: 'BINDERY' };
  const context = { 'bindery:accounts': [{ profile: 'smpp-asia', keywords }] };
  stack = await startStack({ stateDirectory: freshStateDirectory(), operator: fixture.credentials, context });
  whenOver(() => stack.close());
  bindery = stack.client.bindery;
  receiver = await WebhookReceiver.start();
  endpoint = await bindery.createWebhookEndpoint({ url: receiver.url, events: ['message.received'] });
}, 90_000);

afterAll(tearDown);

const says = (text: string) => operator.sendInbound(SYSTEM_ID, { from: ON_THE_WIRE, to: SHORT_CODE, text });
const sendBulk = async (different: { send_at?: string } = {}): Promise<Message> =>
  await bindery.sendMessage({ to: SUBSCRIBER, from: 'BINDERY', text: 'A big sale', lane: 'bulk', ...different });
const received = () => stack.bus.others.filter(({ type }) => type === 'message.received');
const optOuts = async () => (await bindery.listOptOuts()).data;

test('a long message whose parts come in any order is one message, one event and one webhook', async () => {
  const message = { from: ON_THE_WIRE, to: SHORT_CODE, text: LONG_TEXT, reference: 7 };
  operator.sendInbound(SYSTEM_ID, message, [3]);
  const waiting = await until(
    'the word that it waits',
    20_000,
    async () => (await bindery.listInboundMessages()).data[0],
  );
  expect(waiting).toMatchObject({ status: 'waiting', text: null, parts: { received: 1, total: 3 } });
  operator.sendInbound(SYSTEM_ID, message, [1, 3, 2, 1]);
  const whole = await until('the whole message', 20_000, async () => {
    const [first] = (await bindery.listInboundMessages()).data;
    return first?.status === 'complete' && first;
  });
  expect(whole).toMatchObject({ id: waiting.id, from: SUBSCRIBER, text: LONG_TEXT, encoding: 'ucs2' });
  expect(await bindery.getInboundMessage(whole.id)).toEqual(whole);
  await until('its webhook', 20_000, () => receiver.ids.size > 0 && received().length > 0);
  expect((await bindery.listInboundMessages()).data).toHaveLength(1);
  expect(received().map(({ detail }) => detail.data['message_id'])).toEqual([whole.id]);
  expect(receiver.deliveries.map(({ body }) => body).join()).not.toMatch(/😀|ñ/u);
  expect(receiver.refusedBy(endpoint.secret)).toEqual([]);
  expect(receiver.ids).toEqual(new Set(received().map(({ detail }) => detail.metadata.event_id)));
});

test('STOP keeps away what comes and what was accepted before, and is confirmed', async () => {
  const scheduled = await sendBulk({ send_at: new Date(Date.now() + 8_000).toISOString() });
  expect(scheduled.status).toBe('scheduled');
  says('Stop!');
  await until('the opt-out', 20_000, async () => (await optOuts()).length > 0);
  expect(await optOuts()).toMatchObject([{ number: SUBSCRIBER, scope: 'all', source: 'stop_word' }]);
  await expect(sendBulk()).rejects.toSatisfy(
    (error) => error instanceof BinderyError && error.problem?.code === 'recipient_opted_out',
  );
  const ended = await until('the end of what was scheduled', 40_000, async () => {
    const message = await bindery.getMessage(scheduled.id);
    return message.is_final && message;
  });
  expect(ended).toMatchObject({ status: 'failed', error: { code: 'recipient_opted_out' } });
  await until('its event', 10_000, () => stack.bus.of(scheduled.id).some(({ type }) => type === 'message.failed'));
  await until('the confirmation', 20_000, () => operator.submits.length > 0);
  expect(operator.messages().map(({ text }) => text)).toEqual([ANSWER]);
});

test('START lets messages through again', async () => {
  says('simulan');
  await until('the end of the opt-out', 20_000, async () => (await optOuts()).length === 0);
  const { id } = await sendBulk();
  await until('its delivery', 20_000, async () => (await bindery.getMessage(id)).status === 'delivered');
});

test('its event is replayed, and whoever is erased leaves no message behind', async () => {
  const [first] = received();
  const { event_id } = first?.detail.metadata ?? {};
  const before = receiver.deliveries.length;
  expect(await bindery.replayWebhooks(endpoint.id, { event_id })).toMatchObject({ queued: 1 });
  await until('the replay', 20_000, () => receiver.deliveries.length > before);
  expect(receiver.deliveries.at(-1)?.id).toBe(event_id);
  await until('everything to be erased', 20_000, async () => (await bindery.eraseRecipient({ to: SUBSCRIBER })).done);
  expect((await bindery.listInboundMessages()).data).toEqual([]);
});

test('and nothing failed on the way, and no log has a number or a text', () => {
  expect(stack.observed.filter((text) => /^(failed|parked)/.test(text))).toEqual([]);
  const logs = readdirSync(stack.logFolder).map((file) => readFileSync(join(stack.logFolder, file), 'utf8'));
  expect(logs.join('\n')).toContain('a subscriber asked by a word');
  expect(logs.join('\n')).not.toMatch(/9175550001|simulan|😀/iu);
});
