import { count, duration } from '../../cdk/local/view/words.ts';
import type { AccountStatus, Lane } from '../../docs/client/bindery.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { explainSession } from '../operator/session-advice.ts';
import { table } from '../terminal/table.ts';
import { harmless, type Paint } from '../terminal/terminal.ts';

interface View {
  lanes: readonly Lane[];
  /** Epoch milliseconds. */
  now: number;
  paint: Paint;
}

/** `12 min`: an age is read at once, whatever the time zone. */
function age(iso: string | null, now: number): string {
  return iso === null ? '-' : duration(now - Date.parse(iso));
}

/** What waits in all lanes of an account, and for how long the oldest has. */
function waitingIn(lanes: readonly Lane[]): [waiting: string, oldest: string] {
  const known = lanes.flatMap(({ waiting_messages: waiting }) => (waiting === null ? [] : [waiting]));
  if (known.length === 0) return ['?', '?'];
  const waiting = known.reduce((sum, each) => sum + each, 0);
  if (waiting === 0) return ['0', '-'];
  const ages = lanes.flatMap(({ oldest_seconds: oldest }) => (oldest === null ? [] : [oldest]));
  return [count(waiting), ages.length === 0 ? '?' : duration(Math.max(...ages) * 1000)];
}

function rowOf(status: AccountStatus, { lanes, now, paint }: View): string[] {
  const { account, session, segments_per_second: rate, last_receipt_at } = status;
  const tone = session.can_send ? 'green' : session.state === 'unknown' ? 'yellow' : 'red';
  return [
    account,
    paint(tone, session.state),
    age(session.since, now),
    `${rate.now ?? '?'} of ${rate.limit}`,
    ...waitingIn(lanes.filter((lane) => lane.account === account)),
    last_receipt_at === null ? 'none' : `${age(last_receipt_at, now)} ago`,
  ];
}

/** A binder tells of an account every half minute; one that was killed leaves its last word standing for a minute and a half. */
const SILENT_MS = 45_000;

function silenceLines({ account, session, binder_seen_at: seen }: AccountStatus, { now, paint }: View): string[] {
  if (session.state === 'unknown' || seen === null || now - Date.parse(seen) < SILENT_MS) return [];
  return ['', `${paint('yellow', '!')} ${account}: its binder told this ${age(seen, now)} ago, and nothing since`];
}

/** Why an account cannot send, and what to do. */
function downLines(status: AccountStatus, view: View): string[] {
  const { now, paint } = view;
  const down = explainSession(status);
  if (down === undefined) return silenceLines(status, view);
  const { last_ready_at: last } = status;
  const since = last === null ? 'has not been able to send yet' : `sent last ${age(last, now)} ago`;
  return [
    '',
    `${paint('red', '✗')} ${status.account} ${since}: ${harmless(down.what)}`,
    `  ${paint('cyan', '→')} ${down.next}`,
  ];
}

export const status: Command = {
  name: 'status',
  summary: 'show at a glance whether each session is up, and what waits',
  about: [
    'SEGMENTS/S is the mean of the last minute beside the limit. What batches hold back waits outside the lanes: `batch list`.',
    'Where an account cannot send it says why and what to do, and the exit status is 1. With --json only the sessions are told.',
  ].join('\n'),
  arguments: [],
  options: {},
  examples: ['status'],
  async run(_, { terminal, api, signal, now }) {
    const client = await api();
    const [list, lanes] = await Promise.all([
      client.listStatus({ signal }),
      terminal.json ? { data: [] } : client.listLanes({ signal }),
    ]);
    const view: View = { lanes: lanes.data, now: now(), paint: terminal.paint };
    terminal.answer(list, () => [
      ...table(
        ['ACCOUNT', 'SESSION', 'FOR', 'SEGMENTS/S', 'WAITING', 'OLDEST', 'LAST RECEIPT'],
        list.data.map((account) => rowOf(account, view)),
        { right: ['FOR', 'SEGMENTS/S', 'WAITING', 'OLDEST', 'LAST RECEIPT'] },
      ),
      ...list.data.flatMap((account) => downLines(account, view)),
    ]);
    return list.data.every(({ session }) => session.can_send) ? EXIT.done : EXIT.failed;
  },
};
