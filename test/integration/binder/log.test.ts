import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Binder } from '../../../binder/binder.ts';
import { LANES } from '../../../shared/config/account.ts';
import { createLog } from '../../../shared/log/log.ts';
import { until } from '../../e2e/until.ts';
import { alreadyBoundFor } from '../../misbehaviours/binds.ts';
import { type Office, SECRET, World } from './world.ts';

const NUMBER = '9171234567';
const TEXT = 'Your secret code is 493817, do not share it';

const SOON_MS = 20_000;

describe('what a binder writes, from its start over a lost session, refusals and throttling to its end', () => {
  const lines: string[] = [];
  let world: World;
  let office: Office;

  beforeAll(async () => {
    world = await World.start();
    office = await world.office();
    const write = (line: string) => void lines.push(line);
    const log = createLog({ level: 'debug', now: Date.now, write, fields: { program: 'binder', stage: 'test' } });
    const binder = new Binder({
      stage: 'test',
      owner: 'scanned',
      accounts: [office.account],
      leases: world.leases,
      heartbeats: world.heartbeats,
      reports: { write: async () => undefined },
      context: world.context({ log, timeScale: 0.05 }),
      metrics: { intervalMs: 3_600_000, write },
    });
    let answers = 0;
    office.simulator.behave({
      sending: (_link, pdu, next) => {
        if (pdu.command !== 'submit_sm_resp') return next(pdu);
        answers += 1;
        const status = [0x58, 0x0b, 0x08][answers - 1];
        next(status === undefined ? pdu : { ...pdu, status, messageId: '' });
      },
    });
    await Promise.all(LANES.map((lane) => office.send(lane, TEXT)));
    await binder.start();
    await until('three refusals, and an answer that is none', SOON_MS, () => answers > 3);
    office.simulator.dropConnections('reset');
    await until(
      'the next session',
      SOON_MS,
      () => lines.filter((line) => line.includes('"session bound"')).length >= 2,
    );
    await office.send('otp', TEXT);
    await until(
      'the end of the throttling',
      SOON_MS,
      () => office.simulator.undelivered === 0 && lines.some((line) => line.includes('takes submits again')),
    );
    await binder.stop();
  }, 60_000);

  afterAll(() => office.simulator.close());

  test.each(['lease taken', 'session bound', 'session waiting', 'outbound open', 'outbound closed', 'lease released'])(
    'has a line "%s"',
    (message) => {
      expect(lines.some((line) => line.includes(`"message":"${message}"`))).toBe(true);
    },
  );

  test('says why a session ended, and why nothing more is sent', () => {
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    for (const { message, reason } of told)
      if (message === 'session waiting' || message === 'outbound closed') expect(reason).toMatch(/\w/);
    expect(told.filter(({ message }) => String(message).startsWith('the message centre throttles'))).toHaveLength(1);
    expect(told.filter(({ message }) => message === 'the message centre takes submits again')).toHaveLength(1);
  });

  test.each([
    ['a number', NUMBER],
    ['a text', TEXT],
    ['a password', SECRET.password],
  ])('never has %s', (_what, secret) => {
    expect(lines.length).toBeGreaterThan(10);
    expect(lines.filter((line) => line.includes(secret))).toEqual([]);
  });

  test('ends with the metrics that had not been told', () => {
    const metrics = lines.map((line) => JSON.parse(line) as Record<string, unknown>).filter((line) => line['_aws']);
    const released = metrics.reduce((sum, line) => sum + Number(line['LeasesReleased'] ?? 0), 0);
    expect(released).toBe(1);
  });
});

test('after a crash the operator still has the old session: the new owner waits, keeps its lease, and binds when it is gone', async () => {
  const world = await World.start();
  const office = await world.office({ behaviours: [alreadyBoundFor(2_000)] });
  const binder = office.start('after-the-crash', { timeScale: 0.02 });
  await until('a refused bind', SOON_MS, () => binder.snapshot().link?.reason === 'bind_refused');

  expect(binder.snapshot()).toMatchObject({
    role: 'owner',
    stalled: [],
    link: { commandStatus: 0x05, canSubmit: false },
  });
  expect(binder.measure()?.get('Bound')).toBe(0);
  await until('the bind', SOON_MS, () => binder.snapshot().link?.state === 'bound');

  expect(binder.tally.total(0).get('LeasesTaken')).toBe(1);
  expect(binder.tally.total(0).get('BindAnswers0x05')).toBeGreaterThanOrEqual(2);
  expect(binder.measure()?.get('Bound')).toBe(1);
  await binder.stop();
  await office.simulator.close();
});
