import { setTimeout as delay } from 'node:timers/promises';
import type { Command, Context } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { failureOf } from '../failure.ts';
import { Changes } from '../tail/changes.ts';
import { harmless } from '../terminal/terminal.ts';
import { discreet, localTime, paintStatus } from './message-view.ts';

const LOOK_EVERY_MS = 1_000;

async function follow(changes: Changes, { terminal, signal }: Context, full: boolean): Promise<void> {
  for await (const { message, before } of changes.look(signal)) {
    const shown = discreet(message, full);
    terminal.answer({ ...shown, previous_status: before ?? null }, () => {
      const why =
        message.error === null ? '' : `  ${message.error.code} ${harmless(message.error.operator_code ?? '')}`;
      const way = before === undefined ? '' : `${before} → `;
      const { paint } = terminal;
      return [
        `${paint('dim', localTime(message.status_at))}  ${message.id}  ${shown.to}  ${message.lane}  ${way}${paintStatus(message.status, paint)}${why}`,
      ];
    });
  }
}

export const tail: Command = {
  name: 'tail',
  summary: 'follow messages as they change, until Ctrl-C',
  about: [
    'Looks once a second, at messages that were accepted from 15 minutes before on. A status that lasts for less than that',
    'may be passed over: the timeline of `messages show` has them all. Where more than 10,000 messages are under way the',
    'newest of them are followed.',
    'With --json each change is a document on a line of its own.',
  ].join('\n'),
  arguments: [],
  options: { seconds: { value: 'N', help: 'end after so many seconds' } },
  examples: ['tail', 'tail --seconds 60'],
  async run(given, context) {
    const { now, signal, terminal } = context;
    const seconds = given.wholeNumber('seconds', { lowest: 1 });
    const deadline = seconds === undefined ? Number.POSITIVE_INFINITY : now() + seconds * 1000;
    const changes = new Changes(await context.api(), now);
    terminal.note(terminal.paintNote('dim', 'following messages; Ctrl-C ends'));
    let isDown = false;
    while (!signal.aborted && now() < deadline) {
      try {
        await follow(changes, context, given.flag('full'));
        isDown = false;
      } catch (error) {
        const failure = failureOf(error);
        // A deploy or a moment without network is no reason to stop looking.
        if (signal.aborted) break;
        if (failure?.code !== 'no_answer') throw error;
        if (!isDown) terminal.note(terminal.paintNote('yellow', `! ${failure.detail}; trying again`));
        isDown = true;
      }
      await delay(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    return EXIT.done;
  },
};
