import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CallHooks } from '../../cdk/local/aws/api.ts';
import { AwsError } from '../../cdk/local/aws/call.ts';
import { type RunningBindery, startLocalStack } from '../../cdk/local/start.ts';
import { ALARM_RULES } from '../../cdk/monitoring/alarms/all.ts';
import { Bindery } from '../../docs/client/bindery.ts';
import { laneQueueUrl } from '../../shared/config/environment.ts';
import {
  type AccountName,
  BESIDE_BINDERS,
  type Fault,
  ownersThatChange,
  type Site,
  UNDER_ONE_BINDER,
} from './alarm-faults.ts';
import { DELIVERED, FaultyOperator, SYSTEM, THROTTLED_ONCE, UNANSWERED } from './faulty-operator.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';

/**
 * How long a period lasts here, by its seconds: as short as what it counts can happen in. A binder speaks once a second, four
 * binders start within a quarter of an hour, and fifty messages go out within an hour.
 */
const PERIODS_MS: Readonly<Record<number, number>> = { 60: 1_000, 300: 2_000, 900: 20_000, 3_600: 7_000 };
const PATIENCE_MS = 60_000;

const usual = { profile: 'smpp-asia', segmentsPerSecond: 30, timers: { submitAnswerMs: 1_000 } };
const ACCOUNTS: Readonly<Record<AccountName, object>> = {
  main: { ...usual, inboundPartsSeconds: 10 },
  slow: {
    ...usual,
    segmentsPerDay: 100,
    statuses: { submit: { '0x58': { action: 'pause', cause: 'rate', firstMs: 500, maxMs: 1_000 } } },
  },
  // More than a window of submits must stay unanswered, and a quarter of the life is how long the oldest message may wait.
  gone: { ...usual, submitWindow: 2, lanes: { otp: { defaultTtlSeconds: 8 } } },
};
const NAMES = ['main', 'slow', 'gone'] as const satisfies AccountName[];

const denied = new Set<string>();
const raised = new Set<string>();
const over = new AbortController();
let running: RunningBindery;
let site: Site;
let lives: ReadonlyMap<Fault, Promise<void>>;
let sweeping: Promise<void>;

const hooks: CallHooks = {
  intercept: async ({ caller }) => {
    if (![...denied].some((name) => caller.program.toLowerCase().includes(name))) return undefined;
    throw new AwsError('AccessDeniedException', 'the test wants it so', 400);
  },
};

const byAccount = <T>(of: (name: AccountName) => T): Record<AccountName, T> => ({
  main: of('main'),
  slow: of('slow'),
  gone: of('gone'),
});

beforeAll(async () => {
  const operators = byAccount(() => new FaultyOperator());
  for (const operator of Object.values(operators)) {
    await operator.start();
    whenOver(() => operator.stop());
  }
  running = await startLocalStack({
    stateDirectory: freshStateDirectory(),
    operator: { url: operators.main.url, ...SYSTEM },
    context: {
      'bindery:operatorUrl': undefined,
      'bindery:accounts': NAMES.map((name) => ({ name, ...ACCOUNTS[name], url: operators[name].url })),
      'bindery:binder': { metricsIntervalSeconds: 1 },
      'bindery:webhookTimeFactor': 20_000,
    },
    hooks,
    alarmPeriodMs: (seconds) => PERIODS_MS[seconds] ?? 1_000 * seconds,
    strict: true,
    observe: (seen) => {
      if (seen.kind === 'alarm' && seen.state === 'ALARM') raised.add(seen.name.replace('bindery-local-', ''));
    },
  });
  whenOver(() => running.close());
  whenOver(async () => {
    over.abort();
    await sweeping;
  });
  const bindery = new Bindery({ url: running.apiUrl, key: running.key });
  const keys = await Promise.all(
    NAMES.map(async (account) => (await bindery.createKey({ name: account, scopes: ['admin'], account })).key),
  );
  const clientOf = (name: AccountName) => new Bindery({ url: running.apiUrl, key: keys[NAMES.indexOf(name)] ?? '' });
  const wereRaised = (alarms: readonly string[]) => alarms.every((alarm) => raised.has(alarm));
  const untilRaised = (alarms: readonly string[]) =>
    until(`alarms to be raised: ${alarms.join()}`, PATIENCE_MS, () => wereRaised(alarms)).then(() => undefined);
  site = { running, operators, bindery, clients: byAccount(clientOf), denied, wereRaised, untilRaised };
  sweeping = sweepEachPeriod();
  await tellOnce();
  const atOnce = [ownersThatChange, ...BESIDE_BINDERS].map((fault) => [fault, live(fault)] as const);
  const changed = untilRaised(ownersThatChange.raises);
  lives = new Map([...atOnce, ...UNDER_ONE_BINDER.map((fault) => [fault, changed.then(() => live(fault))] as const)]);
  // Each is waited for by a test of its own.
  for (const life of lives.values()) life.catch(() => undefined);
});

afterAll(tearDown);

/** The sweep's minute is compressed like all others. */
async function sweepEachPeriod(): Promise<void> {
  const sweep = running.stack.functions.find(({ specification }) => specification.name === 'sweep');
  while (!over.signal.aborted) {
    await sweep?.invoke({});
    await delay(500);
  }
}

/** Much is told only when it happens, by each account for itself. */
async function tellOnce(): Promise<void> {
  const message = { from: 'Bindery', text: 'Hello' };
  const send = async (client: Bindery) => {
    for (const to of [THROTTLED_ONCE, UNANSWERED, DELIVERED])
      await client.sendMessage({ ...message, to, lane: 'bulk' });
  };
  await Promise.all(Object.values(site.clients).map(send));
}

/** A fault is caused, raises its alarms and is mended, and they end. */
async function live(fault: Fault): Promise<void> {
  const mend = await fault.cause(site);
  await site.untilRaised(fault.raises);
  await mend();
  const still = () =>
    fault.raises.filter((alarm) => running.stack.cloudwatch.raised.includes(`bindery-local-${alarm}`));
  await until(`alarms to be over: ${fault.raises.join()}`, PATIENCE_MS, () => still().length === 0);
}

describe('what only the sweep does, which comes so often here', () => {
  test('queues what is scheduled', async () => {
    const { main } = site.clients;
    // A little more than the time by which messages are queued ahead.
    const soon = new Date(Date.now() + 80_000).toISOString();
    const message = { to: DELIVERED, from: 'Bindery', text: 'Hello', lane: 'transactional', send_at: soon } as const;
    const { id } = await main.sendMessage(message);
    const input = {
      QueueUrl: laneQueueUrl(running.stack.variable('LANE_QUEUE_URL') ?? '', 'main', 'transactional'),
      AttributeNames: ['ApproximateNumberOfMessagesDelayed'],
    };
    await until('the scheduled message in its lane', PATIENCE_MS, async () => {
      const depths = (await running.aws.invoke({ service: 'sqs', action: 'GetQueueAttributes', input })) as {
        Attributes?: Record<string, string>;
      };
      return Number(depths.Attributes?.['ApproximateNumberOfMessagesDelayed']) > 0;
    });
    await main.cancelMessage(id);
  });

  test('ends the wait for the other parts of an inbound message', async () => {
    site.operators.main.sendFirstPart();
    // To ask for it all the while would take the processor from what goes on.
    await Promise.allSettled(lives.values());
    const ended = await until('the end of it', PATIENCE_MS, async () => {
      const [first] = (await site.clients.main.listInboundMessages()).data;
      return first?.status === 'incomplete' && first;
    });
    expect(ended).toMatchObject({ parts: { received: 1, total: 3 } });
  });
});

describe('what goes wrong raises its alarms, and what is mended ends them', () => {
  test.each([ownersThatChange, ...BESIDE_BINDERS, ...UNDER_ONE_BINDER])('$title', async (fault) => {
    await lives.get(fault);
  });

  test('all of them, and in the end none is left', async () => {
    const isRaised = ({ id }: { id: string }) => [...raised].some((name) => name === id || name.startsWith(`${id}-`));
    expect(ALARM_RULES.filter((rule) => !isRaised(rule)).map(({ id }) => id)).toEqual([]);
    const { cloudwatch } = running.stack;
    await until('every alarm to be over', PATIENCE_MS, () => cloudwatch.raised.length === 0).catch(() => undefined);
    expect(cloudwatch.raised).toEqual([]);
  });
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
});
