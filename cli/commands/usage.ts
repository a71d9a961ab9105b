import { count } from '../../cdk/local/view/words.ts';
import type { UsageWindow } from '../../docs/client/bindery.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../terminal/table.ts';
import type { Paint } from '../terminal/terminal.ts';
import { localTime } from './message-view.ts';

/** From here on an account's limit is worth a look. */
const NEAR = 0.8;

function used({ used, limit }: UsageWindow, paint: Paint): string {
  if (limit === null) return count(used);
  const text = `${count(used)} of ${count(limit)}`;
  if (used < limit * NEAR) return text;
  return paint(used < limit ? 'yellow' : 'red', text);
}

export const usage: Command = {
  name: 'usage',
  summary: 'show segments sent against the limits of accounts and keys',
  arguments: [],
  options: {},
  examples: ['usage'],
  async run(_, { terminal, api, signal }) {
    const list = await (await api()).listUsage({ signal });
    terminal.answer(list, () =>
      table(
        ['ACCOUNT', 'KEY', 'TODAY', 'THIS MONTH', 'NEW DAY AT'],
        list.data.map(({ account, key_id, day, month }) => [
          account,
          key_id ?? '(all)',
          used(day, terminal.paint),
          used(month, terminal.paint),
          localTime(day.resets_at),
        ]),
        { right: ['TODAY', 'THIS MONTH'] },
      ),
    );
    return EXIT.done;
  },
};
