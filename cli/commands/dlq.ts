import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { count } from '../../cdk/local/view/words.ts';
import type { Command, Context } from '../command.ts';
import { putOnBus } from '../dead-letters/bus-letters.ts';
import { countIn, deleteLetters, giveBack, type Letter, putAgain, takeLetters } from '../dead-letters/letters.ts';
import { type BroughtAgain, ParkedChanges } from '../dead-letters/parked.ts';
import { type DeadLetterQueue, deadLetterQueues } from '../dead-letters/queues.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { CliError, UsageError } from '../failure.ts';
import { clientSettings } from '../stack/find-stack.ts';
import { signedCalls } from '../stack/signed-call.ts';
import type { Stack } from '../stack/stack.ts';
import { didYouMean } from '../suggestion.ts';
import { Progress } from '../terminal/progress.ts';
import { table } from '../terminal/table.ts';
import { harmless } from '../terminal/terminal.ts';
import { localTime } from './message-view.ts';

const BODY_COLUMNS = 60;

/** Does something with the stack's queues, and closes what it took for it. */
async function withQueues(
  { stack }: Context,
  act: (sqs: SQSClient, queues: readonly DeadLetterQueue[], found: Stack) => Promise<ExitCode>,
): Promise<ExitCode> {
  const found = await stack();
  const sqs = new SQSClient(clientSettings(found.aws));
  try {
    return await act(sqs, deadLetterQueues(found), found);
  } finally {
    sqs.destroy();
  }
}

function queueNamed(name: string, queues: readonly DeadLetterQueue[]): DeadLetterQueue {
  const found = queues.find((queue) => queue.name === name);
  if (found !== undefined) return found;
  const names = queues.map((queue) => queue.name);
  throw new UsageError(
    `there is no dead-letter queue ${name}.${didYouMean(name, names)} There are ${names.join(', ')}`,
  );
}

const list: Command = {
  name: 'dlq list',
  summary: 'count what could not be processed, queue by queue',
  about: 'The exit status is 1 where there is something.',
  arguments: [],
  options: {},
  examples: ['dlq list'],
  async run(_, context) {
    return await withQueues(context, async (sqs, queues, { kind }) => {
      const counted = await Promise.all(
        queues.map(async ({ name, url, sourceUrl, eventBus }) => {
          return {
            name,
            messages: await countIn(sqs, url),
            redrivable: sourceUrl !== undefined || eventBus !== undefined || kind === 'deployed',
          };
        }),
      );
      const data = counted.flatMap(({ messages, ...rest }) => (messages === undefined ? [] : [{ ...rest, messages }]));
      context.terminal.answer({ data }, () =>
        table(
          ['QUEUE', 'MESSAGES'],
          data.map(({ name, messages }) => [
            name,
            messages === 0 ? '0' : context.terminal.paint('red', count(messages)),
          ]),
          { right: ['MESSAGES'] },
        ),
      );
      return data.every(({ messages }) => messages === 0) ? EXIT.done : EXIT.failed;
    });
  },
};

/** A body may hold a number or a text: what is none of ours is shown in full only when that is asked for. */
function shown(letter: Letter, full: boolean) {
  const { messageId, reason, detail, sentAt, body } = letter;
  return {
    message_id: messageId ?? null,
    reason: reason ?? null,
    detail: detail ?? null,
    sent_at: new Date(sentAt).toISOString(),
    body: full ? body : null,
    octets: Buffer.byteLength(body),
  };
}

const show: Command = {
  name: 'dlq show',
  summary: 'show what lies in a dead-letter queue, and why',
  about: 'The messages are hidden from others while they are read, and given back.',
  arguments: ['QUEUE'],
  options: { limit: { value: 'N', help: 'how many at most, 1 to 1000 (default 20)' } },
  examples: ['dlq show smpp-asia/otp'],
  async run(given, context) {
    const most = given.wholeNumber('limit', { lowest: 1, highest: 1000 }) ?? 20;
    const full = given.flag('full');
    return await withQueues(context, async (sqs, queues) => {
      const { url } = queueNamed(given.argument, queues);
      const letters: Letter[] = [];
      try {
        for await (const some of takeLetters(sqs, url, most)) letters.push(...some);
      } finally {
        await giveBack(sqs, url, letters);
      }
      const data = letters.map((letter) => shown(letter, full));
      context.terminal.answer({ data }, () => {
        const rows = data.map(({ message_id, reason, detail, sent_at, body, octets }) => [
          localTime(sent_at),
          reason ?? 'failed too often',
          message_id ?? harmless(body?.slice(0, BODY_COLUMNS) ?? `${octets} octets`),
          harmless(detail ?? ''),
        ]);
        return rows.length === 0 ? ['nothing'] : table(['SINCE', 'REASON', 'MESSAGE', 'DETAIL'], rows);
      });
      return EXIT.done;
    });
  },
};

/** What became of letters, at most ten. */
interface Again {
  done: Letter[];
  /** What is told of the others. */
  problems: string[];
}

const PROBLEMS: Readonly<Record<Exclude<BroughtAgain['kind'], 'done'>, string>> = {
  gone: 'the stream of the table has it no more: changes stand there for a day',
  failed: 'the function does not manage it: see its log',
  no_place: 'it does not say which change of which stream it is of',
};

/** How the letters of a queue go where they came from. @throws CliError where they cannot */
function waysBack(
  { name, url, sourceUrl, eventBus }: DeadLetterQueue,
  { sqs, stack, signal }: { sqs: SQSClient; stack: Stack; signal: AbortSignal },
): (letters: readonly Letter[]) => Promise<Again> {
  if (sourceUrl !== undefined) {
    return async (letters) => ({ done: await putAgain(sqs, url, sourceUrl, letters), problems: [] });
  }
  if (eventBus !== undefined) {
    const client = new EventBridgeClient(clientSettings(stack.aws));
    return async (letters) => {
      const { taken, problems } = await putOnBus(client, eventBus, letters);
      await deleteLetters(sqs, url, taken);
      return { done: taken, problems };
    };
  }
  if (stack.kind === 'local') {
    throw new CliError('not_redrivable', `${name} holds changes of a table, which the local stack keeps no longer`, {
      next: `Look at them with \`npm run cli -- dlq show ${name} --full\`, and at the function's log.`,
    });
  }
  const changes = new ParkedChanges(signedCalls(sqs));
  return async (letters) => {
    const again: Again = { done: [], problems: [] };
    for (const letter of letters) {
      if (signal.aborted) break;
      const { kind } = await changes.bringAgain(letter.body);
      if (kind === 'done') again.done.push(letter);
      else again.problems.push(PROBLEMS[kind]);
      await deleteLetters(sqs, url, kind === 'done' ? [letter] : []);
    }
    return again;
  };
}

const redrive: Command = {
  name: 'dlq redrive',
  summary: 'put the messages of a dead-letter queue where they came from',
  about: [
    'Mend the cause first: what still fails comes back. A message that was sent meanwhile, or is over, is not sent again.',
    'Events that the bus could not encrypt go onto it again, under the `event_id` that they had.',
    "Changes of tables (the queues of functions) are given to the function once more, as long as the table's stream has them: a day.",
  ].join('\n'),
  arguments: ['QUEUE'],
  options: {
    reason: { value: 'WORD', help: 'only those with the reason, as `dlq show` has it' },
    limit: { value: 'N', help: 'at most so many' },
  },
  examples: ['dlq redrive smpp-asia/otp', 'dlq redrive webhooks --limit 10'],
  async run(given, context) {
    const reason = given.text('reason');
    const most = given.wholeNumber('limit', { lowest: 1 }) ?? Number.MAX_SAFE_INTEGER;
    return await withQueues(context, async (sqs, queues, stack) => {
      const { terminal, now, signal } = context;
      const queue = queueNamed(given.argument, queues);
      const { name, url } = queue;
      const bringBack = waysBack(queue, { sqs, stack, signal });
      // What comes back meanwhile is not taken a second time.
      const total = (await countIn(sqs, url)) ?? 0;
      const progress = new Progress({ terminal, what: 'messages', total, now });
      const kept: Letter[] = [];
      const problems: string[] = [];
      let moved = 0;
      try {
        for await (const letters of takeLetters(sqs, url, total)) {
          kept.push(...letters);
          const wanted = letters.filter((letter) => reason === undefined || letter.reason === reason);
          const again = await bringBack(wanted.slice(0, most - moved));
          for (const letter of again.done) kept.splice(kept.indexOf(letter), 1);
          problems.push(...again.problems);
          moved += again.done.length;
          progress.advance(letters.length);
          if (moved >= most || signal.aborted) break;
        }
      } finally {
        await giveBack(sqs, url, kept);
        progress.end();
      }
      terminal.answer({ queue: name, moved, left: total - moved, problems }, () => [
        `✓ ${count(moved)} of ${count(total)} messages put again`,
        ...[...Map.groupBy(problems, (problem) => problem)].map(
          ([problem, { length }]) => `✗ ${count(length)}: ${problem}`,
        ),
      ]);
      if (signal.aborted) return EXIT.interrupted;
      return problems.length === 0 ? EXIT.done : EXIT.failed;
    });
  },
};

export const dlqCommands: readonly Command[] = [list, show, redrive];
