import { parseArgs } from 'node:util';
import { FAULT_NAMES, FAULTS, type FaultName, TRACKS, type Track, trackOf } from './faults.ts';

const WIDEST_NAME = Math.max(...FAULT_NAMES.map((name) => name.length));

function faultLines(): string {
  return TRACKS.map((track) => {
    const own = FAULT_NAMES.filter((name) => trackOf(name) === track);
    return [`  ${track}`, ...own.map((name) => `    ${name.padEnd(WIDEST_NAME)}  ${FAULTS[name].says}`)].join('\n');
  }).join('\n');
}

export const USAGE = `npm run chaos -- [--seconds N] [--seed S] [--tps N] [--messages-per-second N] [--faults LIST] [--keep]

  Runs the whole stack on this machine under load while binders are killed, the operator misbehaves and calls of AWS fail,
  waits until nothing is under way any more, and prints a ledger of what became of every message. Ends with 1 where a promise
  is broken, and says which, with what happened last.

  --seconds N              how long faults come; default 60. The run takes about a minute longer, up to five.
  --seed S                 the same seed gives the same faults at the same times; default: a new one
  --tps N                  rate of the account and of its operator, segments a second; default 10
  --messages-per-second N  default half of --tps
  --faults LIST            only these, by name or by kind, with commas between them
  --keep                   keeps the folder of the stack's state and logs

Faults:
${faultLines()}`;

export interface RunArguments {
  kind: 'run';
  seconds: number;
  seed: number;
  segmentsPerSecond: number;
  messagesPerSecond: number;
  faults?: FaultName[];
  keep: boolean;
}

export type Arguments = RunArguments | { kind: 'help' } | { kind: 'refused'; why: string };

const DEFAULT_SECONDS = 60;
const DEFAULT_TPS = 10;
const MOST_TPS = 1_000;
const MOST_SEED = 2 ** 31 - 1;

/** @param newSeed used where none was given */
export function readArguments(argv: readonly string[], newSeed: number): Arguments {
  try {
    const values = parse(argv);
    if (values.help) return { kind: 'help' };
    const segmentsPerSecond = number('--tps', values.tps, { least: 1, most: MOST_TPS, whole: true }) ?? DEFAULT_TPS;
    const perSecond = { least: 0.1, most: MOST_TPS, whole: false };
    const faults = values.faults === undefined ? undefined : faultsOf(values.faults);
    return {
      kind: 'run',
      seconds: number('--seconds', values.seconds, { least: 5, most: 86_400, whole: true }) ?? DEFAULT_SECONDS,
      seed: number('--seed', values.seed, { least: 0, most: MOST_SEED, whole: true }) ?? newSeed,
      segmentsPerSecond,
      messagesPerSecond:
        number('--messages-per-second', values['messages-per-second'], perSecond) ?? segmentsPerSecond / 2,
      ...(faults === undefined ? {} : { faults }),
      keep: values.keep,
    };
  } catch (error) {
    return { kind: 'refused', why: (error as Error).message };
  }
}

function parse(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      seconds: { type: 'string' },
      seed: { type: 'string' },
      tps: { type: 'string' },
      'messages-per-second': { type: 'string' },
      faults: { type: 'string' },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values;
}

function number(
  flag: string,
  text: string | undefined,
  { least, most, whole }: { least: number; most: number; whole: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && value >= least && value <= most && (!whole || Number.isInteger(value))) return value;
  throw new RangeError(`${flag} takes a ${whole ? 'whole ' : ''}number from ${least} to ${most}`);
}

function faultsOf(list: string): FaultName[] {
  const wanted = list.split(',').map((name) => name.trim());
  const strange = wanted.filter((name) => !isFault(name) && !isTrack(name));
  if (strange.length > 0) throw new RangeError(`--faults: there is no ${strange.join(', ')}; see --help`);
  return FAULT_NAMES.filter((fault) => wanted.includes(fault) || wanted.includes(trackOf(fault)));
}

function isFault(name: string): name is FaultName {
  return Object.hasOwn(FAULTS, name);
}

function isTrack(name: string): name is Track {
  return (TRACKS as readonly string[]).includes(name);
}
