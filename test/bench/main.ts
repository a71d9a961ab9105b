import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { obey } from '../command-line.ts';
import { type Paint, paintFor } from '../demo/paint.ts';
import { type BenchKey, readArguments, USAGE } from './arguments.ts';
import type { Bench, BenchContext } from './bench.ts';
import { accounts } from './benches/accounts.ts';
import { batch } from './benches/batch.ts';
import { cost } from './benches/cost.ts';
import { handOver } from './benches/hand-over.ts';
import { latency } from './benches/latency.ts';
import { lists } from './benches/lists.ts';
import { messageCost } from './benches/message-cost.ts';
import { rate } from './benches/rate.ts';
import { receipts } from './benches/receipts.ts';
import { send } from './benches/send.ts';
import { session } from './benches/session.ts';
import { type Figure, isMet } from './figure.ts';
import { PacedRuns } from './stage/paced-runs.ts';
import { table } from './table.ts';
import { Watch } from './watch.ts';

const BENCHES: Readonly<Record<BenchKey, Bench>> = {
  a: rate,
  b: session,
  c: latency,
  d: handOver,
  e: cost,
  f: accounts,
  g: batch,
  l: lists,
  m: messageCost,
  r: receipts,
  s: send,
};
/** Of each processor: above it the machine is busy with something else. */
const BUSY_LOAD = 0.5;

type Result = { key: BenchKey; title: string } & ({ figures: Figure[] } | { fault: string });

function machine(): string {
  const load = loadavg().map((average) => average.toFixed(1));
  return `${availableParallelism()} x ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, load ${load.join(' ')}`;
}

async function perform(key: BenchKey, context: BenchContext, paint: Paint): Promise<Result> {
  const bench = BENCHES[key];
  const { title } = bench;
  console.log(`\n  ${paint.bold(`${key}  ${title}`)}  ${paint.dim(`load ${loadavg()[0]?.toFixed(1)}`)}`);
  try {
    const figures = await bench.run(context);
    console.log(`\n${table('', figures, paint)}`);
    return { key, title, figures };
  } catch (error) {
    const fault = (error as Error).message;
    console.log(`  ${paint.bad('✗')} ${fault}`);
    return { key, title, fault };
  }
}

function summarize(results: readonly Result[], paint: Paint): boolean {
  console.log(`\n${paint.dim(`  ${'═'.repeat(110)}`)}\n`);
  for (const result of results) {
    const heading = `${result.key}  ${result.title}`;
    if ('fault' in result) console.log(`  ${paint.bold(heading)}\n    ${paint.bad('✗')} ${result.fault}`);
    else console.log(table(heading, result.figures, paint));
    console.log('');
  }
  const figures = results.flatMap((result) => ('figures' in result ? result.figures : []));
  const missed = figures.filter((figure) => isMet(figure) === false).length;
  const broken = results.filter((result) => 'fault' in result).length;
  const met = figures.filter((figure) => isMet(figure) === true).length;
  const word =
    missed + broken === 0
      ? paint.good('every goal is met')
      : paint.bad(`${missed} goals missed, ${broken} benches broken`);
  console.log(`  ${met} goals met; ${word}`);
  return missed + broken === 0;
}

async function run(
  only: readonly BenchKey[],
  { json, scale }: { json: string | undefined; scale: number },
): Promise<boolean> {
  const paint = paintFor(process.stdout, process.env);
  const before = machine();
  console.log(`  ${paint.bold('Bindery bench')}  ${paint.dim(before)}`);
  if ((loadavg()[0] ?? 0) > BUSY_LOAD * availableParallelism()) {
    console.log(`  ${paint.bad('This machine is busy with something else: the numbers will show that, too.')}`);
  }
  if (scale < 1) console.log(`  ${paint.bad('Quick: a part of everything. Not to be quoted.')}`);
  const watch = new Watch(process.stdout, paint);
  const context: BenchContext = { watch, scale, paced: new PacedRuns(watch, scale) };
  const results: Result[] = [];
  for (const key of only) results.push(await perform(key, context, paint));
  const good = summarize(results, paint);
  if (json !== undefined)
    await writeFile(json, `${JSON.stringify({ machine: before, scale, results }, undefined, 2)}\n`);
  return good;
}

await obey(readArguments(process.argv.slice(2)), { usage: USAGE, run: (given) => run(given.only, given) });
