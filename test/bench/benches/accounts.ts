import { type Arrival, worstSecond } from '../../e2e/rate.ts';
import type { Bench, BenchContext } from '../bench.ts';
import type { Figure } from '../figure.ts';
import type { AccountsRequests } from '../programs/accounts.ts';
import type { PlainClientRequests } from '../programs/plain-client.ts';
import { BenchOperator, PASSWORD, type Submit } from '../stage/operator.ts';
import { PER_SECOND } from '../stage/paced-runs.ts';
import { UsageMeter } from '../stage/process-usage.ts';
import { Remote } from '../stage/remote.ts';
import { median } from '../stage/spread.ts';
import { refusedPercent, utilisation } from '../stage/strict-operator.ts';
import { LEAST_UTILISATION } from './rate.ts';

const ACCOUNTS = 100;
const SECONDS = 35;
/** A hundred sessions bind at once, and the engine has not compiled anything yet: this is not counted for the average. */
const BEGINNING_MS = 5_000;
const OF = 'plain smpp clients in one process';

const names = Array.from({ length: ACCOUNTS }, (_, n) => `account${n + 1}`);

interface AccountsRun {
  /** Of each account. */
  utilisation: number[];
  worst: number[];
  refused: number;
  cpuMsPer1000: number;
}

export const accounts: Bench = {
  title: `${ACCOUNTS} accounts at ${PER_SECOND} a second each in one process, on one operator`,
  run: async (context) => {
    const submitsEach = Math.ceil(SECONDS * PER_SECOND * context.scale);
    const bindery = await ofBindery(context, submitsEach);
    const plain = await ofPlain(context, submitsEach);
    const figure = (what: string, unit: Figure['unit'], of: (run: AccountsRun) => number): Figure => ({
      what,
      unit,
      measured: of(bindery),
      baseline: { of: OF, value: of(plain) },
    });
    return [
      {
        ...figure('of the rate that the operator took: least account', '%', (run) => Math.min(...run.utilisation)),
        goal: { atLeast: LEAST_UTILISATION },
      },
      figure('of the rate that the operator took: median account', '%', (run) => median(run.utilisation)),
      {
        ...figure('most in any 1.000 s: worst account', 'submits', (run) => Math.max(...run.worst)),
        goal: { atMost: PER_SECOND },
      },
      { ...figure('refused by operators of 10 a second', '%', (run) => run.refused), goal: { atMost: 0 } },
      figure('for 1,000 segments', 'ms CPU', (run) => run.cpuMsPer1000),
    ];
  },
};

async function ofBindery({ watch }: BenchContext, submitsEach: number): Promise<AccountsRun> {
  const operator = await BenchOperator.start(names);
  const binder = new Remote<AccountsRequests>('accounts.ts');
  try {
    await binder.call('prepare', { url: operator.url, names, messagesEach: submitsEach });
    const run = await measure(operator, binder.pid, async () => {
      await binder.call('start');
      await watch.during('f: Bindery', submitsEach * ACCOUNTS, (report) => allSubmitted(operator, submitsEach, report));
    });
    await binder.call('stop');
    return run;
  } finally {
    binder.close();
    operator.close();
  }
}

async function ofPlain({ watch }: BenchContext, submitsEach: number): Promise<AccountsRun> {
  const operator = await BenchOperator.start(names);
  const client = new Remote<PlainClientRequests>('plain-client.ts');
  try {
    const run = {
      url: operator.url,
      systemIds: names,
      password: PASSWORD,
      intervalMs: 1_000 / PER_SECOND,
      submitsEach,
    };
    return await measure(operator, client.pid, async () => {
      const over = client.call('run', run);
      await watch.during('f: plain clients', submitsEach * ACCOUNTS, (report) =>
        allSubmitted(operator, submitsEach, report),
      );
      await over;
    });
  } finally {
    client.close();
    operator.close();
  }
}

async function allSubmitted(operator: BenchOperator, each: number, report: (done: number) => void): Promise<void> {
  await operator.untilSubmitted(each * ACCOUNTS, (4 * each * 1_000) / PER_SECOND + 30_000, report);
}

async function measure(operator: BenchOperator, pid: number, work: () => Promise<void>): Promise<AccountsRun> {
  const meter = new UsageMeter(pid);
  await work();
  const { cpuMs } = meter.stop();
  const submits = await operator.take();
  const begunMs = (submits[0]?.arrival.notBeforeMs ?? 0) + BEGINNING_MS;
  const byAccount = [...Map.groupBy(submits, ({ systemId }) => systemId).values()].map(arrivalsOf);
  return {
    utilisation: byAccount.map((arrivals) =>
      utilisation(
        arrivals.filter(({ notBeforeMs }) => notBeforeMs >= begunMs),
        PER_SECOND,
      ),
    ),
    worst: byAccount.map((arrivals) => worstSecond(arrivals)),
    refused: mean(byAccount.map((arrivals) => refusedPercent(arrivals, PER_SECOND))),
    cpuMsPer1000: (cpuMs * 1_000) / submits.length,
  };
}

function arrivalsOf(submits: readonly Submit[]): Arrival[] {
  return submits.map(({ arrival }) => arrival);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
