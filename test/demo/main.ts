import { once } from 'node:events';
import { obey } from '../command-line.ts';
import { OPERATOR_SEGMENTS_PER_SECOND } from '../e2e/fixture-operator.ts';
import { type MessageFixture, messages } from '../fixtures/messages.ts';
import { type Arguments, readArguments, USAGE } from './arguments.ts';
import { judge } from './judgement.ts';
import { type Paint, paintFor } from './paint.ts';
import { perform } from './perform.ts';
import { type Stage, setStage } from './stage.ts';
import { rateOf, summarize } from './summary.ts';
import { table } from './table.ts';

const MOST_PROBLEMS = 20;

/** Every kind of message in a shorter run too. The most urgent lane comes last, and yet goes first. */
function program(limit = messages.length): MessageFixture[] {
  const step = Math.max(1, messages.length / limit);
  return messages.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step)).toReversed();
}

function reportProblems(problems: readonly string[], paint: Paint): void {
  if (problems.length === 0) {
    console.log(`\n  ${paint.good('✓')} everything as expected`);
    return;
  }
  console.log(`\n  ${paint.bad('✗')} not as expected (${problems.length}):`);
  for (const problem of problems.slice(0, MOST_PROBLEMS)) console.log(`    - ${problem}`);
  if (problems.length > MOST_PROBLEMS) console.log(`    … and ${problems.length - MOST_PROBLEMS} more`);
}

async function play(stage: Stage, { limit, stopped, paint }: Play): Promise<boolean> {
  const fixtures = program(limit);
  console.log(`\n  ${fixtures.length} messages through ${stage.where}\n`);
  const { ledger, allSentAtMs, broken } = await perform(stage, fixtures, { output: process.stdout, paint });
  if (stopped.aborted) return false;
  const rate = stage.operator && rateOf(await stage.operator.arrivals(), allSentAtMs);
  const { observed, problems } = await judge(stage, ledger, rate);
  const summary = summarize(ledger, rate);
  console.log(`\n${table(summary, { paint, limit: OPERATOR_SEGMENTS_PER_SECOND, observed })}`);
  const all = broken === undefined ? problems : [broken, ...problems];
  reportProblems(all, paint);
  return all.length === 0;
}

interface Play {
  limit: number | undefined;
  stopped: AbortSignal;
  paint: Paint;
}

async function run({ target, limit }: Extract<Arguments, { kind: 'run' }>): Promise<boolean> {
  const paint = paintFor(process.stdout, process.env);
  const stop = new AbortController();
  // Ctrl-C ends the demo and the processes that it has started; a second one does not wait for them.
  process.once('SIGINT', () => {
    console.log(`\n  ${paint.dim('stopping …')}`);
    stop.abort();
  });
  console.log(`  ${paint.bold('Bindery demo')}  ${paint.dim('starting …')}`);
  let stage: Stage | undefined;
  try {
    stage = await setStage(target);
    const interrupted = once(stop.signal, 'abort').then(() => false);
    if (stop.signal.aborted) return false;
    return await Promise.race([play(stage, { limit, stopped: stop.signal, paint }), interrupted]);
  } catch (error) {
    if (!stop.signal.aborted) console.error(`\n  ${paint.bad('✗')} ${(error as Error).message}`);
    return false;
  } finally {
    await stage?.strike();
  }
}

await obey(readArguments(process.argv.slice(2), process.env), { usage: USAGE, run });
