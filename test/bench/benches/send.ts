import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { bundle, FUNCTIONS, type FunctionName } from '../../../cdk/bundle.ts';
import type { Bench, BenchContext } from '../bench.ts';
import type { Figure } from '../figure.ts';
import type { SendHandlerRequests } from '../programs/send-handler.ts';
import { loadEnvironment } from '../stage/load-environment.ts';
import { BenchOperator } from '../stage/operator.ts';
import { Remote } from '../stage/remote.ts';
import { recipient, SAMPLE } from '../stage/sample.ts';
import { median } from '../stage/spread.ts';
import { BenchStack } from '../stage/stack.ts';

const ROOT = join(import.meta.dirname, '../../..');
const CALLS = 4_000;
const LOADS = 9;
const MOST_SEND_KB = 450;
const MOST_SEND_MS = 120;
const REQUESTS_MS = 10_000;
const WIDTH = 8;

export const send: Bench = {
  title: 'the send function: its work, its load, and through the local stack',
  run: async (context) => [
    ...(await inProcess(context)),
    ...(await coldLoads(context)),
    ...(await throughTheStack(context)),
  ],
};

async function inProcess({ watch, scale }: BenchContext): Promise<Figure[]> {
  const calls = Math.ceil(CALLS * scale);
  const measure = async (which: 'send' | 'send-idempotent' | 'plain') => {
    const program = new Remote<SendHandlerRequests>('send-handler.ts');
    try {
      return await program.call('measure', { which, calls });
    } finally {
      program.close();
    }
  };
  return await watch.during('s: in process', 3, async (report) => {
    const plain = await measure('plain');
    report(1);
    const bare = await measure('send');
    report(2);
    const idempotent = await measure('send-idempotent');
    const of = 'a handler that only parses and stores';
    const beside = (what: string, speed: typeof plain): Figure[] => [
      { what: `${what}: p50`, unit: 'ms', measured: speed.p50Ms, baseline: { of, value: plain.p50Ms } },
      { what: `${what}: p99`, unit: 'ms', measured: speed.p99Ms, baseline: { of, value: plain.p99Ms } },
      { what: `${what}: allocated in a call`, unit: 'KiB', measured: speed.kib, baseline: { of, value: plain.kib } },
    ];
    return [...beside('tables that answer at once', bare), ...beside('with an Idempotency-Key', idempotent)];
  });
}

async function coldLoads({ watch, scale }: BenchContext): Promise<Figure[]> {
  const outdir = await mkdtemp(join(tmpdir(), 'bindery-bench-bundles-'));
  try {
    const { functions } = await bundle(ROOT, outdir);
    const loads = Math.max(3, Math.ceil(LOADS * scale));
    return await watch.during('s: cold loads', FUNCTIONS.length, async (report) => {
      const figures: Figure[] = [];
      for (const name of FUNCTIONS) {
        figures.push(...(await coldLoad(name, join(functions[name], 'index.mjs'), loads)));
        report(figures.length / 2);
      }
      return figures;
    });
  } finally {
    await rm(outdir, { recursive: true, force: true });
  }
}

async function coldLoad(name: FunctionName, file: string, loads: number): Promise<Figure[]> {
  const code = `const from = performance.now(); await import(${JSON.stringify(pathToFileURL(file).href)}); console.log(performance.now() - from);`;
  const times: number[] = [];
  for (let n = 0; n < loads; n += 1) {
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
      env: loadEnvironment,
    });
    times.push(Number(stdout));
  }
  const isSend = name === 'send';
  return [
    {
      what: `${name}: cold load`,
      unit: 'ms',
      measured: median(times),
      ...(isSend ? { goal: { below: MOST_SEND_MS } } : {}),
    },
    { what: `${name}: its asset`, unit: 'KB', measured: (await stat(file)).size / 1000, goal: { below: MOST_SEND_KB } },
  ];
}

async function throughTheStack({ watch, scale }: BenchContext): Promise<Figure[]> {
  const operator = await BenchOperator.start();
  let stack: BenchStack | undefined;
  try {
    stack = await BenchStack.begin(operator);
    const { api, key } = stack;
    const forMs = Math.max(2_000, REQUESTS_MS * scale);
    const rate = async (name: string, bearer: string, status: number) =>
      await watch.during(name, forMs, async (report) => await perSecond({ api, bearer, status, forMs, report }));
    const baseline = await rate('s: requests that are refused', 'bk_live_nobody_0123456789abcdef', 401);
    const measured = await rate('s: messages', key, 202);
    const of = 'the same stack refusing a key that it does not know';
    return [
      { what: 'through the local stack: messages accepted', unit: '/s', measured, baseline: { of, value: baseline } },
    ];
  } finally {
    await stack?.close();
    operator.close();
  }
}

async function perSecond({
  api,
  bearer,
  status,
  forMs,
  report,
}: {
  api: string;
  bearer: string;
  status: number;
  forMs: number;
  report: (doneMs: number) => void;
}): Promise<number> {
  let answers = 0;
  const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' };
  const post = async (n: number) => {
    const body = JSON.stringify({ ...SAMPLE, to: recipient(n), lane: 'bulk' });
    const answer = await fetch(`${api}/v1/messages`, { method: 'POST', headers, body });
    await answer.arrayBuffer();
    if (answer.status !== status) throw new Error(`answered with ${answer.status}`);
    answers += 1;
  };
  // The first ones start the function.
  await Promise.all(Array.from({ length: WIDTH }, (_, n) => post(n)));
  const startedMs = performance.now();
  answers = 0;
  const passedMs = () => performance.now() - startedMs;
  await Promise.all(
    Array.from({ length: WIDTH }, async () => {
      while (passedMs() < forMs) {
        await post(answers);
        report(passedMs());
      }
    }),
  );
  return (answers * 1_000) / passedMs();
}
