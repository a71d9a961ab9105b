import type { ApiKey, CreatedApiKey } from '../../docs/client/bindery.ts';
import { SCOPES, type Scope } from '../../shared/domain/api-key.ts';
import type { Command } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { UsageError } from '../failure.ts';
import { didYouMean } from '../suggestion.ts';
import { table } from '../terminal/table.ts';
import { harmless, type Terminal } from '../terminal/terminal.ts';
import { localTime } from './message-view.ts';

function standing({ revoked_at, expires_at, test }: ApiKey, now: number): string {
  if (revoked_at !== null) return 'revoked';
  if (expires_at !== null && Date.parse(expires_at) <= now) return 'expired';
  return test ? 'test' : 'live';
}

const list: Command = {
  name: 'keys list',
  summary: 'list API keys',
  arguments: [],
  options: {},
  examples: ['keys list'],
  async run(_, { terminal, api, signal, now }) {
    const page = await (await api()).listKeys({ signal });
    terminal.answer(page, () =>
      table(
        ['ID', 'NAME', 'STATE', 'SCOPES', 'MADE', 'LAST USED'],
        page.data.map((key) => [
          key.id,
          harmless(key.name),
          standing(key, now()),
          key.scopes.join(','),
          localTime(key.created_at),
          localTime(key.last_used_at),
        ]),
      ),
    );
    return EXIT.done;
  },
};

function scopesOf(words: readonly string[] | undefined): Scope[] {
  if (words === undefined) throw new UsageError('--scopes is missing');
  const unknown = words.filter((word) => !SCOPES.some((scope) => scope === word));
  if (unknown.length > 0) {
    const problems = unknown.map((word) => `there is no scope ${word}.${didYouMean(word, SCOPES)}`);
    throw new UsageError(...problems, `scopes are ${SCOPES.join(', ')}`);
  }
  return SCOPES.filter((scope) => words.includes(scope));
}

/** The one time that a key is seen. */
function show(key: CreatedApiKey, terminal: Terminal): void {
  terminal.answer(key, () => [key.key]);
  terminal.note(terminal.paintNote('dim', `${key.id}: keep the key, it is not shown again`));
}

const create: Command = {
  name: 'keys create',
  summary: 'make an API key',
  about: ['The key alone goes to standard output, and is not shown again. Scopes are', `${SCOPES.join(', ')}.`].join(
    '\n',
  ),
  arguments: [],
  options: {
    name: { value: 'NAME', help: 'what it is for' },
    scopes: { value: 'A,B', help: 'what it may do' },
    senders: { value: 'A,B', help: 'sender ids that it may use (default any)' },
    account: { value: 'NAME', help: 'the account that it belongs to' },
    expires: { value: 'TIME', help: 'when it stops working, such as 2027-01-01T00:00:00+08:00' },
    test: { help: 'a test key: its messages never reach an operator' },
    'per-day': { value: 'N', help: 'most segments a day' },
    'per-month': { value: 'N', help: 'most segments a month' },
  },
  examples: ['keys create --name shop --scopes messages:send,messages:read --senders BINDERY'],
  async run(given, { terminal, api, signal }) {
    const quota = {
      segments_per_day: given.wholeNumber('per-day', { lowest: 1 }),
      segments_per_month: given.wholeNumber('per-month', { lowest: 1 }),
    };
    const request = {
      name: given.required('name'),
      scopes: scopesOf(given.list('scopes')),
      sender_ids: given.list('senders'),
      account: given.text('account'),
      expires_at: given.text('expires'),
      ...(Object.values(quota).every((limit) => limit === undefined) ? {} : { quota }),
      ...(given.flag('test') ? { test: true } : {}),
    };
    show(await (await api()).createKey(request, { signal }), terminal);
    return EXIT.done;
  },
};

const rotate: Command = {
  name: 'keys rotate',
  summary: 'give a key a new secret; the old one works for a while',
  arguments: ['ID'],
  options: { 'grace-seconds': { value: 'N', help: 'for how long the old secret works as well (0 ends it now)' } },
  examples: ['keys rotate 01M82VCVQQD4FTF0ZCFXTYHWWX --grace-seconds 3600'],
  async run(given, { terminal, api, signal }) {
    const grace_seconds = given.wholeNumber('grace-seconds', { lowest: 0 });
    const request = grace_seconds === undefined ? {} : { grace_seconds };
    show(await (await api()).rotateKey(given.argument, request, { signal }), terminal);
    return EXIT.done;
  },
};

const revoke: Command = {
  name: 'keys revoke',
  summary: 'end a key, for good',
  arguments: ['ID'],
  options: {},
  examples: ['keys revoke 01M82VCVQQD4FTF0ZCFXTYHWWX'],
  async run(given, { terminal, api, signal }) {
    const key = await (await api()).revokeKey(given.argument, { signal });
    terminal.answer(key, () => [`✓ ${key.id} (${harmless(key.name)}) is revoked`]);
    return EXIT.done;
  },
};

export const keyCommands: readonly Command[] = [list, create, rotate, revoke];
