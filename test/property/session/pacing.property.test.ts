import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SubmitGate } from '../../../binder/session/pacing.ts';

/** Most events in any half-open second. */
function highestInSecond(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((time) => time >= from && time < from + 1_000).length));
}

const ms = (max: number) => fc.double({ min: 0, max, noNaN: true });
const segmentsPerSecond = fc.integer({ min: 1, max: 60 });

describe('the gate', () => {
  test('never lets more than the rate into any second, whatever the delays between clock, write and clock', () => {
    const submit = fc.record({
      idleMs: fc.oneof(fc.constant(0), ms(5), ms(400), ms(3_000)),
      lateMs: fc.oneof(fc.constant(0), ms(3), ms(60)),
      beforeWriteMs: fc.oneof(fc.constant(0), ms(40)),
      afterWriteMs: fc.oneof(fc.constant(0), ms(40)),
      event: fc.constantFrom('none', 'none', 'none', 'rebind', 'lost', 'throttled'),
    });
    fc.assert(
      fc.property(segmentsPerSecond, fc.array(submit, { minLength: 1, maxLength: 300 }), (rate, submits) => {
        const gate = new SubmitGate({ segmentsPerSecond: rate, previousSubmitAtMs: Number.NEGATIVE_INFINITY });
        const writtenAtMs: number[] = [];
        let nowMs = 0;
        for (const { idleMs, lateMs, beforeWriteMs, afterWriteMs, event } of submits) {
          nowMs = gate.nextAt(nowMs + idleMs) + lateMs;
          if (gate.nextAt(nowMs) > nowMs) continue;
          gate.record(nowMs);
          // The process may stall between this look at the clock and the write, and between the write and the next look.
          nowMs += beforeWriteMs;
          writtenAtMs.push(nowMs);
          nowMs += afterWriteMs;
          gate.left(1, nowMs);
          if (event === 'rebind') gate.holdAfterBind(nowMs);
          if (event === 'lost') gate.lostUnanswered(nowMs);
          if (event === 'throttled') gate.answered({ commandStatus: 0x58, sentAtMs: nowMs, nowMs });
        }
        expect(highestInSecond(writtenAtMs)).toBeLessThanOrEqual(rate);
      }),
      { numRuns: 300 },
    );
  });

  test('uses at least 99.5 % of any rate when it is always asked in time', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), (rate) => {
        const gate = new SubmitGate({ segmentsPerSecond: rate, previousSubmitAtMs: Number.NEGATIVE_INFINITY });
        const count = 20 * rate;
        let nowMs = 0;
        for (let n = 0; n <= count; n += 1) {
          nowMs = gate.nextAt(nowMs);
          gate.record(nowMs);
        }
        expect(((count / nowMs) * 1_000) / rate).toBeGreaterThanOrEqual(0.995);
      }),
      { numRuns: 60 },
    );
  });

  test('uses at least 99.5 % of ten a second with timers that are up to 2 ms late', () => {
    fc.assert(
      fc.property(fc.array(ms(2), { minLength: 1_000, maxLength: 1_000 }), (lateness) => {
        const gate = new SubmitGate({ segmentsPerSecond: 10, previousSubmitAtMs: Number.NEGATIVE_INFINITY });
        let nowMs = 0;
        for (const lateMs of lateness) {
          nowMs = gate.nextAt(nowMs) + lateMs;
          gate.record(nowMs);
        }
        expect(((lateness.length - 1) / nowMs) * 100).toBeGreaterThanOrEqual(0.995);
      }),
      { numRuns: 100 },
    );
  });

  test('lets no two go closer than three quarters of the spacing', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(ms(3), ms(200), ms(2_000)), { minLength: 2, maxLength: 200 }), (lateness) => {
        const gate = new SubmitGate({ segmentsPerSecond: 10, previousSubmitAtMs: Number.NEGATIVE_INFINITY });
        let lastMs = Number.NEGATIVE_INFINITY;
        let nowMs = 0;
        for (const lateMs of lateness) {
          nowMs = gate.nextAt(nowMs) + lateMs;
          gate.record(nowMs);
          expect(nowMs - lastMs).toBeGreaterThan(75);
          lastMs = nowMs;
        }
      }),
    );
  });
});
