import { setTimeout as delay } from 'node:timers/promises';
import { LEASE_TIMES } from '../../../binder/lease/lease.ts';
import { worstSecond } from '../../e2e/rate.ts';
import { until } from '../../e2e/until.ts';
import type { Bench, BenchContext } from '../bench.ts';
import type { Figure } from '../figure.ts';
import type { PlainClientRequests } from '../programs/plain-client.ts';
import { BenchOperator, PASSWORD, type Submit, SYSTEM_ID } from '../stage/operator.ts';
import { ownerAmong } from '../stage/owner.ts';
import { PER_SECOND } from '../stage/paced-runs.ts';
import { Remote } from '../stage/remote.ts';
import { BenchStack } from '../stage/stack.ts';

const BINDERS = 2;
const POLITE = 4;
const KILLED = 2;
/**
 * More messages than go out between two signals. A task that ends again and again is started later and later, and lanes that
 * run empty before a signal would look like a slow hand-over.
 */
const BETWEEN_SIGNALS = 300;
const WINDOW = 10;
/** Of even submitting before a signal. */
const STEADY_MS = 2_500;
const NEXT_SUBMIT_TIMEOUT_MS = 60_000;
const TASKS_TIMEOUT_MS = 60_000;
const MOST_AFTER_SIGTERM_MS = 1_500;
const MOST_AFTER_SIGKILL_MS = LEASE_TIMES.leaseMs + 3_000;
const OF = 'plain client, restarted at once by who started it';

export const handOver: Bench = {
  title: 'from one binder to the other',
  run: async (context) => {
    const operator = await BenchOperator.start();
    let stack: BenchStack | undefined;
    try {
      const plain = { SIGTERM: await restart(operator, 'SIGTERM'), SIGKILL: await restart(operator, 'SIGKILL') };
      stack = await BenchStack.begin(operator, { binders: BINDERS });
      return await measure(context, { operator, stack, plain });
    } finally {
      await stack?.close();
      operator.close();
    }
  },
};

async function measure(
  { watch, scale }: BenchContext,
  {
    operator,
    stack,
    plain,
  }: { operator: BenchOperator; stack: BenchStack; plain: Record<'SIGTERM' | 'SIGKILL', number> },
): Promise<Figure[]> {
  const signals = [
    ...Array.from({ length: Math.max(1, Math.round(POLITE * scale)) }, () => 'SIGTERM' as const),
    ...Array.from({ length: Math.max(1, Math.round(KILLED * scale)) }, () => 'SIGKILL' as const),
  ];
  const waiting = signals.length * BETWEEN_SIGNALS;
  await operator.hold();
  await watch.during('d: queueing messages', waiting + WINDOW, (report) =>
    stack.enqueue(waiting + WINDOW, 'transactional', report),
  );
  await operator.take();
  await operator.release();
  const gaps: { signal: string; gapMs: number }[] = [];
  const submits: Submit[] = [];
  await watch.during('d: hand-overs', signals.length, async (report) => {
    for (const signal of signals) {
      const seen = await replaceOwner(operator, stack, signal);
      submits.push(...seen);
      gaps.push({ signal, gapMs: gapOf(seen) });
      report(gaps.length);
    }
  });
  const longest = (signal: string) =>
    Math.max(...gaps.filter((gap) => gap.signal === signal).map(({ gapMs }) => gapMs));
  return [
    {
      what: 'after SIGTERM, last submit to first, longest',
      unit: 'ms',
      measured: longest('SIGTERM'),
      baseline: { of: OF, value: plain.SIGTERM },
      goal: { below: MOST_AFTER_SIGTERM_MS },
    },
    {
      what: 'after SIGKILL, last submit to first, longest',
      unit: 'ms',
      measured: longest('SIGKILL'),
      baseline: { of: OF, value: plain.SIGKILL },
      goal: { below: MOST_AFTER_SIGKILL_MS },
    },
    {
      what: 'most in any 1.000 s, hand-overs included',
      unit: 'submits',
      measured: worstSecond(submits.map(({ arrival }) => arrival)),
      goal: { atMost: PER_SECOND },
    },
  ];
}

/** @returns the submits from before the signal to after the hand-over */
async function replaceOwner(operator: BenchOperator, stack: BenchStack, signal: NodeJS.Signals): Promise<Submit[]> {
  const owner = await until('two binders, one of them the owner', TASKS_TIMEOUT_MS, async () => {
    const { binders } = stack;
    return binders.length === BINDERS && (await ownerAmong(binders));
  });
  await delay(STEADY_MS);
  const seen = await operator.take();
  const before = seen.at(-1)?.link;
  if (before === undefined) throw new Error('nothing was submitted before the signal');
  process.kill(owner, signal);
  await until('a submit of the other binder', NEXT_SUBMIT_TIMEOUT_MS, async () => {
    seen.push(...(await operator.take()));
    return seen.some(({ link }) => link > before);
  });
  return seen;
}

/** Between the last submit of one connection and the first of the next. */
function gapOf(submits: readonly Submit[]): number {
  const link = submits.at(-1)?.link;
  const first = submits.find((submit) => submit.link === link);
  const last = submits.findLast((submit) => submit.link !== link);
  return (first?.arrival.notAfterMs ?? Number.NaN) - (last?.arrival.notBeforeMs ?? Number.NaN);
}

/** What a plain client takes that is started again as soon as it has ended, on the same machine. */
async function restart(operator: BenchOperator, signal: NodeJS.Signals): Promise<number> {
  const endless = {
    url: operator.url,
    systemIds: [SYSTEM_ID],
    password: PASSWORD,
    intervalMs: 100,
    submitsEach: 1_000,
  };
  await operator.take();
  const first = new Remote<PlainClientRequests>('plain-client.ts');
  const ended = first.call('run', endless).catch(() => undefined);
  await operator.untilSubmitted(PER_SECOND, NEXT_SUBMIT_TIMEOUT_MS, () => undefined);
  await first.end(signal);
  await ended;
  const count = await operator.count();
  const second = new Remote<PlainClientRequests>('plain-client.ts');
  void second.call('run', endless).catch(() => undefined);
  await operator.untilSubmitted(count + 1, NEXT_SUBMIT_TIMEOUT_MS, () => undefined);
  await second.end('SIGKILL');
  return gapOf(await operator.take());
}
