import { describe, expect, test } from 'vitest';
import { MessageCounts } from '../../../cdk/local/view/message-counts.ts';
import type { AccountView, ViewModel } from '../../../cdk/local/view/model.ts';
import { renderView } from '../../../cdk/local/view/render.ts';

const NOW = Date.UTC(2026, 10, 22, 18, 0, 0);

const account = (given: Partial<AccountView> = {}): AccountView => ({
  name: 'smpp-asia',
  segmentsPerSecond: 10,
  sessions: [{ account: 'smpp-asia', bindType: 'transceiver', state: 'bound', sinceEpochMs: NOW - 125_000 }],
  submitted: 7,
  waiting: { otp: 0, transactional: 12, bulk: 1234 },
  deadLetters: 0,
  ...given,
});

const model = (given: Partial<ViewModel> = {}): ViewModel => ({
  nowEpochMs: NOW,
  startedAtEpochMs: NOW - 3_700_000,
  apiUrl: 'http://127.0.0.1:8080',
  key: 'bk_live_admin_0123456789012345678901234567890123456789',
  operator: 'simulated, smpp://127.0.0.1:2775',
  logFolder: '.bindery/logs',
  accounts: [account()],
  messages: { queued: 1246, sent: 3, delivered: 1100, undelivered: 4 },
  receipts: 1104,
  events: [{ atEpochMs: NOW, type: 'message.delivered', to: '+63917•••••67', detail: 'otp' }],
  warnings: [{ atEpochMs: NOW, program: 'binder', level: 'warn', text: 'submit_sm not accepted' }],
  alarms: [],
  draining: false,
  ...given,
});

const plain = (given: Partial<ViewModel> = {}, rows = 24, columns = 80) =>
  renderView(model(given), { columns, rows, colour: false });

describe('the view', () => {
  test('shows session, rate against limit, lanes, states, events and warnings', () => {
    const text = plain().join('\n');
    expect(text).toContain('● bound for 2 min');
    expect(text).toContain('7 of 10 segments/s');
    expect(text).toContain(`${'█'.repeat(21)}${'░'.repeat(9)}`);
    expect(text).toContain('otp 0   transactional 12   bulk 1,234');
    expect(text).toContain('delivered 1,100');
    expect(text).toContain('message.delivered');
    expect(text).toContain('binder  submit_sm not accepted');
    expect(text).toContain('up 1 h 01 min');
  });

  test('counts messages in every state that one can end in', () => {
    const text = plain({ messages: { failed: 1, canceled: 2 } }).join('\n');
    expect(text).toContain('failed 1');
    expect(text).toContain('canceled 2');
  });

  test.each([
    [80, 24],
    [40, 12],
    [200, 60],
    [20, 3],
  ])('fits %i columns and %i rows with a row to spare', (columns, rows) => {
    const many = Array.from({ length: 40 }, (_, n) => ({
      atEpochMs: NOW,
      type: 'message.delivered',
      to: `+63917•••••${n}`,
      detail: 'a long detail that does not end before the right edge of the screen, however wide it is',
    }));
    const warnings = many.map(({ detail }) => ({
      atEpochMs: NOW,
      program: 'binder',
      level: 'error' as const,
      text: detail,
    }));
    const lines = plain({ events: many, warnings }, rows, columns);
    expect(lines.length).toBeLessThanOrEqual(rows - 1);
    for (const line of lines) expect(Array.from(line).length).toBeLessThanOrEqual(columns);
  });

  test('shows the latest events, and always some warnings', () => {
    const events = Array.from({ length: 40 }, (_, n) => ({
      atEpochMs: NOW,
      type: 'message.sent',
      to: `number-${n}`,
      detail: '',
    }));
    const text = plain({ events }).join('\n');
    expect(text).toContain('number-39');
    expect(text).not.toContain('number-1 ');
    expect(text).toContain('submit_sm not accepted');
  });

  test('shows which alarms are raised, in one line', () => {
    const raised = (alarms: string[]) => plain({ alarms }, 24, 120).filter((line) => line.includes('Alarms'));
    expect(raised([])).toEqual([]);
    const names = ['bindery-local-session-down-smpp-asia', 'bindery-local-dead-letters-webhooks'];
    expect(raised(names)).toEqual([expect.stringContaining(names.join('   '))]);
  });

  test('says why a session is not bound, and when it is tried again', () => {
    const waiting = {
      account: 'smpp-asia',
      bindType: 'transceiver',
      state: 'waiting',
      reason: 'bind_refused',
      commandStatus: 0x0e,
      retryInMs: 12_000,
      sinceEpochMs: NOW,
    };
    expect(plain({ accounts: [account({ sessions: [waiting] })] }).join('\n')).toContain(
      'bind refused 0x0e, next try in 12 s',
    );
  });

  test('gives many accounts a line each and counts the rest', () => {
    const accounts = Array.from({ length: 9 }, (_, n) => account({ name: `account-${n}` }));
    const text = plain({ accounts }).join('\n');
    expect(text).toContain('account-5');
    expect(text).not.toContain('account-6');
    expect(text).toContain('and 3 more accounts');
  });

  test('has colours only when asked', () => {
    // oxlint-disable-next-line no-control-regex -- ESC begins every colour: it is what is looked for
    const colours = /\u001B\[/;
    expect(plain().join('')).not.toMatch(colours);
    expect(renderView(model(), { columns: 80, rows: 24, colour: true }).join('')).toMatch(colours);
  });

  test('lets no control character of a log line through', () => {
    const warnings = [{ atEpochMs: NOW, program: 'binder', level: 'warn' as const, text: 'bad \u001B[2J\u0007 line' }];
    expect(plain({ warnings }).join('\n')).toContain('bad ·[2J· line');
  });
});

describe('the counts of messages', () => {
  test('follow each message from state to state', () => {
    const counts = new MessageCounts();
    counts.change('a', 'queued');
    counts.change('b', 'queued');
    counts.change('a', 'sent');
    counts.change('a', 'unknown');
    counts.change('a', 'delivered');
    expect(counts.byStatus).toEqual({ queued: 1, sent: 0, unknown: 0, delivered: 1 });
  });

  test('begin with what is stored, and believe events over it', async () => {
    const counts = new MessageCounts();
    const pages = [
      {
        Items: [stored('msg_a', 'queued'), stored('msg_b', 'delivered')],
        LastEvaluatedKey: { messageId: { S: 'msg_b' } },
      },
      { Items: [stored('msg_c', 'sent'), stored('bat_d', 'running')] },
    ];
    const aws = {
      invoke: () => {
        counts.change('msg_a', 'sent');
        return Promise.resolve(pages.shift() ?? {});
      },
    };
    await counts.seed(aws as never, 'table');
    expect(counts.byStatus).toEqual({ sent: 2, delivered: 1 });
  });
});

function stored(messageId: string, status: string) {
  return { messageId: { S: messageId }, status: { S: status } };
}
