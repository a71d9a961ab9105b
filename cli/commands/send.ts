import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { counted } from '../../cdk/local/view/words.ts';
import { type Bindery, BinderyError, type Message } from '../../docs/client/bindery.ts';
import { LANES } from '../../shared/config/account.ts';
import type { Command, Context } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { discreet, messageLines } from './message-view.ts';

const LOOK_EVERY_MS = 500;
const DEFAULT_WAIT_SECONDS = 60;

/** Looks at a message until it is final, or the time is over. */
async function untilFinal(
  api: Bindery,
  first: Message,
  limitSeconds: number,
  { now, signal }: Context,
): Promise<Message> {
  const deadline = now() + limitSeconds * 1000;
  let message = first;
  while (!message.is_final && now() < deadline) {
    await delay(LOOK_EVERY_MS, undefined, { signal });
    message = await api.getMessage(message.id, { signal });
  }
  return message;
}

/** Sends, and where the answer is lost says how to ask again for the same message: a second command would make a second one. */
async function sendOnce(
  api: Bindery,
  request: Parameters<Bindery['sendMessage']>[0],
  { key, terminal, signal }: Pick<Context, 'terminal' | 'signal'> & { key: string },
): Promise<Message> {
  try {
    return await api.sendMessage(request, { signal, idempotencyKey: key });
  } catch (error) {
    if (!(error instanceof BinderyError) || isUncertain(error)) {
      terminal.note(
        `Whether it was accepted is not known. The same command with --idempotency-key ${key} sends it once.`,
      );
    }
    throw error;
  }
}

/** The API says with a 503 that it does not take a message now; with these codes, that it does not know itself. */
function isUncertain({ status, problem }: BinderyError): boolean {
  if (status > 0 && status < 500) return false;
  return problem === undefined || problem.code === 'internal_error' || problem.code === 'temporarily_unavailable';
}

const FAILED = new Set<Message['status']>(['failed', 'undelivered', 'expired', 'canceled']);

export const send: Command = {
  name: 'send',
  summary: 'send one message',
  about: 'With --wait the exit status is 1 where the message was not delivered.',
  arguments: [],
  options: {
    to: { value: 'NUMBER', help: 'a Philippine mobile number in any form' },
    from: { value: 'SENDER', help: 'the sender id' },
    text: { value: 'TEXT', help: 'the text' },
    lane: { value: 'LANE', help: `${LANES.join(', ')} (default transactional)` },
    'send-at': { value: 'TIME', help: 'when to send it, such as 2026-12-01T08:00:00+08:00' },
    'ttl-seconds': { value: 'N', help: 'for how long it may still be sent' },
    'client-ref': { value: 'REF', help: 'your own reference' },
    'idempotency-key': { value: 'KEY', help: 'the same key within 24 hours makes it the same message' },
    'dry-run': { help: 'show what would be sent; nothing is' },
    wait: { help: `wait up to ${DEFAULT_WAIT_SECONDS} seconds for its final status` },
  },
  examples: [
    'send --to +639171234567 --from BINDERY --text "Hello from Bindery"',
    'send --to +639171234567 --from BINDERY --text "Your code is 123456" --lane otp --wait',
  ],
  async run(given, context) {
    const { terminal, signal } = context;
    const key = given.text('idempotency-key') ?? randomUUID();
    const request = {
      ...given.requiredAll('to', 'from', 'text'),
      lane: given.oneOf('lane', LANES),
      send_at: given.text('send-at'),
      ttl_seconds: given.wholeNumber('ttl-seconds', { lowest: 1 }),
      client_ref: given.text('client-ref'),
    };
    const full = given.flag('full');
    const api = await context.api();
    if (given.flag('dry-run')) {
      const message = await api.sendMessage({ ...request, dry_run: true }, { signal });
      terminal.answer(discreet(message, full), () => [
        `would be sent in ${counted(message.segments.total, 'segment')} of ${message.encoding}, through the lane ${message.lane} of ${message.account}`,
      ]);
      return EXIT.done;
    }
    const accepted = await sendOnce(api, request, { key, terminal, signal });
    const wait = given.flag('wait');
    // Whatever becomes of the waiting, the message is on its way: who sent it again would send a second one.
    if (wait) terminal.note(terminal.paintNote('dim', `accepted as ${accepted.id}; waiting for its final status`));
    const message = wait ? await untilFinal(api, accepted, DEFAULT_WAIT_SECONDS, context) : accepted;
    terminal.answer(discreet(message, full), () => [
      ...messageLines(message, { paint: terminal.paint, full }),
      ...(message.is_final ? [] : ['', `See it again: npm run cli -- messages show ${message.id}`]),
      ...(wait && !message.is_final ? ['What may hold it up: npm run cli -- status'] : []),
    ]);
    return wait && (FAILED.has(message.status) || !message.is_final) ? EXIT.failed : EXIT.done;
  },
};
