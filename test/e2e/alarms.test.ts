import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Behaviour } from '../../binder/simulator/behaviour.ts';
import { type Simulator, startSimulator } from '../../binder/simulator/simulator.ts';
import type { CallHooks } from '../../cdk/local/aws/api.ts';
import { AwsError } from '../../cdk/local/aws/call.ts';
import { type RunningBindery, startLocalStack } from '../../cdk/local/start.ts';
import { ALARM_RULES } from '../../cdk/monitoring/alarms/all.ts';
import type { Bindery } from '../../docs/client/bindery.ts';
import { LANES } from '../../shared/config/account.ts';
import { laneQueueUrl } from '../../shared/config/environment.ts';
import { deadLetterUrl } from '../../shared/queue/lanes.ts';
import { ApiClient } from './api-client.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

/** A period of a minute takes a second. */
const TIME_FACTOR = 60;
const SYSTEM = { systemId: 'bindery', password: 'secret12' };
const ACCOUNT = {
  name: 'main',
  profile: 'smpp-asia',
  segmentsPerSecond: 20,
  submitWindow: 2,
  segmentsPerDay: 1_000,
  inboundPartsSeconds: 10,
  timers: { submitAnswerMs: 1_000 },
  // A quarter of it is how long the oldest may wait.
  lanes: { otp: { defaultTtlSeconds: 8 } },
};
const REFUSED = '+639171110006';
const THROTTLED_ONCE = '+639171110058';
const UNANSWERED = '+639171110017';
const DELIVERED = '+639171110001';

/** Raised here by what goes wrong; the others, whose time can't be compressed, are raised by recorded figures (test/unit/local/cloudwatch). */
const RAISED_HERE = [
  'session-down-main',
  'lane-waiting-main-otp',
  'dead-letters-main-bulk',
  'refused-share-main',
  'unknown-outcomes-main',
  'quota-near-main',
  'webhook-failures',
  'webhooks-lost',
  'function-errors-sweep',
  'api-failing',
].map((id) => `bindery-local-${id}`);

let running: RunningBindery;
let simulator: Simulator;
let bindery: Bindery;
let client: ApiClient;
/** Programs that AWS denies everything. */
const denied = new Set<string>();
const raised = new Set<string>();
const over = new AbortController();

const hooks: CallHooks = {
  intercept: async ({ caller }) => {
    if (![...denied].some((name) => caller.program.toLowerCase().includes(name))) return undefined;
    throw new AwsError('AccessDeniedException', 'the test wants it so', 400);
  },
};

/** Takes submits to one number and never answers. */
const silent: Behaviour = {
  received: (_link, pdu, next) => {
    if (pdu.command === 'submit_sm' && pdu.destination.address.endsWith(UNANSWERED.slice(-4))) return;
    next(pdu);
  },
};

function operator(port = 0): Promise<Simulator> {
  let throttled = false;
  return startSimulator({
    port,
    systems: [{ ...SYSTEM, submitsPerSecond: 100 }],
    receiptDelayMs: 100,
    behaviours: [silent],
    decide: ({ destination }) => {
      if (destination.endsWith(REFUSED.slice(-4))) return { status: 0x0b };
      if (!destination.endsWith(THROTTLED_ONCE.slice(-4)) || throttled) return {};
      throttled = true;
      return { status: 0x58 };
    },
  });
}

const toRaise = async (names: readonly string[], timeoutMs: number) => {
  const left = () => names.filter((name) => !raised.has(`bindery-local-${name}`));
  await until(`alarms to be raised: ${names.join()}`, timeoutMs, () => left().length === 0).catch((error: Error) => {
    throw new Error(`${error.message}; not raised: ${left().join()}`);
  });
};

beforeAll(async () => {
  simulator = await operator();
  whenOver(() => simulator.close());
  running = await startLocalStack({
    stateDirectory: freshStateDirectory(),
    operator: { url: simulator.url, ...SYSTEM },
    context: {
      'bindery:accounts': [ACCOUNT],
      'bindery:binder': { metricsIntervalSeconds: 1 },
      'bindery:webhookTimeFactor': 20_000,
    },
    hooks,
    alarmTimeFactor: TIME_FACTOR,
    strict: true,
    observe: (seen) => {
      if (seen.kind === 'alarm' && seen.state === 'ALARM') raised.add(seen.name);
    },
  });
  whenOver(() => running.close());
  client = new ApiClient({ api: running.apiUrl, key: running.key });
  bindery = client.bindery;
  whenOver(async () => {
    over.abort();
    await Promise.resolve();
  });
  void sweepEachPeriod();
}, 60_000);

afterAll(tearDown);

/** The sweep's minute is compressed like all others. */
async function sweepEachPeriod(): Promise<void> {
  const sweep = running.stack.functions.find(({ specification }) => specification.name === 'sweep');
  while (!over.signal.aborted) {
    await sweep?.invoke({});
    await delay(500);
  }
}

async function sqs(action: string, input: Record<string, unknown>) {
  return await running.aws.invoke({ service: 'sqs', action, input });
}

const laneUrl = (): string => laneQueueUrl(running.stack.variable('LANE_QUEUE_URL') ?? '', 'main', 'bulk');

async function send(to: string, lane: 'otp' | 'transactional' | 'bulk', ttlSeconds = 600) {
  return await bindery.sendMessage({ to, from: 'Bindery', text: 'Hello', lane, ttl_seconds: ttlSeconds });
}

describe('what only the sweep does, which comes so often here', () => {
  test('queues what is scheduled; a part of an inbound message waits for the others', async () => {
    // A little more than the time by which messages are queued ahead.
    const soon = new Date(Date.now() + 80_000).toISOString();
    const message = { to: DELIVERED, from: 'Bindery', text: 'Hello', lane: 'transactional', send_at: soon } as const;
    const { id } = await bindery.sendMessage(message);
    await until('the account to be bound', 20_000, () =>
      running.sessions().some(({ account, state }) => account === 'main' && state === 'bound'),
    );
    const long = { from: '09179990001', to: '2158', text: 'A long message. '.repeat(20) };
    simulator.sendInbound(SYSTEM.systemId, long, [1]);
    const messages = async () => (await bindery.listInboundMessages()).data;
    await until('its first part', 20_000, async () => (await messages()).length > 0);
    await until('the scheduled message in its lane', 20_000, async () => {
      const depths = (await sqs('GetQueueAttributes', {
        QueueUrl: laneQueueUrl(running.stack.variable('LANE_QUEUE_URL') ?? '', 'main', 'transactional'),
        AttributeNames: ['ApproximateNumberOfMessagesDelayed'],
      })) as { Attributes?: Record<string, string> };
      return Number(depths.Attributes?.['ApproximateNumberOfMessagesDelayed']) > 0;
    });
    await bindery.cancelMessage(id);
  });
});

describe('what goes wrong raises its alarm, and what is mended ends it', () => {
  test('refusals, unanswered submits, dead letters, a full quota, webhooks, a function and the API', async () => {
    const failing = await WebhookReceiver.start((_request, response) => void response.writeHead(500).end());
    const endpoint = await bindery.createWebhookEndpoint({ url: failing.url, events: ['message.*'] });
    const tenSegments = 'x'.repeat(1_500);
    const later = new Date(Date.now() + 7 * 86_400_000).toISOString();
    const scheduled = await bindery.createBatch({
      send_at: later,
      defaults: { from: 'Bindery', text: tenSegments },
      items: Array.from({ length: 80 }, () => ({ to: DELIVERED })),
    });
    for (let count = 0; count < 10; count += 1) await send(UNANSWERED, 'bulk');
    await send(THROTTLED_ONCE, 'transactional');
    for (const lane of LANES) await send(DELIVERED, lane);
    await sqs('SendMessage', { QueueUrl: laneUrl(), MessageBody: 'none of ours' });
    await bindery.createBatch({
      lane: 'transactional',
      defaults: { from: 'Bindery', text: 'Hello' },
      items: Array.from({ length: 190 }, () => ({ to: REFUSED })),
    });
    await client.request('/docs', {});
    denied.add('sweep');
    await toRaise(['function-errors-sweep'], 30_000);
    denied.clear();
    denied.add('query');
    const statuses = await Promise.all(
      Array.from(
        { length: 8 },
        async () =>
          (await fetch(`${running.apiUrl}/v1/messages`, { headers: { authorization: `Bearer ${running.key}` } }))
            .status,
      ),
    );
    denied.clear();
    expect(Math.min(...statuses)).toBeGreaterThanOrEqual(500);

    await toRaise(
      [
        'api-failing',
        'quota-near-main',
        'dead-letters-main-bulk',
        'unknown-outcomes-main',
        'refused-share-main',
        'webhook-failures',
        'webhooks-lost',
      ],
      90_000,
    );
    await bindery.cancelBatch(scheduled.id);
    await bindery.deleteWebhookEndpoint(endpoint.id);
    const { Messages = [] } = (await sqs('ReceiveMessage', { QueueUrl: deadLetterUrl(laneUrl()) })) as {
      Messages?: { ReceiptHandle: string }[];
    };
    for (const { ReceiptHandle } of Messages) {
      await sqs('DeleteMessage', { QueueUrl: deadLetterUrl(laneUrl()), ReceiptHandle });
    }
  });

  test('an operator that is gone, and messages that wait for him', async () => {
    const { port } = simulator;
    await simulator.close();
    await send(DELIVERED, 'otp');
    await toRaise(['session-down-main', 'lane-waiting-main-otp'], 30_000);
    simulator = await operator(port);
  });

  test('all of them end', async () => {
    const { cloudwatch } = running.stack;
    await until('every alarm to be over', 60_000, () => cloudwatch.raised.length === 0).catch(() => undefined);
    expect(cloudwatch.raised).toEqual([]);
    expect([...raised].sort()).toEqual(expect.arrayContaining([...RAISED_HERE].sort()));
  });
});

test('the inbound message whose other parts did not come was ended meanwhile', async () => {
  const ended = await until('the end of it', 45_000, async () => {
    const [first] = (await bindery.listInboundMessages()).data;
    return first?.status === 'incomplete' && first;
  });
  expect(ended).toMatchObject({ parts: { received: 1, total: 3 } });
});

describe('what alarms look at', () => {
  test('was told in this run, by name and dimensions, by programs and by AWS', () => {
    const textOf = (key: object) => JSON.stringify(key);
    const told = new Set(running.stack.cloudwatch.metrics.keys.map(textOf));
    const missing = running.stack.cloudwatch.alarms.flatMap(({ name, queries }) =>
      [...queries.values()].flatMap(({ metric }) => (told.has(textOf(metric)) ? [] : [`${name}: ${textOf(metric)}`])),
    );
    expect(missing).toEqual([]);
  });

  test('is all that the rules look at', () => {
    const names = running.stack.cloudwatch.alarms.map(({ name }) => name.replace('bindery-local-', ''));
    expect(ALARM_RULES.filter(({ id }) => !names.some((name) => name.startsWith(id))).map(({ id }) => id)).toEqual([]);
  });
});
