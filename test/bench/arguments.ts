import { parseArgs } from 'node:util';

export const BENCHES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'l', 'm', 'r', 's'] as const;
export type BenchKey = (typeof BENCHES)[number];

export const USAGE = `npm run bench [-- --only a,b] [--json FILE] [--quick]

  Measures what Bindery promises, each number beside that of something else in the same run, and its goal. About fifteen minutes
  on a machine that does nothing else; the exit code is 1 where a goal is missed.

  a  600 messages wait at 10 a second: how much of the rate is used, and the most in any 1.000 s
  b  the session alone, its rate lifted, with windows of 1, 10, 50 and 100
  c  from accepted to submitted, when idle and behind 2,000 bulk messages
  d  from one binder to the other, after SIGTERM and after SIGKILL
  e  memory and processor time at 10 a second (of the run of a), and processor time at the highest rate
  f  100 accounts at 10 a second each in one process
  g  how long until a batch of 1,000 is accepted, and as many single messages
  l  lists over 100,000 stored messages: what a page costs at the beginning, in the middle and at the end
  m  reads and writes of the tables for a message of one segment and of three, from counted calls, and their price on AWS
  r  from a receipt on the wire to its event and its webhook, at 10 a second and in a storm of 500 a second; the parser
  s  the send function: p50, p99 and memory of a call, cold load and size of every function, requests through the local stack

  --only a,b     these and no others
  --json FILE    writes the figures there, too
  --quick        a tenth of everything: to try a bench, not to quote it`;

export type Arguments =
  | { kind: 'run'; only: readonly BenchKey[]; json: string | undefined; scale: number }
  | { kind: 'help' }
  | { kind: 'refused'; why: string };

const QUICK_SCALE = 0.1;

export function readArguments(argv: readonly string[]): Arguments {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    return { kind: 'refused', why: (error as Error).message };
  }
  if (values.help) return { kind: 'help' };
  const asked = values.only === undefined ? BENCHES : values.only.split(',').map((key) => key.trim());
  const unknown = asked.filter((key) => !BENCHES.includes(key as BenchKey));
  if (unknown.length > 0) return { kind: 'refused', why: `there is no bench ${unknown.join(', ')}` };
  const only = BENCHES.filter((key) => asked.includes(key));
  return { kind: 'run', only, json: values.json, scale: values.quick ? QUICK_SCALE : 1 };
}

function parse(argv: readonly string[]) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string' },
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return values;
}
