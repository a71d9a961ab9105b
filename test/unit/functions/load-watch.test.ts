import { describe, expect, test } from 'vitest';
import { LoadWatch } from '../../../functions/middleware/load-watch.ts';
import type { AccountReport } from '../../../shared/domain/account-report.ts';
import { accountReport } from '../../fixtures/account-load.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT } from '../../fixtures/message.ts';

function setUp(report = accountReport()) {
  const clock = { now: CREATED_AT };
  const world: { waiting: number; fails: boolean; hangs: boolean; looks: number; report: AccountReport | undefined } = {
    waiting: 10,
    fails: false,
    hangs: false,
    looks: 0,
    report,
  };
  const log = quietLog();
  const watch = new LoadWatch({
    reports: {
      read: async () => {
        world.looks += 1;
        return world.report;
      },
    },
    backlog: {
      messages: async (_account, lane, signal) => {
        if (world.fails) throw new Error('no');
        if (world.hangs)
          await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
        return lane === 'bulk' ? world.waiting : 0;
      },
    },
    log,
    now: () => clock.now,
  });
  return { watch, clock, world, log };
}

describe('what waits in the lanes of an account', () => {
  test('is counted in segments by the mean of what went out last', async () => {
    const report = accountReport();
    report.lanes.bulk.segmentsPerMessage = 1.55;
    expect(await setUp(report).watch.load('main')).toMatchObject({
      messages: { otp: 0, transactional: 0, bulk: 10 },
      segments: { otp: 0, transactional: 0, bulk: 16 },
    });
  });

  test('is looked up every two seconds, however many ask', async () => {
    const { watch, clock, world } = setUp();
    await Promise.all(Array.from({ length: 20 }, async () => await watch.load('main')));
    clock.now += 1_999;
    await watch.load('main');
    expect(world.looks).toBe(1);
    clock.now += 1;
    await watch.load('main');
    expect(world.looks).toBe(2);
    await watch.load('other');
    expect(world.looks).toBe(3);
  });

  test('has what this environment has added meanwhile, until it is looked up again', async () => {
    const { watch, clock } = setUp();
    await watch.load('main');
    watch.added('main', 'bulk', 3);
    watch.added('main', 'bulk', 2);
    watch.added('main', 'otp', 1);
    expect(await watch.load('main')).toMatchObject({ messages: { bulk: 12, otp: 1 }, segments: { bulk: 15, otp: 1 } });
    clock.now += 2_000;
    expect(await watch.load('main')).toMatchObject({ segments: { bulk: 10, otp: 0 } });
    watch.added('unknown', 'bulk', 1);
  });

  test.each<[string, (parts: ReturnType<typeof setUp>) => void]>([
    ['no binder has ever told anything', ({ world }) => void (world.report = undefined)],
    ['what it told is old', ({ clock }) => void (clock.now += 90_000)],
    ['the queues do not answer', ({ world }) => void (world.fails = true)],
    ['the queues take too long', ({ world }) => void (world.hangs = true)],
  ])('is not known where %s', async (_name, make) => {
    const parts = setUp();
    make(parts);
    expect(await parts.watch.load('main')).toBeUndefined();
  });
});
