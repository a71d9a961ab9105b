import { describe, expect, test } from 'vitest';
import { profiles } from '../../../cdk/config/profiles.ts';
import { Given } from '../../../cli/arguments.ts';
import { checkLanes, checkQuota } from '../../../cli/checks/load.ts';
import type { Command, Context } from '../../../cli/command.ts';
import { lanes as lanesCommand } from '../../../cli/commands/lanes.ts';
import { status } from '../../../cli/commands/status.ts';
import { Terminal } from '../../../cli/terminal/terminal.ts';
import type { AccountStatus, Lane, Usage } from '../../../docs/client/bindery.ts';
import { accountSchema } from '../../../shared/config/account.ts';

const NOW = Date.parse('2026-11-23T03:00:00.000Z');
const up: AccountStatus = {
  account: 'main',
  session: {
    state: 'bound',
    since: '2026-11-23T02:48:00.000Z',
    reason: null,
    operator_code: null,
    detail: null,
    can_send: true,
  },
  segments_per_second: { now: 9.5, limit: 10 },
  last_ready_at: null,
  last_submit_at: null,
  last_receipt_at: '2026-11-23T02:59:55.000Z',
  binder_seen_at: null,
};
const refused: AccountStatus = {
  ...up,
  session: { ...up.session, state: 'waiting', reason: 'bind_refused', operator_code: '0x0E', can_send: false },
  last_ready_at: '2026-11-23T01:00:00.000Z',
};
const lane = (name: Lane['lane'], waiting: number, oldest: number | null): Lane => ({
  account: 'main',
  lane: name,
  waiting_messages: waiting,
  waiting_segments: waiting,
  oldest_seconds: oldest,
  drain_seconds: 0,
  estimated_wait_seconds: 0,
  sent_last_minute: 0,
  full_at_seconds: 60,
});

/** What is printed, and the exit status. */
async function shown(
  account: AccountStatus,
  lanes: readonly Lane[],
  command: Command = status,
): Promise<{ text: string; code: number }> {
  const printed: string[] = [];
  const stdout = { write: (line: string) => printed.push(line) };
  const api = {
    listStatus: async () => await Promise.resolve({ data: [account] }),
    listLanes: async () => await Promise.resolve({ data: lanes }),
  };
  const code = await command.run(new Given(new Map(), []), {
    terminal: new Terminal({ stdout, stderr: stdout, environment: {}, json: false }),
    api: async () => await Promise.resolve(api),
    now: () => NOW,
    signal: new AbortController().signal,
  } as unknown as Context);
  return { text: printed.join(''), code };
}

describe('the status', () => {
  test('says in one line whether the session is up, for how long, and what waits', async () => {
    const { text, code } = await shown(up, [lane('otp', 2, 3), lane('bulk', 1_200, 95)]);
    expect(text).toBe(
      [
        'ACCOUNT  SESSION     FOR  SEGMENTS/S  WAITING  OLDEST  LAST RECEIPT',
        'main     bound    12 min   9.5 of 10    1,202   1 min       5 s ago',
        '',
      ].join('\n'),
    );
    expect(code).toBe(0);
  });

  test('that its binder told long ago is shown as of then', async () => {
    const { text } = await shown({ ...up, binder_seen_at: '2026-11-23T02:58:55.000Z' }, []);
    expect(text).toContain('! main: its binder told this 1 min ago, and nothing since');
    const { text: fresh } = await shown({ ...up, binder_seen_at: '2026-11-23T02:59:30.000Z' }, []);
    expect(fresh).not.toContain('told this');
  });

  test('of a session that is down says what the operator answered, and what to do', async () => {
    const { text, code } = await shown(refused, [lane('otp', 7, null)]);
    expect(text).toMatch(/^main +waiting .* 7 +\? /m);
    expect(text).toContain('✗ main sent last 2 h 00 min ago: the operator refuses the bind: 0x0e ESME_RINVPASWD');
    expect(text).toMatch(/→ The password is wrong\..*npm run cli -- credentials/);
    expect(code).toBe(1);
    const { text: unreachable } = await shown(
      {
        ...refused,
        session: { ...refused.session, reason: 'connect_failed', operator_code: null, detail: 'ENOTFOUND' },
      },
      [],
    );
    expect(unreachable).toMatch(/connect failed: ENOTFOUND\n {2}→ There is no such host/);
    const { operator_code: _, detail: __, ...earlier } = refused.session;
    const { text: untold } = await shown({ ...refused, session: earlier as AccountStatus['session'] }, []);
    expect(untold).toMatch(/bind refused\n {2}→ The binder's log/);
  });
});

test('lanes of an account that cannot send are not said to be empty soon', async () => {
  const waiting = [lane('otp', 5, null), { ...lane('bulk', 0, null), estimated_wait_seconds: 90 }];
  const { text } = await shown(refused, waiting, lanesCommand);
  expect(text).toMatch(/^main +otp +5 +5 +\? +\? +\? +0$/m);
  expect(text).toMatch(/^main +bulk +0 +0 +- +- +1 min +0$/m);
  expect(text).toContain('✗ main cannot send now');
  const { text: whileUp } = await shown(up, waiting, lanesCommand);
  expect(whileUp).toMatch(/^main +otp +5 +5 +\? +0 s +0 s +0$/m);
  expect(whileUp).not.toContain('cannot send');
});

describe('what an alarm would say', () => {
  const account = accountSchema.parse({ ...profiles['smpp-asia'], name: 'main' });

  test('of lanes is said by the doctor: how long the oldest has waited, and where that is too long', () => {
    expect(checkLanes(account, [lane('otp', 0, null)])).toMatchObject({ state: 'good', detail: 'nothing waits' });
    const { defaultTtlSeconds } = account.lanes.otp;
    const late = lane('otp', 1_500, defaultTtlSeconds / 4 + 1);
    expect(checkLanes(account, [late])).toMatchObject({
      state: 'bad',
      detail: expect.stringMatching(/^otp 1,500, the oldest for /) as string,
      next: expect.stringContaining('#lane-waiting') as string,
    });
    expect(checkLanes(account, [{ ...late, oldest_seconds: defaultTtlSeconds / 4 }]).state).toBe('good');
  });

  test('of bulk with a delivery window counts the hours in which that is closed, as the alarm does', () => {
    const { lanes } = account;
    const bulk = { ...lanes.bulk, deliveryWindow: { from: '08:00', until: '20:00' } };
    const closing = { ...account, lanes: { ...lanes, bulk } };
    const allowed = 12 * 3_600 + lanes.bulk.defaultTtlSeconds / 4;
    expect(checkLanes(closing, [lane('bulk', 5, allowed)]).state).toBe('good');
    expect(checkLanes(closing, [lane('bulk', 5, allowed + 1)]).state).toBe('bad');
  });

  test('of a quota is said where there is one: by what is used up of the day and of the month', () => {
    const usage = (used: number, limit: number | null): Usage => {
      const window = { used, limit } as Usage['day'];
      return { account: 'main', key_id: null, day: window, month: { ...window, limit: null } } as Usage;
    };
    const states = (used: number, limit: number | null) =>
      [...checkQuota(account, [usage(used, limit)])].map(({ state }) => state);
    expect([states(5, null), states(79, 100), states(80, 100), states(100, 100)]).toEqual([
      [],
      ['good'],
      ['warning'],
      ['bad'],
    ]);
  });
});
