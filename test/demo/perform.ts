import type { FixtureOperator } from '../e2e/fixture-operator.ts';
import { Ledger } from '../e2e/ledger.ts';
import { monotonicMs } from '../e2e/rate.ts';
import type { MessageFixture } from '../fixtures/messages.ts';
import type { Paint } from './paint.ts';
import { type Gauge, Progress } from './progress.ts';
import type { Stage } from './stage.ts';

const FINAL_TIMEOUT_MS = 180_000;
const RECENT_MS = 3_000;

export interface Performance {
  ledger: Ledger;
  /** When the last message had been sent, by `monotonicMs`: from then on work waited until nothing was left. */
  allSentAtMs: number;
  /** Why it ended early, if it did. */
  broken?: string;
}

/** Segments a second over the last few seconds. */
function recentRate({ simulator }: FixtureOperator): string {
  const since = performance.now() - RECENT_MS;
  const recent = simulator.submits.filter(({ atMs }) => atMs > since).length;
  return `${(recent / (RECENT_MS / 1000)).toFixed(1)} a second`;
}

/** Sends everything and waits until all that was accepted is final, with its progress shown. */
export async function perform(
  { client, operator }: Stage,
  fixtures: readonly MessageFixture[],
  { output, paint }: { output: NodeJS.WriteStream; paint: Paint },
): Promise<Performance> {
  const ledger = new Ledger();
  const gauges = (): Gauge[] => {
    const segments = ledger.all.reduce((sum, { accepted }) => sum + accepted.segments.total, 0);
    return [
      { name: 'sent', done: ledger.sent.length, total: fixtures.length },
      ...(operator === undefined
        ? []
        : [
            { name: 'submitted', done: operator.simulator.submits.length, total: segments, note: recentRate(operator) },
          ]),
      { name: 'final', done: ledger.finals.length, total: ledger.entries.size },
    ];
  };
  let allSentAtMs = Number.POSITIVE_INFINITY;
  const progress = new Progress({ output, paint, gauges });
  try {
    await ledger.send(client, fixtures);
    allSentAtMs = monotonicMs();
    await ledger.untilFinal(client, { timeoutMs: FINAL_TIMEOUT_MS });
    return { ledger, allSentAtMs };
  } catch (error) {
    return { ledger, allSentAtMs, broken: (error as Error).message };
  } finally {
    progress.stop();
  }
}
