import { LANES } from '../../../shared/config/account.ts';
import { MESSAGE_STATUSES } from '../../../shared/domain/message.ts';
import { describeReason, type SessionReport } from '../sessions.ts';
import type { AccountView, EventView, ViewModel, WarningView } from './model.ts';
import { type Line, plain, printLine, type Span, spread, styled } from './spans.ts';
import { count, duration, timeOfDay } from './words.ts';

export interface Screen {
  columns: number;
  rows: number;
  colour: boolean;
}

const BAR_COLUMNS = 30;
/** Accounts that get lines of their own; the rest is counted. */
const ACCOUNTS_IN_FULL = 2;
const ACCOUNTS_AT_MOST = 6;
const WARNINGS_AT_LEAST = 3;

/** Shown even at zero. */
const ALWAYS = new Set<string>(['queued', 'sent', 'delivered', 'undelivered']);

const label = (text: string): Span => styled('dim', ` ${text.padEnd(10)}`);

function sessionSpans(session: SessionReport | undefined, nowEpochMs: number): Span[] {
  if (session === undefined) return [styled('yellow', '○ no session yet')];
  const lasted = duration(nowEpochMs - session.sinceEpochMs);
  switch (session.state) {
    case 'bound':
      return [styled('green', '● bound'), plain(` for ${lasted}`)];
    case 'waiting': {
      const leftMs = session.sinceEpochMs + (session.retryInMs ?? 0) - nowEpochMs;
      const next = leftMs > 0 ? `next try in ${duration(leftMs + 999)}` : 'trying';
      return [styled('red', `○ ${describeReason(session)}`), plain(`, ${next}`)];
    }
    default:
      return [styled('yellow', `○ ${session.state}`), plain(` for ${lasted}`)];
  }
}

/** The session that is furthest from bound speaks for the account. */
function worst(sessions: readonly SessionReport[]): SessionReport | undefined {
  return sessions.find(({ state }) => state !== 'bound') ?? sessions[0];
}

function bar({ submitted, segmentsPerSecond }: AccountView): Span[] {
  const filled = Math.min(BAR_COLUMNS, Math.round((submitted / segmentsPerSecond) * BAR_COLUMNS));
  const tone = submitted > segmentsPerSecond ? 'red' : 'cyan';
  return [
    styled(tone, '█'.repeat(filled)),
    styled('dim', '░'.repeat(BAR_COLUMNS - filled)),
    plain(`  ${count(submitted)} of ${count(segmentsPerSecond)} segments/s`),
  ];
}

function waitingTotal(account: AccountView): number {
  return LANES.reduce((sum, lane) => sum + account.waiting[lane], 0);
}

function laneSpans(account: AccountView): Span[] {
  const lanes = LANES.flatMap((lane) => [
    plain(`${lane} `),
    styled('bold', count(account.waiting[lane])),
    plain('   '),
  ]);
  const waiting = waitingTotal(account);
  // A message has one segment or more, so this is the least that it takes.
  const drain =
    waiting > account.segmentsPerSecond ? `at least ${duration((waiting / account.segmentsPerSecond) * 1000)}` : '';
  const dead = account.deadLetters > 0 ? [styled('red', `   dead letters ${count(account.deadLetters)}`)] : [];
  return [...lanes, styled('dim', drain), ...dead];
}

function accountInFull(account: AccountView, { nowEpochMs }: ViewModel): Line[] {
  const session = sessionSpans(worst(account.sessions), nowEpochMs);
  return [
    [label('Session'), styled('bold', account.name), plain('  '), ...session],
    [label('Rate'), ...bar(account)],
    [label('Waiting'), ...laneSpans(account)],
  ];
}

function accountInShort(account: AccountView, { nowEpochMs }: ViewModel): Line {
  const rate = `${count(account.submitted)}/${count(account.segmentsPerSecond)} s`;
  const numbers = `  ${rate}  ${count(waitingTotal(account))} waiting  `;
  return [
    plain(' '),
    styled('bold', account.name.padEnd(16)),
    plain(numbers),
    ...sessionSpans(worst(account.sessions), nowEpochMs),
  ];
}

function accountLines(model: ViewModel): Line[] {
  const { accounts } = model;
  if (accounts.length <= ACCOUNTS_IN_FULL) return accounts.flatMap((account) => accountInFull(account, model));
  const shown = accounts.slice(0, ACCOUNTS_AT_MOST).map((account) => accountInShort(account, model));
  const hidden = accounts.length - shown.length;
  return hidden > 0 ? [...shown, [styled('dim', ` and ${hidden} more accounts`)]] : shown;
}

function messageLines({ messages, receipts }: ViewModel): Line[] {
  const states = MESSAGE_STATUSES.filter((status) => ALWAYS.has(status) || (messages[status] ?? 0) > 0);
  const spans = states.map((status): Span[] => [
    plain(`${status} `),
    styled('bold', count(messages[status] ?? 0)),
    plain('   '),
  ]);
  const middle = Math.min(5, spans.length);
  const second = [...spans.slice(middle).flat(), plain('receipts '), styled('bold', count(receipts))];
  return [
    [label('Messages'), ...spans.slice(0, middle).flat()],
    [label(''), ...second],
  ];
}

/** One line: what an alarm means stands in the runbook. */
function alarmLines({ alarms }: ViewModel): Line[] {
  return alarms.length === 0 ? [] : [[label('Alarms'), styled('red', alarms.join('   '))]];
}

const EVENT_TONES: Readonly<Record<string, 'green' | 'red' | 'yellow'>> = {
  'message.delivered': 'green',
  'message.undelivered': 'red',
  'message.failed': 'red',
  'message.expired': 'yellow',
  'message.unknown': 'yellow',
};

function eventLine({ atEpochMs, type, to, detail }: EventView): Line {
  const tone = EVENT_TONES[type];
  const name = type.padEnd(22);
  return [
    styled('dim', ` ${timeOfDay(atEpochMs)}  `),
    tone ? styled(tone, name) : plain(name),
    plain(`${to}  `),
    styled('dim', detail),
  ];
}

function warningLine({ atEpochMs, program, level, text }: WarningView): Line {
  const tone = level === 'error' ? 'red' : 'yellow';
  return [styled('dim', ` ${timeOfDay(atEpochMs)}  `), styled(tone, program), plain(`  ${text}`)];
}

function heading(text: string, columns: number): Line {
  return [styled('dim', `─ ${text} ${'─'.repeat(Math.max(0, columns - text.length - 3))}`)];
}

function header(model: ViewModel, columns: number): Line[] {
  const up = styled('dim', `up ${duration(model.nowEpochMs - model.startedAtEpochMs)} `);
  return [
    spread([styled('bold', ' Bindery on this machine')], [up], columns),
    [label('API'), plain(model.apiUrl)],
    [label('Key'), plain(model.key)],
    [label('Operator'), plain(model.operator)],
  ];
}

function footer({ draining, logFolder }: ViewModel): Line {
  if (draining) return [styled('yellow', ' Draining and unbinding … Ctrl-C again stops at once.')];
  return [styled('dim', ` Ctrl-C drains and stops. Logs: ${logFolder}`)];
}

/** The view as lines that fit the screen with one row to spare, so that printing them never scrolls. */
export function renderView(model: ViewModel, screen: Screen): string[] {
  const { columns } = screen;
  const top = [
    ...header(model, columns),
    heading('operator', columns),
    ...accountLines(model),
    heading('messages', columns),
    ...messageLines(model),
    ...alarmLines(model),
  ];
  const bottom = [footer(model)];
  // What is left is divided between events and warnings; each has a heading.
  const room = Math.max(0, screen.rows - 1 - top.length - bottom.length - 2);
  const warningRows = Math.min(
    Math.max(room - model.events.length, Math.min(WARNINGS_AT_LEAST, room)),
    model.warnings.length,
    room,
  );
  const eventRows = room - warningRows;
  const events = eventRows > 0 ? model.events.slice(-eventRows) : [];
  const warnings = warningRows > 0 ? model.warnings.slice(-warningRows) : [];
  const lines = [
    ...top,
    heading('events', columns),
    ...events.map(eventLine),
    ...(warnings.length > 0 ? [heading('warnings', columns), ...warnings.map(warningLine)] : []),
    ...bottom,
  ];
  return lines.slice(0, Math.max(1, screen.rows - 1)).map((line) => printLine(line, screen));
}
