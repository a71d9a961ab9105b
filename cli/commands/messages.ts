import type { ListMessagesQuery, Message } from '../../docs/client/bindery.ts';
import { LANES } from '../../shared/config/account.ts';
import { MESSAGE_STATUSES } from '../../shared/domain/message.ts';
import type { Given } from '../arguments.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { table } from '../terminal/table.ts';
import { harmless, type Paint } from '../terminal/terminal.ts';
import { discreet, localTime, messageLines, paintStatus } from './message-view.ts';

function rowOf(message: Message, full: boolean, paint: Paint): string[] {
  const { id, created_at, status, lane, from, segments, error } = message;
  const to = discreet(message, full).to;
  return [
    id,
    localTime(created_at),
    paintStatus(status, paint),
    lane,
    to,
    harmless(from),
    String(segments.total),
    error?.code ?? '',
  ];
}

function queryOf(given: Given): ListMessagesQuery {
  return {
    limit: given.wholeNumber('limit', { lowest: 1, highest: 200 }) ?? 20,
    cursor: given.text('cursor'),
    status: given.oneOf('status', MESSAGE_STATUSES),
    lane: given.oneOf('lane', LANES),
    to: given.text('to'),
    from: given.text('from'),
    client_ref: given.text('client-ref'),
    batch: given.text('batch'),
    account: given.text('account'),
    created_after: given.text('created-after'),
    created_before: given.text('created-before'),
  };
}

const list: Command = {
  name: 'messages list',
  summary: 'list messages, newest first',
  arguments: [],
  options: {
    status: { value: 'STATUS', help: 'those that have it now' },
    lane: { value: 'LANE', help: `those of the lane: ${LANES.join(', ')}` },
    to: { value: 'NUMBER', help: 'those to the number' },
    from: { value: 'SENDER', help: 'those with the sender id' },
    'client-ref': { value: 'REF', help: 'those with your reference' },
    batch: { value: 'ID', help: 'those of the batch' },
    account: { value: 'NAME', help: 'those of the account' },
    'created-after': { value: 'TIME', help: 'accepted at that time or later' },
    'created-before': { value: 'TIME', help: 'accepted before' },
    limit: { value: 'N', help: 'how many, 1 to 200 (default 20)' },
    cursor: { value: 'CURSOR', help: 'the next page' },
  },
  examples: ['messages list', 'messages list --status undelivered --limit 50'],
  async run(given, { terminal, api, signal }) {
    const query = queryOf(given);
    const page = await (await api()).listMessages(query, { signal });
    const full = given.flag('full');
    terminal.answer({ ...page, data: page.data.map((message) => discreet(message, full)) }, () => {
      const headings = ['ID', 'ACCEPTED', 'STATUS', 'LANE', 'TO', 'FROM', 'SEGMENTS', 'ERROR'];
      const rows = page.data.map((message) => rowOf(message, full, terminal.paint));
      const more =
        page.next_cursor === null ? [] : ['', `The next page: the same command with --cursor ${page.next_cursor}`];
      return rows.length === 0
        ? ['no messages', ...more]
        : [...table(headings, rows, { right: ['SEGMENTS'] }), ...more];
    });
    return EXIT.done;
  },
};

const show: Command = {
  name: 'messages show',
  summary: 'show a message with its timeline',
  arguments: ['ID'],
  options: {},
  examples: ['messages show msg_01M82VCVQQD4FTF0ZCFXTYHWWX'],
  async run(given, { terminal, api, signal }) {
    const message = await (await api()).getMessage(given.argument, { signal });
    const full = given.flag('full');
    terminal.answer(discreet(message, full), () => messageLines(message, { paint: terminal.paint, full }));
    return EXIT.done;
  },
};

const cancel: Command = {
  name: 'messages cancel',
  summary: 'cancel a message that is scheduled or queued',
  arguments: ['ID'],
  options: {},
  examples: ['messages cancel msg_01M82VCVQQD4FTF0ZCFXTYHWWX'],
  async run(given, { terminal, api, signal }) {
    const message = await (await api()).cancelMessage(given.argument, { signal });
    terminal.answer(discreet(message, given.flag('full')), () => [`✓ ${message.id} is ${message.status}`]);
    return EXIT.done;
  },
};

export const messageCommands: readonly Command[] = [list, show, cancel];
