import { afterAll, describe, type ExpectStatic, test, vi } from 'vitest';
import type { CarrierAccount } from '../../../binder/carrier-account.ts';
import type { Lane } from '../../../shared/config/account.ts';
import { overRate } from '../../e2e/rate.ts';
import { type Office, World } from './world.ts';

vi.setConfig({ testTimeout: 90_000 });

const world = await World.start();

const offices: Office[] = [];
const binders: CarrierAccount[] = [];
afterAll(async () => {
  await Promise.all(binders.map((binder) => binder.stop()));
  await Promise.all(offices.map(({ simulator }) => simulator.close()));
});

async function openOffice(...options: Parameters<World['office']>): Promise<Office> {
  const office = await world.office(...options);
  offices.push(office);
  return office;
}

function start(office: Office, owner: string): CarrierAccount {
  const binder = office.start(owner);
  binders.push(binder);
  return binder;
}

async function untilSent(expect: ExpectStatic, office: Office, messageIds: string[]): Promise<void> {
  const all = messageIds.map(() => 'sent');
  await expect.poll(() => office.statusesOf(messageIds), { timeout: 30_000 }).toEqual(all);
}

/** After the last message has changed its queue message is still to be deleted. */
async function untilNothingWaits(expect: ExpectStatic, { account }: Office): Promise<void> {
  await expect.poll(() => world.waiting(account.name), { timeout: 5_000 }).toBe(0);
}

describe.concurrent('an account with one binder', () => {
  test('delivers messages of every lane with the right text, and stores answers and receipts', async ({ expect }) => {
    const office = await openOffice();
    const texts: [Lane, string][] = [
      ['otp', 'Your code is 123456'],
      ['otp', 'Ang code mo: ₱ 99'],
      ['transactional', 'Paid €20 [ref ~7]'],
      ['transactional', `${'long '.repeat(40)}end`],
      ['bulk', 'Salamat po! 😀'],
      ['bulk', 'ñ'.repeat(160)],
    ];
    const ids = await Promise.all(texts.map(([lane, text]) => office.send(lane, text)));
    start(office, 'a');

    await untilSent(expect, office, ids);
    await office.simulator.until(() => office.simulator.undelivered === 0);

    const received = office.simulator.messages();
    expect(received.map(({ text }) => text).sort()).toEqual(texts.map(([, text]) => text).sort());
    expect(received.every(({ complete, repeatedSegments }) => complete && repeatedSegments === 0)).toBe(true);
    await untilNothingWaits(expect, office);
    const rows = await world.rows(office.account.name);
    expect(rows.filter(({ kind }) => kind === 'segment')).toHaveLength(7);
    expect(rows.filter(({ kind }) => kind === 'receipt').length).toBeGreaterThanOrEqual(6);
    expect(overRate(office.arrivals, 10)).toEqual([]);
  });

  test('keeps its rate in every second', async ({ expect }) => {
    const office = await openOffice();
    const ids = await office.sendMany('transactional', 25);
    start(office, 'a');
    await office.untilSubmitted(25);

    expect(overRate(office.arrivals, 10)).toEqual([]);
    await untilSent(expect, office, ids);
  });

  test('an otp overtakes what waits', async ({ expect }) => {
    const office = await openOffice();
    await office.sendMany('bulk', 30);
    start(office, 'a');
    await office.untilSubmitted(5);

    await office.send('otp', 'the code');
    await office.simulator.until(() => office.acceptedTexts.includes('the code'), 30_000);

    expect(office.acceptedTexts.indexOf('the code')).toBeLessThan(10);
  });

  test('a dropped connection loses nothing, and sends twice nothing that was answered', async ({ expect }) => {
    const office = await openOffice({ latencyMs: 20 });
    const ids = await office.sendMany('transactional', 25);
    start(office, 'a');
    await office.untilSubmitted(8);
    office.simulator.dropConnections();
    await untilSent(expect, office, ids);

    const repeated = office.simulator.messages().filter(({ repeatedSegments }) => repeatedSegments > 0);
    expect(office.simulator.messages().every(({ complete }) => complete)).toBe(true);
    expect(new Set(office.acceptedTexts).size).toBe(25);
    expect(repeated).toEqual([]);
    // Only what was on the wire when it broke, and had no answer, came again.
    expect(office.acceptedTexts.length - 25).toBeLessThanOrEqual(2);
    expect(overRate(office.arrivals, 10)).toEqual([]);
  });
});

describe.concurrent('an account with two binders', () => {
  test('has one session, and hands it over at once', async ({ expect }) => {
    const office = await openOffice();
    const ids = await office.sendMany('transactional', 30);
    const first = start(office, 'a');
    await office.bound();
    start(office, 'b');
    await office.untilSubmitted(10);
    expect(office.simulator.links).toHaveLength(1);

    await first.stop();
    await untilSent(expect, office, ids);

    const { submits } = office.simulator;
    const links = submits.map(({ link }) => link);
    expect(new Set(links).size).toBe(2);
    const handOver = links.lastIndexOf(links[0] ?? 0);
    const gapMs = (submits[handOver + 1]?.atMs ?? 0) - (submits[handOver]?.atMs ?? 0);
    // The goal of 1.5 s is measured by the bench, where nothing else runs; without a hand-over it would be the lease's 10 s.
    expect(gapMs).toBeLessThan(4_000);
    expect(office.acceptedTexts).toHaveLength(30);
    expect(new Set(office.acceptedTexts).size).toBe(30);
    expect(overRate(office.arrivals, 10)).toEqual([]);
    await untilNothingWaits(expect, office);
  });

  test('that is stopped while it is being bound leaves no session behind', async ({ expect }) => {
    const office = await openOffice({ latencyMs: 50 });
    const first = start(office, 'a');
    await office.simulator.until(() => office.simulator.links.length > 0, 30_000);
    await first.stop();

    await office.simulator.until(() => office.simulator.links.length === 0);
    expect(first.snapshot().role).toBe('standby');
  });
});
