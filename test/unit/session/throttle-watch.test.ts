import { expect, test } from 'vitest';
import { Tally } from '../../../binder/metrics/tally.ts';
import type { ThrottleReport } from '../../../binder/session/pacing.ts';
import type { SubmitOutcome } from '../../../binder/session/session-events.ts';
import { ThrottleWatch } from '../../../binder/session/throttle-watch.ts';
import { quietLog } from '../../fixtures/log.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';

const report: ThrottleReport = {
  commandStatus: 0x58,
  pauseMs: 1_000,
  submitsInSecond: 10,
  belowRate: false,
  guardMs: 6,
};
const answered = (commandStatus: number): SubmitOutcome => ({ kind: 'answered', commandStatus, answeredInMs: 10 });

function watched() {
  const clock = new SimulatedClock(10_000);
  const tally = new Tally();
  const log = quietLog();
  const watch = new ThrottleWatch({ clock, log, tally });
  const count = (name: 'Throttles' | 'ThrottlesBelowRate' | 'PausedTime') => tally.total(clock.now()).get(name) ?? 0;
  return { clock, log, watch, count };
}

test('counts pauses, those below the rate apart, and the time in them', async () => {
  const { clock, watch, count } = watched();
  watch.paused(report);
  await clock.passMs(1_000);
  watch.paused({ ...report, pauseMs: 2_000, belowRate: true });
  await clock.passMs(500);

  expect([count('Throttles'), count('ThrottlesBelowRate'), count('PausedTime')]).toEqual([2, 1, 1_500]);
});

test('tells once that it is over: at the first success that was written after the last pause began', async () => {
  const { clock, log, watch } = watched();
  watch.ended({ sentAtMs: clock.now(), outcome: answered(0) });
  const beforeMs = clock.now();
  await clock.passMs(100);
  watch.paused(report);
  await clock.passMs(1_000);
  watch.paused({ ...report, pauseMs: 2_000 });
  watch.ended({ sentAtMs: beforeMs, outcome: answered(0) });
  await clock.passMs(2_000);
  watch.ended({ sentAtMs: clock.now(), outcome: answered(0x08) });
  watch.ended({ sentAtMs: clock.now(), outcome: { kind: 'unknown', reason: 'timeout' } });
  expect(log.lines).toEqual([]);

  watch.ended({ sentAtMs: clock.now(), outcome: answered(0) });
  watch.ended({ sentAtMs: clock.now(), outcome: answered(0) });

  expect(log.lines).toEqual([
    { level: 'info', message: 'the message centre takes submits again', pauses: 2, forMs: 3_000 },
  ]);
});

test('a pause ends with its term', async () => {
  const { clock, watch, count } = watched();
  watch.paused({ ...report, pauseMs: 30_000 });
  await clock.passMs(3_000);
  watch.stop();
  await clock.passMs(60_000);

  expect(count('PausedTime')).toBe(3_000);
});
