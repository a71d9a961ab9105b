import { join } from 'node:path';
import { PRICES } from '../../../cdk/monitoring/prices.ts';
import type { CountReport } from '../../e2e/counting-process.ts';
import { isOfMessages, type TableCost } from '../../e2e/table-costs.ts';
import { until } from '../../e2e/until.ts';
import type { Bench, BenchContext } from '../bench.ts';
import type { Figure } from '../figure.ts';
import { BenchOperator } from '../stage/operator.ts';
import { recipient, SAMPLE } from '../stage/sample.ts';
import { BenchStack } from '../stage/stack.ts';

const PROGRAM = join(import.meta.dirname, '../../e2e/counting-process.ts');
const MESSAGES = 50;
/** In the alphabet of GSM 03.38: 153 characters a segment. */
const TEXTS: readonly { segments: number; text: string }[] = [
  { segments: 1, text: SAMPLE.text },
  { segments: 3, text: SAMPLE.text.repeat(5).slice(0, 400) },
];
const LAST_TIMEOUT_MS = 120_000;
const MILLION = 1e6;

export const messageCost: Bench = {
  title: 'what a message costs in the tables, from its acceptance to its last event',
  run: async (context) => {
    const operator = await BenchOperator.start();
    let stack: BenchStack | undefined;
    try {
      stack = await BenchStack.begin(operator, { program: PROGRAM });
      // Keys are read and ids are learnt with the first ones.
      await deliver(context, stack, { segments: 1, text: SAMPLE.text });
      const figures: Figure[] = [];
      for (const each of TEXTS) figures.push(...(await costOf(context, stack, each)));
      return figures;
    } finally {
      await stack?.close();
      operator.close();
    }
  },
};

async function costOf(
  context: BenchContext,
  stack: BenchStack,
  each: { segments: number; text: string },
): Promise<Figure[]> {
  const before = (await costs(stack)).length;
  const messages = await deliver(context, stack, each);
  const own = (await costs(stack)).slice(before).filter(isOfMessages(stack));
  const sum = (of: (cost: TableCost) => number): number => own.reduce((total, cost) => total + of(cost), 0) / messages;
  const reads = sum((cost) => cost.reads);
  const writes = sum((cost) => cost.writes);
  const name = `${each.segments} segment${each.segments === 1 ? '' : 's'}`;
  const dollars = (read: number, write: number): number =>
    MILLION * (read * PRICES.tableReadUnit + write * PRICES.tableWriteUnit);
  // The message, each of its segments taken, and each receipt, with no index and nothing read.
  const least = 1 + 2 * each.segments;
  const of = 'a row written for each fact, without indexes';
  return [
    { what: `${name}: calls of tables`, unit: 'units', measured: own.length / messages },
    { what: `${name}: read units`, unit: 'units', measured: reads },
    { what: `${name}: write units`, unit: 'units', measured: writes, baseline: { of, value: least } },
    {
      what: `${name}: a million messages, prices of ${PRICES.region}, ${PRICES.asOf}`,
      unit: '$',
      measured: dollars(reads, writes),
      baseline: { of, value: dollars(0, least) },
    },
  ];
}

/** @returns how many were delivered, each with all of its events */
async function deliver(
  { watch, scale }: BenchContext,
  stack: BenchStack,
  { segments, text }: { segments: number; text: string },
): Promise<number> {
  const count = Math.ceil(MESSAGES * scale);
  const before = stack.bus.size;
  await watch.during(`m: messages of ${segments}`, count, async (report) => {
    for (let n = 0; n < count; n += 1) {
      const answer = await stack.client.send({ to: recipient(n), from: SAMPLE.from, text, lane: 'transactional' });
      if (answer.kind === 'refused') throw new Error(`refused: ${answer.problem.title}`);
      report(n + 1);
    }
  });
  // Queued, sent, delivered.
  await until('the last event', LAST_TIMEOUT_MS, () => stack.bus.size >= before + 3 * count);
  return count;
}

async function costs(stack: BenchStack): Promise<TableCost[]> {
  return (await stack.ask<CountReport>({ kind: 'report_counted' }, 'counted')).tables;
}
