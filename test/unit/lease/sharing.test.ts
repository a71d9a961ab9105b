import { describe, expect, test } from 'vitest';
import { LEASE_TIMES } from '../../../binder/lease/lease.ts';
import { MEMBERSHIP_TIMES } from '../../../binder/lease/membership.ts';
import { SharingWorld, TIMES } from './sharing-world.ts';

const { watchMs } = LEASE_TIMES;
const { membersMs, ownersMs, orphanMs, othersFirstMs } = TIMES;

/** Long enough for every hand-over that may follow. */
const SETTLED_MS = membersMs + 10 * (ownersMs + 5_000);

describe('processes that come', () => {
  test('one alone takes every account at once', async () => {
    const world = new SharingWorld(7);
    world.start();
    await world.clock.passMs(100);

    expect(world.loads).toEqual([7]);
  });

  test('several that start together share evenly from the beginning', async () => {
    const world = new SharingWorld(7);
    for (let n = 0; n < 3; n += 1) world.start();
    await world.untilOwned(othersFirstMs + orphanMs);

    expect(world.loads).toEqual([3, 2, 2]);
    await world.clock.passMs(SETTLED_MS);
    expect(world.tenures).toHaveLength(7);
  });

  test('a newcomer is given its share, one account at a time, and only when the processes have been the same for a while', async () => {
    const world = new SharingWorld(7);
    world.start();
    await world.clock.passMs(10_000);
    world.start();
    await world.clock.passMs(membersMs);
    expect(world.loads).toEqual([7, 0]);

    await world.clock.passMs(SETTLED_MS);

    expect(world.loads).toEqual([4, 3]);
    const given = world.tenures.slice(7).map(({ fromMs }) => fromMs);
    expect(given).toHaveLength(3);
    const gaps = given.slice(1).map((fromMs, i) => fromMs - (given[i] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(ownersMs);
  });

  test('what is handed over is without owner no longer than its drain and one look', async () => {
    const world = new SharingWorld(4);
    const giver = world.start();
    await world.clock.passMs(1_000);
    world.start();
    await world.clock.passUntilTrue(() => giver.log.lines.some(({ message }) => message === 'lease released'));
    expect(world.loads).toEqual([3, 0]);

    await world.clock.passMs(watchMs + 10);

    expect(world.loads).toEqual([3, 1]);
  });
});

describe('one account and two processes', () => {
  test('one has it and the other stands by, for good', async () => {
    const world = new SharingWorld(1);
    const owner = world.start();
    await world.clock.passMs(10);
    world.start();
    await world.clock.passMs(SETTLED_MS);

    expect(owner.leads).toHaveLength(1);
    expect(world.tenures).toHaveLength(1);
  });

  test('a deploy hands it over once, as soon as it is released', async () => {
    const world = new SharingWorld(1);
    const old = world.start();
    await world.clock.passMs(10);
    const fresh = world.start();
    await world.clock.passMs(30_000);

    world.stop(old);
    await world.clock.passMs(world.drainMs + watchMs + 20);

    expect(fresh.leads).toHaveLength(1);
    await world.clock.passMs(SETTLED_MS);
    expect(world.tenures).toHaveLength(2);
  });
});

describe('processes that go', () => {
  test('a deploy moves each account once: nothing before the old one stops, everything when it does', async () => {
    const world = new SharingWorld(7);
    const old = world.start();
    await world.clock.passMs(10_000);
    world.start();
    // Right after a beat: the next one comes too late to be what tells the new one that it is alone.
    await world.clock.passMs(membersMs - MEMBERSHIP_TIMES.beatMs + 100);
    expect(world.loads).toEqual([7, 0]);

    world.stop(old);
    await world.clock.passMs(world.drainMs + 2 * watchMs + 20);

    expect(world.loads).toEqual([7]);
    await world.clock.passMs(SETTLED_MS);
    expect(world.tenures).toHaveLength(14);
  });

  test('what a stopping process had is shared evenly among the others', async () => {
    const world = new SharingWorld(9);
    const [first] = [world.start(), world.start(), world.start()];
    await world.untilOwned();

    if (first) world.stop(first);
    await world.clock.passMs(world.drainMs + orphanMs + 2 * watchMs);

    expect(world.loads).toEqual([5, 4]);
    expect(world.tenures).toHaveLength(9 + 3);
  });

  test('what a killed process had is shared evenly among the others when its leases are over', async () => {
    const world = new SharingWorld(9);
    const [first] = [world.start(), world.start(), world.start()];
    await world.untilOwned();

    if (first) world.kill(first);
    await world.untilOwned(LEASE_TIMES.leaseMs + orphanMs + 2 * watchMs);

    expect(world.loads).toEqual([5, 4]);
  });

  test('an account that the one with fewer cannot take is taken above the share after a while', async () => {
    const world = new SharingWorld(2);
    const first = world.start();
    await world.clock.passMs(100);
    const second = world.start();
    await world.clock.passMs(5_000);
    for (const leases of world.leases.values()) {
      const fate = leases.fate;
      leases.fate = (kind, owner) =>
        kind === 'take' && owner === second.owner ? { ...fate(kind, owner), outcome: 'lost' } : fate(kind, owner);
    }

    await world.clock.passMs(SETTLED_MS);

    // Each was offered once and came back; from then on they are left in peace.
    expect(first.leads).toHaveLength(2);
    expect(world.tenures).toHaveLength(2 + 2);
    await world.clock.passMs(10 * SETTLED_MS);
    expect(world.tenures).toHaveLength(2 + 2);
  });
});

test('a process that knows of nobody, because the heartbeats fail, still leaves no account without owner', async () => {
  const world = new SharingWorld(3);
  for (const owner of ['7-1', '4-2']) world.heartbeats.unreachable.add(owner);
  world.start();
  world.start();
  await world.untilOwned();

  await world.clock.passMs(SETTLED_MS);

  expect(world.loads.reduce((sum, load) => sum + load, 0)).toBe(3);
  expect(world.tenures).toHaveLength(3);
});
