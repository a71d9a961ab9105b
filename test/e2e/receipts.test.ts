import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../binder/simulator/simulator.ts';
import type { Message } from '../../shared/domain/message.ts';
import { judgeEvents } from '../chaos/judges/events.ts';
import { readingSignatures } from '../chaos/operator.ts';
import { ACCOUNT, type ChaosStack, startChaosStack } from '../chaos/stack.ts';
import { Stored } from '../chaos/stored.ts';
import type { CallFaultKind } from '../misbehaviours/aws.ts';
import { inParallel } from './in-parallel.ts';
import { decideByPlan, inTheirWays, type Plan, planOf, WAYS } from './receipt-ways.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

const CREDENTIALS = { systemId: 'bindery-e2e', password: 'pQ7zX4wK' };
/** As fast as a local stack goes, and faster. */
const SEGMENTS_PER_SECOND = 500;
const MESSAGES = 1_000;
const MESSAGES_IN_TROUBLE = 200;
const TROUBLE_MS = 15_000;
/** In the alphabet of GSM 03.38: 153 characters a segment. */
const TEXTS: Readonly<Record<number, string>> = { 1: 'Your parcel is on its way.', 3: 'Your parcel. '.repeat(30) };

let stack: ChaosStack;
let stored: Stored;
let simulator: Simulator;
let receiver: WebhookReceiver;
let secret: string;

beforeAll(async () => {
  simulator = await startSimulator({
    systems: [{ ...CREDENTIALS, submitsPerSecond: 2 * SEGMENTS_PER_SECOND }],
    decide: decideByPlan,
    behaviours: [readingSignatures(CREDENTIALS.password), inTheirWays(1)],
    receiptWindow: 100,
    receiptRetryMs: 1_000,
  });
  whenOver(() => simulator.close());
  const operator = { url: simulator.url, ...CREDENTIALS };
  const where = { stateDirectory: freshStateDirectory(), operator, onObserved: () => undefined };
  stack = await startChaosStack({ ...where, segmentsPerSecond: SEGMENTS_PER_SECOND, seed: 1 });
  whenOver(() => stack.close());
  stored = new Stored(stack);
  receiver = await WebhookReceiver.start();
  ({ secret } = await stack.client.bindery.createWebhookEndpoint({ url: receiver.url, events: ['message.*'] }));
}, 90_000);

afterAll(tearDown, 60_000);

async function send(plans: readonly Plan[]): Promise<void> {
  const items = plans.map(({ to, segments }) => ({ to, from: 'Bindery', text: TEXTS[segments] }));
  const batch = await stack.client.bindery.createBatch({ lane: 'transactional', items });
  expect(batch.items.filter(({ status }) => status !== 'accepted')).toEqual([]);
}

/** Messages to these numbers, when each is final and every event of theirs has come to both consumers. */
async function settled(plans: readonly Plan[], timeoutMs: number): Promise<Message[]> {
  const numbers = new Set(plans.map(({ to }) => to));
  // The bus first: to read the table over and over would slow down what is waited for.
  await until('a final event of each message', timeoutMs, () => finalOnBus(numbers) === plans.length);
  await until('every receipt to be acknowledged', timeoutMs, () => simulator.undelivered === 0);
  const messages = await until('every message as the operator decided, with its events', timeoutMs, async () => {
    const all = (await stored.messages()).filter(({ to }) => numbers.has(to));
    const published = all.reduce((sum, { sequence }) => sum + sequence, 0);
    return isOver(all) && idsOf(eventsOf(numbers)).size >= published && all;
  });
  const ids = idsOf(eventsOf(numbers));
  await until('the last event at the endpoint', timeoutMs, () => [...ids].every((id) => receiver.ids.has(id)));
  return messages;
}

function isOver(messages: readonly Message[]): boolean {
  return messages.every(({ to, status }) => status === fateOf(to));
}

function fateOf(to: string): string {
  return planOf(Number(to.slice(-7)) - 1_000_000).fate;
}

function finalOnBus(numbers: ReadonlySet<string>): number {
  return new Set(eventsOf(numbers).flatMap(({ detail: { data } }) => (data.is_final ? data.to : []))).size;
}

function eventsOf(numbers: ReadonlySet<string>) {
  return stack.bus.events.filter(({ detail }) => numbers.has(detail.data.to));
}

function idsOf(events: ReturnType<typeof eventsOf>): Set<string> {
  return new Set(events.map(({ detail }) => detail.metadata.event_id));
}

/** What a consumer of webhooks holds after it has dropped repeats, by message and in the order of sequences. */
function consumed(messages: readonly Message[]): Map<string, string> {
  const own = new Set(messages.map(({ messageId }) => messageId));
  const once = new Map(receiver.deliveries.map(({ id, body }) => [id, JSON.parse(body) as WebhookBody]));
  const ofMessage = Map.groupBy(
    [...once.values()].filter(({ data }) => own.has(data.message_id)),
    ({ data }) => data.message_id,
  );
  return new Map(
    [...ofMessage].map(([id, events]) => [
      id,
      events
        .sort((one, other) => one.metadata.sequence - other.metadata.sequence)
        .map(({ type, metadata }) => `${metadata.sequence} ${type}`)
        .join(', '),
    ]),
  );
}

interface WebhookBody {
  type: string;
  metadata: { sequence: number };
  data: { message_id: string };
}

function published({ timeline }: Message): string {
  const changes = timeline.filter(({ sequence }) => sequence !== undefined);
  return changes.map(({ status }, index) => `${index + 1} message.${status}`).join(', ');
}

function expectAllAsDecided(messages: readonly Message[], plans: readonly Plan[]): void {
  const fates = Object.fromEntries(plans.map(({ to, fate }) => [to, fate]));
  expect(Object.fromEntries(messages.map(({ to, status }) => [to, status]))).toEqual(fates);
  expect(messages).toHaveLength(plans.length);
}

function expectOnceAndWithoutGap(messages: readonly Message[], plans: readonly Plan[]): void {
  const numbers = new Set(plans.map(({ to }) => to));
  expect(judgeEvents({ messages, bus: eventsOf(numbers) }).broken).toEqual([]);
  expect(receiver.refusedBy(secret)).toEqual([]);
  expect(consumed(messages)).toEqual(new Map(messages.map((message) => [message.messageId, published(message)])));
}

describe(`${MESSAGES} messages whose receipts come first, twice, reversed, mixed, and among some for unknown ids`, () => {
  const plans = Array.from({ length: MESSAGES }, (_, place) => planOf(place));
  let messages: Message[];

  beforeAll(async () => {
    await send(plans);
    messages = await settled(plans, 300_000);
  }, 330_000);

  test('come in every way and to every end', () => {
    const kinds = new Set(plans.map(({ way, fate, segments }) => `${way} ${fate} ${segments}`));
    expect(kinds.size).toBe(WAYS.length * 4 * 2);
    const topics = simulator.events.flatMap((event) => (event.kind === 'delivery_sent' ? [event.of] : []));
    const receipts = topics.flatMap((topic) => (topic.kind === 'receipt' ? topic.messageId : []));
    const submitted = new Set(simulator.submits.map(({ messageId }) => messageId));
    expect(receipts.filter((id) => !submitted.has(id)).length).toBeGreaterThan(MESSAGES / WAYS.length);
    expect(receipts.length).toBeGreaterThan(1.4 * submitted.size);
  });

  test('end as the operator decided', () => {
    expectAllAsDecided(messages, plans);
  });

  test('tell each change to each consumer once, numbered without a gap', () => {
    expectOnceAndWithoutGap(messages, plans);
  });

  test('leave nothing in dead-letter queues', async () => {
    expect(await stored.deadLetters()).toEqual([]);
    expect(stack.observed.filter((text) => text.startsWith('parked'))).toEqual([]);
  });
});

describe(`${MESSAGES_IN_TROUBLE} messages whose receipts flow while tables, queues and the bus fail, are slow, or do a part`, () => {
  const plans = Array.from({ length: MESSAGES_IN_TROUBLE }, (_, place) => planOf(MESSAGES + place));
  const kinds: CallFaultKind[] = ['5xx', 'throttling', 'reset', 'slow', 'lost_answer', 'partial'];
  let messages: Message[];

  beforeAll(async () => {
    // Signatures are good for five minutes: those of before were looked at.
    receiver.deliveries.length = 0;
    // One by one: a batch whose feeding fails goes on after minutes, which a test need not wait for.
    await inParallel(plans, 16, async ({ to, segments }) => {
      await stack.client.bindery.sendMessage({
        to,
        from: 'Bindery',
        text: TEXTS[segments] ?? '',
        lane: 'transactional',
      });
    });
    const share = 0.06;
    stack.failCalls([
      { kind: 'partial', callers: 'functions', share: 0.5 },
      // The answer to a binder's poll is not lost: its messages would stay hidden for two minutes, which a test need not wait for.
      ...kinds.map((kind) => ({ kind, callers: kind === 'lost_answer' ? 'functions' : 'all', share }) as const),
    ]);
    const numbers = new Set(plans.map(({ to }) => to));
    const mostIsDone = () => finalOnBus(numbers) > 0.9 * plans.length;
    await until('the trouble to be over', TROUBLE_MS, mostIsDone).catch(() => undefined);
    stack.failCalls([]);
    messages = await settled(plans, 300_000);
  }, 330_000);

  test('are hit by every kind of fault', async () => {
    const hits = await stack.callsHit();
    expect(new Set(hits.keys())).toEqual(new Set(kinds));
    // A busy machine has done most before all of them are sent, and the trouble begins.
    expect([...hits.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(MESSAGES_IN_TROUBLE / 10);
  });

  test('lose no receipt: each ends as the operator decided', () => {
    expectAllAsDecided(messages, plans);
  });

  test('lose no event: each consumer has every change, numbered without a gap', () => {
    expectOnceAndWithoutGap(messages, plans);
  });

  test('leave no row of the account that was acknowledged and not stored', async () => {
    const rows = await stored.receiptRows();
    const kept = new Set(rows.flatMap((row) => (row.kind === 'receipt' ? row.mcMessageId : [])));
    const acknowledged = simulator.events.flatMap((event) =>
      event.kind === 'delivery_answered' && event.status === 0 && event.of.kind === 'receipt' ? event.of.messageId : [],
    );
    expect(acknowledged.length).toBeGreaterThan(MESSAGES);
    expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    expect(rows.every(({ account }) => account === ACCOUNT)).toBe(true);
  });
});
