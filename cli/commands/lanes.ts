import { count, duration } from '../../cdk/local/view/words.ts';
import type { Lane } from '../../docs/client/bindery.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../terminal/table.ts';

const number = (value: number | null): string => (value === null ? '?' : count(value));
const seconds = (value: number | null): string => (value === null ? '?' : duration(value * 1000));

/** Until the lane is empty, and until a new one goes out. While the operator takes nothing the first is not known. */
function ahead({ waiting_messages, drain_seconds, estimated_wait_seconds: wait }: Lane, isDown: boolean): string[] {
  if (!isDown) return [seconds(drain_seconds), seconds(wait)];
  return [waiting_messages === 0 ? '-' : '?', wait === 0 ? '?' : seconds(wait)];
}

export const lanes: Command = {
  name: 'lanes',
  summary: 'show what waits in each lane, and for how long',
  arguments: [],
  options: {},
  examples: ['lanes'],
  async run(_, { terminal, api, signal }) {
    const client = await api();
    const [list, statuses] = await Promise.all([
      client.listLanes({ signal }),
      terminal.json ? { data: [] } : client.listStatus({ signal }),
    ]);
    const down = new Set(statuses.data.flatMap(({ account, session }) => (session.can_send ? [] : [account])));
    const headings = ['ACCOUNT', 'LANE', 'WAITING', 'SEGMENTS', 'OLDEST', 'EMPTY IN', 'NEW ONE WAITS', 'SENT/MIN'];
    terminal.answer(list, () => [
      ...table(
        headings,
        list.data.map((lane) => [
          lane.account,
          lane.lane,
          number(lane.waiting_messages),
          number(lane.waiting_segments),
          // Nothing is known of it where nothing waits, too.
          lane.waiting_messages === 0 ? '-' : seconds(lane.oldest_seconds),
          ...ahead(lane, down.has(lane.account)),
          number(lane.sent_last_minute),
        ]),
        { right: headings.slice(2) },
      ),
      ...[...down].flatMap((account) => [
        '',
        `${terminal.paint('red', '✗')} ${account} cannot send now: \`npm run cli -- status\` says why`,
      ]),
    ]);
    return EXIT.done;
  },
};
