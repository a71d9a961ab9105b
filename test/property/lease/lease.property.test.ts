import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LEASE_TIMES } from '../../../binder/lease/lease.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';
import { type Fate, MemoryLeases } from '../../unit/lease/memory-leases.ts';
import { LeaseProcess } from '../../unit/lease/process.ts';

const { leaseMs, renewMs } = LEASE_TIMES;
const NEVER = Number.POSITIVE_INFINITY;
const PROCESSES = ['a', 'b', 'c'];

/** From a store that answers at once to one that acts long after everybody has given up. */
const delay = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0, max: 50 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: renewMs }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 3 * leaseMs }) },
  { weight: 1, arbitrary: fc.constant(NEVER) },
);
const fate: fc.Arbitrary<Fate> = fc.record({
  requestMs: delay,
  responseMs: delay,
  outcome: fc.oneof({ weight: 6, arbitrary: fc.constant('ok' as const) }, fc.constantFrom('lost', 'unanswered')),
});
const happening = fc.record({
  afterMs: fc.integer({ min: 0, max: leaseMs }),
  who: fc.nat(PROCESSES.length - 1),
  what: fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('pause', 'resume') },
    { weight: 1, arbitrary: fc.constantFrom('release', 'replace') },
  ),
});

/**
 * What a process does to the outside while its `fence` is defined would be done under that fence, so at no moment may two be
 * defined: not even in a process that is paused, for it may go on at that moment.
 */
test('never two leases lead at the same moment, and fences only rise, whatever network and processes do', async () => {
  const schedule = fc.record({
    fates: fc.array(fate, { maxLength: 60 }),
    happenings: fc.array(happening, { minLength: 5, maxLength: 25 }),
  });
  let takeovers = 0;
  await fc.assert(
    fc.asyncProperty(schedule, async ({ fates, happenings }) => {
      const clock = new SimulatedClock();
      const leases = new MemoryLeases(clock);
      let call = 0;
      leases.fate = () => fates[call++ % (fates.length + 1)] ?? { requestMs: 1, responseMs: 1, outcome: 'ok' };
      const everyone: LeaseProcess[] = [];
      const start = (name: string, originMs: number): LeaseProcess => {
        const process = new LeaseProcess(name, { clock, leases, originMs });
        everyone.push(process);
        process.lease.start();
        return process;
      };
      const running = PROCESSES.map((name, i) => start(name, i * 123_456.7));
      let highest = 0;
      clock.onStep = () => {
        const leading = everyone.flatMap(({ lease }) => lease.fence ?? []);
        expect(leading.length).toBeLessThanOrEqual(1);
        for (const fence of leading) {
          expect(fence).toBeGreaterThanOrEqual(highest);
          highest = fence;
        }
      };

      for (const { afterMs, who, what } of happenings) {
        await clock.passMs(afterMs);
        const process = running[who];
        if (what === 'pause') process?.pause();
        else if (what === 'resume') process?.resume();
        else {
          void process?.lease.release(who === 0 ? undefined : 500);
          if (what === 'replace') running[who] = start(`${PROCESSES[who]}-${everyone.length}`, -who * 999);
        }
        clock.onStep();
      }
      for (const process of everyone) process.resume();
      await clock.passMs(3 * leaseMs);

      const taken = everyone.flatMap((process) => process.taken.map(({ fence }) => fence));
      expect(new Set(taken).size).toBe(taken.length);
      for (const { taken, lost } of everyone) {
        expect(taken.map(({ fence }) => fence)).toEqual(taken.map(({ fence }) => fence).sort((a, b) => a - b));
        expect([taken.length, taken.length - 1]).toContain(lost.length);
      }
      takeovers += taken.length;
    }),
    { numRuns: 300 },
  );
  // Else nothing was shown.
  expect(takeovers).toBeGreaterThan(600);
}, 60_000);

test('whatever happened, once store and processes are well there is one owner again', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { maxLength: 40 }), async (fates) => {
      const clock = new SimulatedClock();
      const leases = new MemoryLeases(clock);
      leases.fate = () => fates.shift() ?? { requestMs: 1, responseMs: 1, outcome: 'ok' };
      const processes = PROCESSES.map((name) => new LeaseProcess(name, { clock, leases }));
      for (const { lease } of processes) lease.start();

      // Until every misfortune is used up, and for a whole lease and its overdue calls after that.
      await clock.passUntilTrue(() => fates.length === 0, 100 * leaseMs);
      await clock.passMs(6 * leaseMs);

      expect(processes.filter(({ leads }) => leads)).toHaveLength(1);
    }),
    { numRuns: 100 },
  );
}, 60_000);
