import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { obey } from '../command-line.ts';
import { type Paint, paintFor } from '../demo/paint.ts';
import { type RunArguments, readArguments, USAGE } from './arguments.ts';
import { Chronicle } from './chronicle.ts';
import { Progress } from './progress.ts';
import { type ChaosResult, ChaosRun } from './run.ts';
import { table } from './table.ts';

const MOST_OF_A_KIND = 8;
const LAST_EVENTS = 40;
/** The sweep looks after two minutes at the latest, and comes each minute. */
const SWEEP_SECONDS = 240;

/** All that was accepted may still wait when the faults end: two segments a message at the most, on the average. */
function longestDrainSeconds({ seconds, messagesPerSecond, segmentsPerSecond }: RunArguments): number {
  return SWEEP_SECONDS + Math.ceil((2 * seconds * messagesPerSecond) / segmentsPerSecond);
}

function again({ seconds, seed, segmentsPerSecond, messagesPerSecond, faults }: RunArguments): string {
  const narrowed = faults === undefined ? '' : ` --faults ${faults.join(',')}`;
  const load = `--tps ${segmentsPerSecond} --messages-per-second ${messagesPerSecond}`;
  return `npm run chaos -- --seconds ${seconds} --seed ${seed} ${load}${narrowed}`;
}

/** Each judge's, so that many of one kind do not hide another. */
function reportBroken(findings: ChaosResult['findings'], paint: Paint): void {
  const broken = findings.map((finding) => finding.broken).filter(({ length }) => length > 0);
  console.log(`\n  ${paint.bad('✗')} ${broken.flat().length} broken promises:`);
  for (const lines of broken) {
    for (const line of lines.slice(0, MOST_OF_A_KIND)) console.log(`    - ${line}`);
    if (lines.length > MOST_OF_A_KIND) console.log(`    … and ${lines.length - MOST_OF_A_KIND} more of the kind`);
  }
}

function reportPast(chronicle: Chronicle, paint: Paint): void {
  console.log(`\n  ${paint.bold('What happened last')}`);
  for (const line of chronicle.tail(LAST_EVENTS)) console.log(paint.dim(line));
}

/** @returns whether every promise held */
async function run(given: RunArguments): Promise<boolean> {
  const paint = paintFor(process.stdout, process.env);
  const stateDirectory = await mkdtemp(join(tmpdir(), 'bindery-chaos-'));
  console.log(
    `  ${paint.bold('Bindery chaos')}  seed ${given.seed}, ${given.seconds} s of faults  ${paint.dim(`state in ${stateDirectory}`)}`,
  );
  const chronicle = new Chronicle((entry) => progress.entry(entry));
  const chaos = new ChaosRun(
    { ...given, stateDirectory, drainSeconds: longestDrainSeconds(given), untilSwept: true },
    chronicle,
  );
  const progress = new Progress({ output: process.stdout, paint, status: () => chaos.status });
  // Ctrl-C ends the run and the processes that it has started.
  const interrupted = new Promise<undefined>((resolve) => process.once('SIGINT', () => resolve(undefined)));
  let result: ChaosResult | undefined;
  try {
    result = await Promise.race([chaos.perform(), interrupted]);
  } finally {
    progress.stop();
    await chaos.close();
    if (given.keep) await writeFile(join(stateDirectory, 'chaos.log'), `${chronicle.tail(Infinity).join('\n')}\n`);
    else await rm(stateDirectory, { recursive: true, force: true });
  }
  if (result === undefined) return false;
  console.log(`\n${table(result.findings, paint)}`);
  const held = result.findings.every(({ broken }) => broken.length === 0);
  if (held) {
    console.log(`\n  ${paint.good('✓')} every promise held; seed ${given.seed}`);
  } else {
    reportBroken(result.findings, paint);
    reportPast(chronicle, paint);
    console.log(`\n  The same again: ${again(given)}`);
  }
  return held;
}

await obey(readArguments(process.argv.slice(2), Math.floor(Math.random() * 1_000_000)), { usage: USAGE, run });
