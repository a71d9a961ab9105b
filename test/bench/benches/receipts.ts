import { setTimeout as delay } from 'node:timers/promises';
import { type Simulator, startSimulator } from '../../../binder/simulator/simulator.ts';
import { type DeliveredPdu, parseReceipt } from '../../../shared/receipts/parse-receipt.ts';
import { until } from '../../e2e/until.ts';
import { RECEIPT_SHAPES } from '../../fixtures/receipt-shapes.ts';
import type { Bench, BenchContext } from '../bench.ts';
import type { Figure } from '../figure.ts';
import type { PlainReceiverRequests } from '../programs/plain-receiver.ts';
import { PASSWORD, SYSTEM_ID } from '../stage/operator.ts';
import { ReceiptStack } from '../stage/receipt-stack.ts';
import { Remote } from '../stage/remote.ts';
import { median, quantile } from '../stage/spread.ts';
import { WebhookClock } from '../stage/webhook-clock.ts';

/** How fast receipts come, and how many. */
const PACES = [
  { name: '10 a second', perSecond: 10, receipts: 200 },
  { name: 'storm of 500 a second', perSecond: 500, receipts: 2_000 },
] as const;
type Pace = (typeof PACES)[number];
const WARM_UP = 10;
/** More than are ever unanswered at once: the storm is to come as it comes. */
const RECEIPT_WINDOW = 1_000;
const LAST_TIMEOUT_MS = 300_000;
const OF = 'a plain client that stores nothing and posts at once';
const PARSES = 200_000;
const PARSE_RUNS = 5;

export const receipts: Bench = {
  title: 'from a receipt on the wire to its event and its webhook; the parser',
  run: async (context) => [...(await onTheirWay(context)), ...(await parsing(context))],
};

/** When each receipt left the operator, monotonic milliseconds, by the message centre's id. */
type Left = ReadonlyMap<string, number>;

class ReceiptOperator {
  readonly simulator: Simulator;
  #next = 700_000_001;

  private constructor(simulator: Simulator) {
    this.simulator = simulator;
  }

  static async start(): Promise<ReceiptOperator> {
    const systems = [{ systemId: SYSTEM_ID, password: PASSWORD }];
    return new ReceiptOperator(
      await startSimulator({ systems, receiptWindow: RECEIPT_WINDOW, receiptAnswerTimeoutMs: LAST_TIMEOUT_MS }),
    );
  }

  /** First of so many ids that were not used yet. */
  reserve(count: number): number {
    const first = this.#next;
    this.#next += count;
    return first;
  }

  async send(mcMessageIds: readonly string[], perSecond: number, report: (sent: number) => void): Promise<Left> {
    const left = new Map<string, number>();
    const end = this.simulator.onEvent((event) => {
      if (event.kind === 'delivery_sent' && event.of.kind === 'receipt') left.set(event.of.messageId, event.atMs);
    });
    const startedMs = performance.now();
    for (const [n, messageId] of mcMessageIds.entries()) {
      await delay(Math.max(0, startedMs + (n * 1_000) / perSecond - performance.now()));
      this.simulator.sendReceipt({ systemId: SYSTEM_ID, messageId });
      report(n + 1);
    }
    await until('the last receipt to leave', LAST_TIMEOUT_MS, () => left.size >= mcMessageIds.length);
    end();
    return left;
  }
}

async function onTheirWay(context: BenchContext): Promise<Figure[]> {
  const plain = await throughPlain(context);
  const operator = await ReceiptOperator.start();
  const webhook = await WebhookClock.start(deliveredMessage);
  let receiving: ReceiptStack | undefined;
  try {
    receiving = await ReceiptStack.begin(operator.simulator);
    await receiving.stack.client.bindery.createWebhookEndpoint({ url: webhook.url, events: ['message.delivered'] });
    // The first ones start the functions, which no later one waits for.
    await throughStack(context, { operator, receiving, webhook }, { name: 'warm-up', perSecond: 5, receipts: WARM_UP });
    const figures: Figure[] = [];
    for (const pace of PACES) {
      const { events, webhooks } = await throughStack(context, { operator, receiving, webhook }, pace);
      const baseline = plain.get(pace) ?? [];
      figures.push(
        ...quantiles(`${pace.name}: to the event`, events),
        ...quantiles(`${pace.name}: to the webhook`, webhooks, baseline),
      );
    }
    return figures;
  } finally {
    await receiving?.stack.close();
    webhook.close();
    await operator.simulator.close();
  }
}

function deliveredMessage(body: string): string | undefined {
  const { type, data } = JSON.parse(body) as { type: string; data: { message_id: string } };
  return type === 'message.delivered' ? data.message_id : undefined;
}

async function throughStack(
  { watch, scale }: BenchContext,
  { operator, receiving, webhook }: { operator: ReceiptOperator; receiving: ReceiptStack; webhook: WebhookClock },
  { name, perSecond, receipts: full }: { name: string; perSecond: number; receipts: number },
): Promise<{ events: number[]; webhooks: number[] }> {
  const count = name === 'warm-up' ? full : Math.ceil(full * scale);
  const first = operator.reserve(count);
  const ids = await watch.during(`r: messages for ${name}`, count, (report) => receiving.sent(count, first, report));
  const left = await watch.during(`r: ${name}`, count, (report) => operator.send([...ids.keys()], perSecond, report));
  const messageIds = [...ids.values()];
  await until('the last webhook', LAST_TIMEOUT_MS, () => messageIds.every((id) => webhook.atMs.has(id)));
  await until('the last event', LAST_TIMEOUT_MS, () => messageIds.every((id) => receiving.deliveredAtMs.has(id)));
  const since = (atMs: ReadonlyMap<string, number>) =>
    Array.from(ids, ([mcMessageId, id]) => (atMs.get(id) ?? Infinity) - (left.get(mcMessageId) ?? Infinity));
  return { events: since(receiving.deliveredAtMs), webhooks: since(webhook.atMs) };
}

async function throughPlain({ watch, scale }: BenchContext): Promise<Map<Pace, number[]>> {
  const operator = await ReceiptOperator.start();
  const webhook = await WebhookClock.start((body) => (JSON.parse(body) as { id: string }).id);
  const plain = new Remote<PlainReceiverRequests>('plain-receiver.ts');
  const credentials = { system_id: SYSTEM_ID, password: PASSWORD };
  const delays = new Map<Pace, number[]>();
  try {
    await plain.call('bind', { url: operator.simulator.url, credentials, webhook: webhook.url });
    for (const pace of PACES) {
      const count = Math.ceil(pace.receipts * scale);
      const first = operator.reserve(count);
      const ids = Array.from({ length: count }, (_, n) => String(first + n));
      const left = await watch.during(`r: plain client, ${pace.name}`, count, (report) =>
        operator.send(ids, pace.perSecond, report),
      );
      await until('the last webhook', LAST_TIMEOUT_MS, () => ids.every((id) => webhook.atMs.has(id)));
      delays.set(
        pace,
        ids.map((id) => (webhook.atMs.get(id) ?? Infinity) - (left.get(id) ?? Infinity)),
      );
    }
    return delays;
  } finally {
    plain.close();
    webhook.close();
    await operator.simulator.close();
  }
}

function quantiles(what: string, values: readonly number[], beside?: readonly number[]): Figure[] {
  return [0.5, 0.99].map((share) => ({
    what: `${what}: p${share * 100}`,
    unit: 'ms',
    measured: quantile(values, share),
    ...(beside === undefined ? {} : { baseline: { of: OF, value: quantile(beside, share) } }),
  }));
}

async function parsing({ watch, scale }: BenchContext): Promise<Figure[]> {
  const pdus = RECEIPT_SHAPES.map(
    ({ esmClass = 0x04, text = '', tlvs = [] }): DeliveredPdu => ({
      esmClass,
      payload: Buffer.from(text, 'latin1'),
      tlvs,
    }),
  );
  const texts = RECEIPT_SHAPES.map(({ text = '' }) => text);
  const rounds = Math.ceil((PARSES * scale) / pdus.length);
  const ours = (): void => pdus.forEach((pdu) => void parseReceipt(pdu));
  const plain = (): void => texts.forEach((text) => void /id:(\S+).*stat:(\S+)/.exec(text));
  return await watch.during('r: the parser', PARSE_RUNS, async (report) => {
    const times: { ours: number; plain: number }[] = [];
    for (let run = 1; run <= PARSE_RUNS; run += 1) {
      times.push({ ours: microseconds(ours, rounds, pdus.length), plain: microseconds(plain, rounds, texts.length) });
      report(run);
      await delay(10);
    }
    return [
      {
        what: `the parser, over ${pdus.length} shapes of receipts: each`,
        unit: 'µs',
        measured: median(times.map((each) => each.ours)),
        baseline: { of: 'a regular expression that fits one of them', value: median(times.map((each) => each.plain)) },
      },
    ];
  });
}

function microseconds(work: () => void, rounds: number, each: number): number {
  const startedMs = performance.now();
  for (let round = 0; round < rounds; round += 1) work();
  return ((performance.now() - startedMs) * 1_000) / (rounds * each);
}
