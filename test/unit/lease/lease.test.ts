import { describe, expect, test } from 'vitest';
import { LEASE_TIMES } from '../../../binder/lease/lease.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';
import { AT_ONCE, type CallKind, type Fate, MemoryLeases } from './memory-leases.ts';
import { LeaseProcess } from './process.ts';

const { leaseMs, renewMs, watchMs, marginMs, callMs } = LEASE_TIMES;
const NEVER = Number.POSITIVE_INFINITY;

function world() {
  const clock = new SimulatedClock();
  const leases = new MemoryLeases(clock);
  const start = (owner: string, originMs = 0): LeaseProcess => {
    const process = new LeaseProcess(owner, { clock, leases, originMs });
    process.lease.start();
    return process;
  };
  /** From now on this happens to the calls of one process. */
  const befall = (owner: string, fates: Partial<Record<CallKind, Partial<Fate>>>): void => {
    const before = leases.fate;
    leases.fate = (kind, of) => (of === owner ? { ...AT_ONCE, ...fates[kind] } : before(kind, of));
  };
  return { clock, leases, start, befall };
}

/** Two processes; the first has the lease and the second watches. */
async function ownerAndStandby() {
  const parts = world();
  const owner = parts.start('owner');
  await parts.clock.passMs(100);
  const standby = parts.start('standby', 77_000);
  await parts.clock.passMs(3 * watchMs);
  return { ...parts, owner, standby };
}

describe('taking a lease', () => {
  test('the first to come takes it at once, the second stands by', async () => {
    const { owner, standby } = await ownerAndStandby();

    expect(owner.taken).toEqual([{ fence: 1, previousSubmitAtMs: undefined }]);
    expect(owner.lease.fence).toBe(1);
    expect(standby.taken).toEqual([]);
    expect(standby.leads).toBe(false);
  });

  test('of two that see the same free lease one takes it', async () => {
    const { clock, start, befall } = world();
    befall('a', { read: { responseMs: 50 } });
    befall('b', { read: { responseMs: 50 } });

    const [a, b] = [start('a'), start('b')];
    await clock.passMs(100);

    expect([a.leads, b.leads].filter(Boolean)).toHaveLength(1);
  });

  test('a released lease is taken over within one look, with the next fence', async () => {
    const { clock, owner, standby } = await ownerAndStandby();

    await owner.lease.release();
    expect(owner.leads).toBe(false);
    await clock.passMs(watchMs);

    expect(standby.taken).toMatchObject([{ fence: 2 }]);
  });

  test('whoever takes over a released lease knows, on its own clock, when its last owner submitted', async () => {
    const { clock, owner, standby } = await ownerAndStandby();

    await owner.lease.release(300);
    await clock.passUntilTrue(() => standby.leads);

    expect(standby.taken[0]?.previousSubmitAtMs).toBe(standby.clock.now() - 300);
  });

  test('whoever takes over a dead lease knows nothing of its last owner', async () => {
    const { clock, owner, standby } = await ownerAndStandby();

    owner.pause();
    await clock.passUntilTrue(() => standby.leads);

    expect(standby.taken).toEqual([{ fence: 2, previousSubmitAtMs: undefined }]);
  });

  test('a silent owner is waited out for a whole life of its lease, by the clock of the one who waits', async () => {
    const { clock, leases, owner, standby } = await ownerAndStandby();
    const lastBeatMs = leases.calls.findLast(({ kind, owner }) => kind !== 'read' && owner === 'owner')?.atMs ?? 0;

    owner.pause();
    await clock.passUntil(lastBeatMs + leaseMs - 1);
    expect(standby.taken).toEqual([]);
    await clock.passUntil(lastBeatMs + leaseMs + 2 * watchMs);

    expect(standby.taken).toMatchObject([{ fence: 2 }]);
  });

  test('every sign of life starts the wait anew', async () => {
    const { clock, owner, standby } = await ownerAndStandby();

    await clock.passMs(5 * leaseMs);

    expect(owner.leads).toBe(true);
    expect(owner.lost).toEqual([]);
    expect(standby.taken).toEqual([]);
  });

  test('a take whose answer is lost is noticed at the next look', async () => {
    const { clock, start, befall, leases } = world();
    befall('a', { take: { outcome: 'unanswered' } });
    const a = start('a');
    await clock.passMs(1);
    expect(leases.record?.owner).toBe('a');
    expect(a.leads).toBe(false);

    befall('a', {});
    await clock.passMs(watchMs);

    expect(a.taken).toMatchObject([{ fence: 2 }]);
  });

  test('a take that hangs is given up, and what it did after all is noticed', async () => {
    const { clock, start, befall } = world();
    befall('a', { take: { requestMs: callMs + 1_000 } });
    const a = start('a');
    await clock.passMs(callMs + 1);
    befall('a', {});

    await clock.passMs(1_000 + 2 * watchMs);

    expect(a.leads).toBe(true);
    expect(a.taken).toHaveLength(1);
  });

  test('a take that a pause of the process made worthless begins nothing', async () => {
    const { clock, start, befall } = world();
    befall('a', { take: { requestMs: 10 } });
    const a = start('a');
    await clock.passMs(5);
    a.pause();
    await clock.passMs(leaseMs);
    a.resume();
    await clock.passMs(1);

    expect(a.taken).toEqual([]);
    await clock.passMs(watchMs + 20);
    expect(a.taken).toMatchObject([{ fence: 2 }]);
  });

  test('a store that fails is asked again', async () => {
    const { clock, start, befall } = world();
    befall('a', { read: { outcome: 'lost' } });
    const a = start('a');
    await clock.passMs(4 * watchMs);
    befall('a', {});
    await clock.passMs(watchMs);

    expect(a.leads).toBe(true);
  });
});

describe('keeping a lease', () => {
  test.each<[string, Partial<Fate>]>([
    ['fails', { outcome: 'lost' }],
    ['does it and fails to say so', { outcome: 'unanswered' }],
    ['never answers', { responseMs: NEVER }],
    ['is never reached', { requestMs: NEVER }],
    ['answers too late', { responseMs: callMs + 500 }],
  ])('an owner whose store %s stops before anyone else can begin', async (_what, fate) => {
    const { clock, owner, standby, befall } = await ownerAndStandby();
    befall('owner', { renew: fate });
    let ledUntilMs = 0;
    clock.onStep = () => {
      if (owner.leads) ledUntilMs = clock.now();
    };

    await clock.passUntilTrue(() => owner.lost.length > 0);
    const lostAtMs = clock.now();
    expect(owner.leads).toBe(false);
    expect(owner.lost).toEqual(['not_renewed']);
    befall('owner', { renew: fate, read: { outcome: 'lost' } });
    await clock.passUntilTrue(() => standby.leads);

    expect(lostAtMs - ledUntilMs).toBeLessThanOrEqual(renewMs);
    expect(clock.now() - lostAtMs).toBeGreaterThanOrEqual(marginMs);
  });

  test('the owner is told at the very end of its time, however its store hangs', async () => {
    const { clock, owner, befall, leases } = await ownerAndStandby();
    befall('owner', { renew: { responseMs: NEVER, requestMs: NEVER } });
    const lastBeatMs = leases.calls.findLast(({ kind, owner }) => kind !== 'read' && owner === 'owner')?.atMs ?? 0;

    await clock.passUntil(lastBeatMs + leaseMs - marginMs - 1);
    expect(owner.lost).toEqual([]);
    expect(owner.leads).toBe(true);
    await clock.passUntil(lastBeatMs + leaseMs - marginMs + 1);

    expect(owner.lost).toEqual(['not_renewed']);
  });

  test('an owner whose store fails for a while keeps its lease', async () => {
    const { clock, owner, standby, befall } = await ownerAndStandby();
    befall('owner', { renew: { outcome: 'lost' } });
    await clock.passMs(5_000);
    befall('owner', {});
    await clock.passMs(3 * leaseMs);

    expect(owner.lost).toEqual([]);
    expect(standby.taken).toEqual([]);
  });

  test('an owner that was paused through its lease does not lead for a moment when it goes on', async () => {
    const { clock, owner, standby } = await ownerAndStandby();
    owner.pause();
    await clock.passUntilTrue(() => standby.leads);

    expect(owner.leads).toBe(false);
    owner.resume();
    expect(owner.leads).toBe(false);
    await clock.passMs(2 * renewMs);

    expect(owner.lost).toHaveLength(1);
    expect(standby.lost).toEqual([]);
  });

  test('an owner that stood still through its lease goes on under the same fence where nobody else has begun', async () => {
    const { clock, start } = world();
    const owner = start('owner');
    await clock.passMs(100);
    owner.pause();
    await clock.passMs(leaseMs + marginMs);
    expect(owner.leads).toBe(false);
    owner.resume();
    expect(owner.leads).toBe(false);
    await clock.passMs(1);

    expect(owner.leads).toBe(true);
    expect(owner.lost).toEqual([]);
    expect(owner.taken).toHaveLength(1);
  });

  test('a renewal that was taken before its owner stood still, and is heard of after, is renewed, not given up', async () => {
    const { clock, start, befall } = world();
    const owner = start('owner');
    befall('owner', { renew: { responseMs: 10 } });
    await clock.passMs(renewMs + 5);
    owner.pause();
    await clock.passMs(leaseMs - 100);
    owner.resume();
    await clock.passMs(20);

    expect(owner.leads).toBe(true);
    expect(owner.lost).toEqual([]);
  });

  test('a renewal that is rejected ends it at once', async () => {
    const { clock, owner, leases } = await ownerAndStandby();
    leases.record = { owner: 'other', fence: 9, beat: 0, leaseMs, released: false };

    await clock.passMs(renewMs);

    expect(owner.lost).toEqual(['taken_over']);
    expect(owner.leads).toBe(false);
  });

  test('an owner that lost its lease for lack of renewal takes it again as soon as the store answers', async () => {
    const { clock, owner, standby, befall } = await ownerAndStandby();
    befall('owner', { renew: { outcome: 'lost' } });
    await clock.passUntilTrue(() => owner.lost.length > 0);
    befall('owner', {});
    await clock.passMs(watchMs);

    expect(owner.taken).toMatchObject([{ fence: 1 }, { fence: 2 }]);
    expect(standby.taken).toEqual([]);
  });
});

describe('giving a lease up', () => {
  test('a release during a renewal comes after it', async () => {
    const { clock, owner, leases, befall } = await ownerAndStandby();
    befall('owner', { renew: { requestMs: 100, responseMs: 100 } });
    const before = leases.calls.length;
    await clock.passUntilTrue(() => leases.calls.slice(before).some(({ kind }) => kind === 'renew'));

    const released = owner.lease.release();
    await clock.passMs(300);
    await released;

    expect(leases.record).toMatchObject({ owner: 'owner', released: true });
    expect(leases.calls.filter(({ owner }) => owner === 'owner').map(({ kind }) => kind)).toEqual([
      'read',
      'take',
      'renew',
      'release',
    ]);
  });

  test('a release while the lease is being taken begins nothing and leaves it free', async () => {
    const { clock, start, befall, leases } = world();
    befall('a', { take: { requestMs: 50, responseMs: 50 } });
    const a = start('a');
    await clock.passMs(10);

    const released = a.lease.release();
    await clock.passMs(200);
    await released;

    expect(a.taken).toEqual([]);
    expect(leases.record).toMatchObject({ owner: 'a', released: true });
  });

  test('a release while standing by leaves the lease alone', async () => {
    const { clock, standby, owner, leases } = await ownerAndStandby();

    await standby.lease.release();
    await clock.passMs(leaseMs);

    expect(leases.calls.some(({ kind }) => kind === 'release')).toBe(false);
    expect(owner.leads).toBe(true);
  });

  test.each<[string, Partial<Fate>]>([
    ['fails', { outcome: 'lost' }],
    ['hangs', { requestMs: NEVER }],
  ])(
    'a release that %s is repeated, and the standby takes the account as soon as one succeeds',
    async (_what, fate) => {
      const { clock, owner, standby, befall } = await ownerAndStandby();
      befall('owner', { release: fate });
      const released = owner.lease.release(300);
      expect(owner.leads).toBe(false);
      await clock.passMs(callMs + 100);
      expect(standby.leads).toBe(false);

      befall('owner', {});
      await clock.passMs(200 + watchMs);

      expect(await released).toBe(true);
      expect(standby.leads).toBe(true);
    },
  );

  test('a release that was done without an answer is not mistaken for one of the next owner', async () => {
    const { clock, owner, standby, leases, befall } = await ownerAndStandby();
    befall('owner', { release: { outcome: 'unanswered' } });
    const released = owner.lease.release();
    await clock.passUntilTrue(() => standby.leads, 2 * watchMs);
    befall('owner', {});
    await clock.passMs(300);

    expect(await released).toBe(false);
    expect(standby.leads).toBe(true);
    expect(leases.record).toMatchObject({ owner: 'standby', released: false });
  });

  test('a release that never succeeds keeps nobody waiting for longer than the lease lives', async () => {
    const { clock, owner, standby, befall } = await ownerAndStandby();
    befall('owner', { release: { requestMs: NEVER } });
    let done = false;
    void owner.lease.release().then(() => {
      done = true;
    });

    await clock.passMs(leaseMs);
    expect(done).toBe(true);
    await clock.passMs(renewMs + watchMs);

    expect(standby.leads).toBe(true);
  });

  test('whoever has released watches no more', async () => {
    const { clock, owner, leases } = await ownerAndStandby();
    await owner.lease.release();
    const calls = leases.calls.filter(({ owner }) => owner === 'owner').length;
    await clock.passMs(3 * leaseMs);

    expect(leases.calls.filter(({ owner }) => owner === 'owner')).toHaveLength(calls);
    expect(owner.taken).toHaveLength(1);
  });
});
