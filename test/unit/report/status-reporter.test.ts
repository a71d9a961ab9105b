import { describe, expect, test } from 'vitest';
import { StatusReporter } from '../../../binder/report/status-reporter.ts';
import type { AccountReport } from '../../../shared/domain/account-report.ts';
import { quietLog } from '../../fixtures/log.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';

const NOTHING = { submitted: 0 };

function setUp() {
  const clock = new SimulatedClock();
  const log = quietLog();
  const written: { account: string; report: AccountReport; fence: number }[] = [];
  const state = { owned: true, submitted: 0, session: 'bound', failing: false };
  const account = {
    name: 'main',
    report: () => {
      const canSubmit = state.session === 'bound';
      const session = { state: state.session, since: 0, canSubmit };
      const lanes = { otp: { submitted: state.submitted }, transactional: NOTHING, bulk: NOTHING };
      const report = { at: clock.now(), session, ...(canSubmit ? { lastReadyAt: clock.now() } : {}), lanes };
      return state.owned ? { report, fence: 7 } : undefined;
    },
  };
  const store = {
    write: async (name: string, report: AccountReport, { fence }: { fence: number }) => {
      if (state.failing) throw new Error('no answer');
      written.push({ account: name, report, fence });
    },
  };
  const reporter = new StatusReporter({ accounts: [account], store, clock, log });
  reporter.start();
  return { clock, log, written, state, reporter };
}

describe('the report of an account', () => {
  test('is written soon after the start, and every half minute while nothing changes', async () => {
    const { clock, written } = setUp();
    await clock.passMs(2_500);
    expect(written).toMatchObject([{ account: 'main', fence: 7, report: { session: { state: 'bound' } } }]);
    await clock.passMs(29_000);
    expect(written).toHaveLength(1);
    await clock.passMs(1_000);
    expect(written).toHaveLength(2);
  });

  test('is written every five seconds while something goes on', async () => {
    const { clock, written, state } = setUp();
    for (let look = 0; look < 24; look += 1) {
      state.submitted += 1;
      await clock.passMs(2_500);
    }
    expect(written).toHaveLength(12);
  });

  test('is written at once when the session changes', async () => {
    const { clock, written, state } = setUp();
    await clock.passMs(2_500);
    state.session = 'waiting';
    await clock.passMs(2_500);
    expect(written.map(({ report }) => report.session.state)).toEqual(['bound', 'waiting']);
  });

  test('is not written by who does not own the account, and by a new owner at once', async () => {
    const { clock, written, state } = setUp();
    state.owned = false;
    await clock.passMs(60_000);
    expect(written).toEqual([]);
    state.owned = true;
    await clock.passMs(2_500);
    expect(written).toHaveLength(1);
  });

  test('that could not be written is tried again', async () => {
    const { clock, written, state, log } = setUp();
    state.failing = true;
    await clock.passMs(5_000);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
    state.failing = false;
    await clock.passMs(2_500);
    expect(written).toHaveLength(1);
  });

  test('ends with its process', async () => {
    const { clock, written, reporter } = setUp();
    reporter.stop();
    await clock.passMs(60_000);
    expect(written).toEqual([]);
    expect(clock.pending).toBe(0);
  });
});
