import { averageRate } from '../../e2e/rate.ts';
import type { Bench, BenchContext } from '../bench.ts';
import type { Figure } from '../figure.ts';
import type { SessionRequests } from '../programs/plain-session.ts';
import { BenchOperator } from '../stage/operator.ts';
import { UsageMeter } from '../stage/process-usage.ts';
import { Remote } from '../stage/remote.ts';
import { BenchStack } from '../stage/stack.ts';

/** The most that an account can be configured to. */
const LIFTED_PER_SECOND = 1_000;
const WAITING = 2_000;
const WINDOW = 10;
/** What a local stack has of tables and queues is slower than AWS by far. */
const TIMEOUT_MS = 180_000;
const PLAIN_WARM_UP_MS = 1_000;
const PLAIN_MEASURED_MS = 3_000;
const OF = 'plain smpp client';

export const cost: Bench = {
  title: 'memory and processor time of the binder',
  run: async (context) => {
    const [bindery, plain] = [await context.paced.bindery(), await context.paced.plain()];
    const atTen: Figure[] = [
      {
        what: 'at 10 a second: most memory',
        unit: 'MiB',
        measured: bindery.usage.mostMiB,
        baseline: { of: OF, value: plain.usage.mostMiB },
      },
      {
        what: 'at 10 a second: of one processor',
        unit: '%',
        measured: bindery.usage.cpuPercent,
        baseline: { of: OF, value: plain.usage.cpuPercent },
      },
    ];
    return [...atTen, ...(await atHighestRate(context))];
  },
};

async function atHighestRate(context: BenchContext): Promise<Figure[]> {
  const operator = await BenchOperator.start();
  let stack: BenchStack | undefined;
  try {
    const plain = await plainCost(operator);
    stack = await BenchStack.begin(operator, { account: { segmentsPerSecond: LIFTED_PER_SECOND } });
    const { perSecond, cpuMsPer1000 } = await drain(context, operator, stack);
    return [
      { what: 'rate lifted: through the local stack', unit: '/s', measured: perSecond },
      {
        what: 'rate lifted: for 1,000 segments',
        unit: 'ms CPU',
        measured: cpuMsPer1000,
        baseline: { of: `${OF}, window ${WINDOW}, its session alone`, value: plain },
      },
    ];
  } finally {
    await stack?.close();
    operator.close();
  }
}

async function plainCost({ url }: BenchOperator): Promise<number> {
  const plain = new Remote<SessionRequests>('plain-session.ts');
  const drive = { url, window: WINDOW, warmUpMs: PLAIN_WARM_UP_MS, measuredMs: PLAIN_MEASURED_MS };
  const { cpuMsPer1000 } = await plain.call('drive', drive);
  plain.close();
  return cpuMsPer1000;
}

async function drain({ watch, scale }: BenchContext, operator: BenchOperator, stack: BenchStack) {
  const count = Math.ceil(WAITING * scale);
  await operator.hold();
  await watch.during('e: queueing messages', count + WINDOW, (report) => stack.enqueue(count + WINDOW, 'bulk', report));
  await operator.take();
  const meter = new UsageMeter(stack.binders[0] ?? 0);
  await operator.release();
  await watch.during('e: as fast as the stack goes', count, (report) =>
    operator.untilSubmitted(count, TIMEOUT_MS, report),
  );
  const { cpuMs } = meter.stop();
  const arrivals = (await operator.take()).map(({ arrival }) => arrival);
  return { perSecond: averageRate(arrivals) ?? 0, cpuMsPer1000: (cpuMs * 1_000) / arrivals.length };
}
