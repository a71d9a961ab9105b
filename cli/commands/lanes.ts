import { count, duration } from '../../cdk/local/view/words.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../terminal/table.ts';

const number = (value: number | null): string => (value === null ? '?' : count(value));
const seconds = (value: number | null): string => (value === null ? '?' : duration(value * 1000));

export const lanes: Command = {
  name: 'lanes',
  summary: 'show what waits in each lane, and for how long',
  arguments: [],
  options: {},
  examples: ['lanes'],
  async run(_, { terminal, api, signal }) {
    const list = await (await api()).listLanes({ signal });
    const headings = ['ACCOUNT', 'LANE', 'WAITING', 'SEGMENTS', 'OLDEST', 'EMPTY IN', 'NEW ONE WAITS', 'SENT/MIN'];
    terminal.answer(list, () =>
      table(
        headings,
        list.data.map((lane) => [
          lane.account,
          lane.lane,
          number(lane.waiting_messages),
          number(lane.waiting_segments),
          // Nothing is known of it where nothing waits, too.
          lane.waiting_messages === 0 ? '-' : seconds(lane.oldest_seconds),
          seconds(lane.drain_seconds),
          seconds(lane.estimated_wait_seconds),
          number(lane.sent_last_minute),
        ]),
        { right: headings.slice(2) },
      ),
    );
    return EXIT.done;
  },
};
