import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LEASE_TIMES } from '../../../binder/lease/lease.ts';
import { AT_ONCE } from '../../unit/lease/memory-leases.ts';
import { SharingWorld, type Tenure, TIMES } from '../../unit/lease/sharing-world.ts';

const { membersMs, ownersMs, orphanMs } = TIMES;
const MOST_PROCESSES = 4;

const happening = fc.record({
  afterMs: fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 2 * membersMs })),
  what: fc.constantFrom('start', 'start', 'stop', 'kill'),
  who: fc.nat(MOST_PROCESSES - 1),
});

/** An account that came back to a process that had given it away, with the same processes all the while. */
function pingPong(tenures: readonly Tenure[], since: number): string[] {
  const seen = new Set<string>();
  return tenures
    .filter(({ fromMs }) => fromMs >= since)
    .map(({ account, owner }) => `${account} ${owner}`)
    .filter((tenure) => seen.has(tenure) || !seen.add(tenure));
}

test('whoever comes, stops or is killed, every account has one owner soon after, the shares even out, and nothing goes to and fro', async () => {
  let handOvers = 0;
  const schedule = fc.record({
    accounts: fc.integer({ min: 1, max: 6 }),
    happenings: fc.array(happening, { minLength: 1, maxLength: 6 }),
  });
  await fc.assert(
    fc.asyncProperty(schedule, async ({ accounts, happenings }) => {
      const world = new SharingWorld(accounts);
      for (const leases of world.leases.values()) leases.fate = () => AT_ONCE;
      world.clock.onStep = () => {
        for (const account of world.leases.keys())
          expect(world.running.filter(({ leads }) => leads.includes(account)).length).toBeLessThanOrEqual(1);
      };
      world.start();
      for (const { afterMs, what, who } of happenings) {
        await world.clock.passMs(afterMs);
        const process = world.running[who];
        if (what === 'start' && world.running.length < MOST_PROCESSES) world.start();
        // The last one stays: else nobody is there to own anything.
        if (world.running.length < 2 || process === undefined) continue;
        if (what === 'stop') world.stop(process);
        if (what === 'kill') world.kill(process);
      }
      await world.untilOwned(LEASE_TIMES.leaseMs + orphanMs + 5_000);
      const sinceMs = world.clock.now();
      const before = world.tenures.length;

      await world.clock.passMs(membersMs + (accounts + 1) * (ownersMs + 5_000));

      const { loads } = world;
      expect(loads.reduce((sum, load) => sum + load, 0)).toBe(accounts);
      expect((loads[0] ?? 0) - (loads.at(-1) ?? 0)).toBeLessThanOrEqual(1);
      expect(pingPong(world.tenures, sinceMs)).toEqual([]);
      handOvers += world.tenures.length - before;
      const settled = world.tenures.length;
      await world.clock.passMs(membersMs);
      expect(world.tenures).toHaveLength(settled);
    }),
    { numRuns: 40 },
  );
  // Else nothing was shown.
  expect(handOvers).toBeGreaterThan(3);
}, 60_000);
