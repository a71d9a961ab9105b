import { afterAll, describe, expect, test, vi } from 'vitest';
import type { CarrierAccount } from '../../../binder/carrier-account.ts';
import type { SimulatorEvent } from '../../../binder/simulator/journal.ts';
import { overRate } from '../../e2e/rate.ts';
import { type Office, World } from './world.ts';

vi.setConfig({ testTimeout: 60_000 });

const world = await World.start();
const SECOND_MS = 1_000;
const never = new AbortController().signal;

const offices: Office[] = [];
const binders: CarrierAccount[] = [];
// All at once: each has to wait for its last poll.
afterAll(async () => {
  await Promise.all(binders.map((binder) => binder.stop()));
  await Promise.all(offices.map(({ simulator }) => simulator.close()));
});

async function openOffice(): Promise<Office> {
  const office = await world.office();
  offices.push(office);
  return office;
}

function start(office: Office, owner: string): CarrierAccount {
  const binder = office.start(owner);
  binders.push(binder);
  return binder;
}

/** A lease of an owner that is not here any more: released after so long a silence, or left behind. */
async function leaveLease(office: Office, quietMs: number | 'crashed'): Promise<void> {
  const { name } = office.account;
  const held = await world.leases.take(name, { seen: undefined, owner: 'gone', leaseMs: 300 }, never);
  if (held === undefined) throw new Error('the lease was not free');
  if (quietMs !== 'crashed') await world.leases.release(name, { ...held, quietMs }, never);
}

/** From the answer to the last bind to the first submit after it. */
function silenceMs({ simulator }: Office): number {
  const isBind = ({ kind }: SimulatorEvent) => kind === 'bind_answered';
  const boundAtMs = simulator.events.findLast(isBind)?.atMs ?? Number.NaN;
  const first = simulator.submits.find(({ atMs }) => atMs > boundAtMs);
  return (first?.atMs ?? Number.NaN) - boundAtMs;
}

describe('the first second after a take-over', () => {
  test('is silent where the owner before crashed, for it may have submitted until then', async () => {
    const office = await openOffice();
    await leaveLease(office, 'crashed');
    await office.sendMany('otp', 3);
    start(office, 'heir');
    await office.untilSubmitted(1);

    expect(silenceMs(office)).toBeGreaterThanOrEqual(SECOND_MS);
  });

  test('is silent where nobody is known to have had the account before', async () => {
    const office = await openOffice();
    await office.sendMany('otp', 3);
    start(office, 'first');
    await office.untilSubmitted(1);

    expect(silenceMs(office)).toBeGreaterThanOrEqual(SECOND_MS);
  });

  test('is not lost where the owner before had been quiet for longer when it released the lease', async () => {
    const office = await openOffice();
    await leaveLease(office, 5_000);
    await office.sendMany('otp', 3);
    start(office, 'heir');
    await office.untilSubmitted(1);

    // A whole second, had it been lost.
    expect(silenceMs(office)).toBeLessThan(SECOND_MS);
  });

  test('is silent as far as the owner before had not been', async () => {
    const office = await openOffice();
    await office.sendMany('otp', 3);
    await leaveLease(office, 600);
    const releasedAtMs = performance.now();
    start(office, 'heir');
    await office.untilSubmitted(1);

    const firstAtMs = office.simulator.submits[0]?.atMs ?? 0;
    expect(firstAtMs - releasedAtMs).toBeGreaterThanOrEqual(SECOND_MS - 600);
    expect(silenceMs(office)).toBeLessThan(SECOND_MS);
  });
});

test.concurrent.each([0, 400])(
  'the rate across two binders is that of one, where the second comes %d ms later',
  async (pauseMs) => {
    const office = await openOffice();
    await office.sendMany('transactional', 30);
    const first = start(office, 'a');
    await office.untilSubmitted(12);
    // It releases the lease, and only then waits for its last poll.
    void first.stop();
    await office.simulator.until(() => office.simulator.links.length === 0);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    start(office, 'b');
    await office.untilSubmitted(30);

    expect(overRate(office.arrivals, 10)).toEqual([]);
    expect(office.arrivals).toHaveLength(30);
    expect(new Set(office.simulator.submits.map(({ link }) => link)).size).toBe(2);
  },
);
