import type { AccountStatus } from '../../docs/client/bindery.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../terminal/table.ts';
import { harmless, type Paint } from '../terminal/terminal.ts';
import { localTime } from './message-view.ts';

function rowOf(
  { account, session, segments_per_second: rate, last_receipt_at }: AccountStatus,
  paint: Paint,
): string[] {
  const tone = session.state === 'bound' ? 'green' : session.state === 'unknown' ? 'yellow' : 'red';
  return [
    account,
    paint(tone, session.state),
    localTime(session.since),
    `${rate.now ?? '?'} of ${rate.limit}`,
    localTime(last_receipt_at),
    harmless(session.reason ?? ''),
  ];
}

export const status: Command = {
  name: 'status',
  summary: 'show the session with the operator, account by account',
  about: 'The exit status is 1 where an account cannot send.',
  arguments: [],
  options: {},
  examples: ['status'],
  async run(_, { terminal, api, signal }) {
    const list = await (await api()).listStatus({ signal });
    terminal.answer(list, () =>
      table(
        ['ACCOUNT', 'SESSION', 'SINCE', 'SEGMENTS/S', 'LAST RECEIPT', 'REASON'],
        list.data.map((account) => rowOf(account, terminal.paint)),
        { right: ['SEGMENTS/S'] },
      ),
    );
    return list.data.every(({ session }) => session.can_send) ? EXIT.done : EXIT.failed;
  },
};
