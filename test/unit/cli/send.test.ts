import { describe, expect, test } from 'vitest';
import { Given } from '../../../cli/arguments.ts';
import type { Context } from '../../../cli/command.ts';
import { send } from '../../../cli/commands/send.ts';
import { Terminal } from '../../../cli/terminal/terminal.ts';
import { BinderyError, type CallOptions, type Message, type Problem } from '../../../docs/client/bindery.ts';

const WORDS = { to: '+639171234567', from: 'BINDERY', text: 'Hello' };
const MESSAGE = { ...WORDS, id: 'msg_1', status: 'queued', is_final: false } as unknown as Message;
const failure = (status: number, problem?: Pick<Problem, 'code'>) =>
  new BinderyError('no', {
    status,
    code: problem?.code ?? 'not_a_problem',
    retryable: false,
    ...(problem === undefined ? {} : { problem: problem as Problem }),
  });

/** What is said besides the result, where the API does that; and the keys of the requests. */
async function sending(
  api: { sendMessage?: () => Promise<Message>; getMessage?: () => Promise<Message> },
  options: [string, string | true][] = [],
): Promise<{ notes: string; keys: unknown[] }> {
  const notes: string[] = [];
  const keys: unknown[] = [];
  const sendMessage = async (_: unknown, { idempotencyKey }: CallOptions) => {
    keys.push(idempotencyKey);
    return (await api.sendMessage?.()) ?? MESSAGE;
  };
  const context = {
    terminal: new Terminal({
      stdout: { write: () => undefined },
      stderr: { write: (line: string) => notes.push(line) },
      environment: {},
      json: true,
    }),
    api: async () => await Promise.resolve({ ...api, sendMessage }),
    now: () => 0,
    signal: new AbortController().signal,
  } as unknown as Context;
  await send.run(new Given(new Map([...Object.entries(WORDS), ...options]), []), context).catch(() => undefined);
  return { notes: notes.join(''), keys };
}

describe('a message from the command line', () => {
  test.each([0, 500, 504])('whose answer is lost (%i) can be asked for again under its key', async (status) => {
    const { notes, keys } = await sending({ sendMessage: async () => await Promise.reject(failure(status)) });
    expect(keys).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(notes).toContain(`--idempotency-key ${String(keys[0])}`);
    const given = await sending({ sendMessage: async () => await Promise.reject(failure(status)) }, [
      ['idempotency-key', 'mine'],
    ]);
    expect(given.notes).toContain('--idempotency-key mine');
  });

  test.each([failure(422), failure(503, { code: 'operator_unavailable' })])(
    'that is refused was not accepted',
    async (refusal) => {
      const { notes } = await sending({ sendMessage: async () => await Promise.reject(refusal) });
      expect(notes).toBe('');
    },
  );

  test('is named before its final status is waited for, which may fail', async () => {
    const { notes } = await sending({ getMessage: async () => await Promise.reject(failure(403)) }, [['wait', true]]);
    expect(notes).toContain('msg_1');
  });
});
