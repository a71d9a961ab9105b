import { type Erasure, eraseRequestSchema } from '../../shared/contracts/recipient.ts';
import { signCursor } from '../../shared/domain/cursor.ts';
import { ERASED } from '../../shared/domain/erasure.ts';
import { addressOf, BEHIND_ALL_INBOUND_IDS, firstInboundIdAt } from '../../shared/domain/inbound-message.ts';
import type { Message } from '../../shared/domain/message.ts';
import { BEHIND_ALL_IDS, firstIdAt } from '../../shared/domain/message-id.ts';
import { accountsInReach, reaches } from '../../shared/domain/reach.ts';
import type { KeywordStore } from '../../shared/store/control-keywords.ts';
import type { InboundStore } from '../../shared/store/inbound.ts';
import type { MessageIndexes } from '../../shared/store/message-indexes.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody } from '../middleware/check.ts';
import { positionIn } from '../middleware/list-cursor.ts';
import { writtenNumber } from '../middleware/written-number.ts';

export interface EraseDependencies {
  messages: Pick<MessageStore, 'change'>;
  indexes: Pick<MessageIndexes, 'newestFirst'>;
  inbound: Pick<
    InboundStore,
    'newestFirst' | 'deleteMessage' | 'waitingNewestFirst' | 'deleteWaiting' | 'parts' | 'deletePart'
  >;
  keywords: Pick<KeywordStore, 'forget'>;
  accounts: readonly { name: string; simulated?: true | undefined }[];
  cursorKey: () => Promise<string>;
  /** Epoch milliseconds. */
  now: () => number;
}

/** What one call works; a function behind the API has 10 s. */
const WORK_MS = 6_000;
const CHUNK = 100;

/** Where inbound messages are looked for next. */
interface InboundPosition {
  account: string;
  before: string;
}

/**
 * `POST /v1/recipients/erase`: deletes what is known of one recipient, in the accounts of the key. It may break off anywhere
 * and be asked for again: what is erased is found no more, and what is left is.
 */
export async function eraseRecipient(call: HttpCall, dependencies: EraseDependencies): Promise<HttpAnswer> {
  const { to, cursor } = parseBody(eraseRequestSchema, call.body);
  const e164 = writtenNumber('/to', to);
  const accounts = accountsInReach(call.caller, dependencies.accounts).map(({ name }) => name);
  const binding = { key: await dependencies.cursorKey(), list: 'erase', filters: { to: e164, accounts } };
  const position = positionIn(cursor, binding);
  const until = dependencies.now() + WORK_MS;
  const erasure: Erasure = {
    done: false,
    messages_erased: 0,
    messages_canceled: 0,
    messages_under_way: 0,
    inbound_erased: 0,
    next_cursor: null,
  };
  const allSeen = await eraseMessages(e164, { call, until, erasure }, dependencies);
  const from = position === undefined ? undefined : (JSON.parse(position) as InboundPosition);
  const rest = allSeen ? await eraseInbound(e164, { accounts, from, until, erasure }, dependencies) : from;
  if (rest !== undefined) erasure.next_cursor = signCursor(JSON.stringify(rest), binding);
  erasure.done = allSeen && rest === undefined && erasure.messages_under_way === 0;
  return { status: 200, body: erasure };
}

interface Work {
  until: number;
  erasure: Erasure;
}

/** @returns whether every message was looked at */
async function eraseMessages(
  e164: string,
  { call, until, erasure }: Work & { call: HttpCall },
  { indexes, messages, now }: EraseDependencies,
): Promise<boolean> {
  const range = { index: 'by-recipient', value: e164, from: firstIdAt(0), before: BEHIND_ALL_IDS } as const;
  for await (const message of indexes.newestFirst(range, CHUNK)) {
    if (now() > until) return false;
    if (reaches(call.caller, message)) await eraseMessage(message, { erasure, messages, at: now() });
  }
  return true;
}

/** What waits is canceled first, by a change of its own: its event still goes to whoever sent it. */
async function eraseMessage(
  { messageId }: Message,
  { erasure, messages, at }: { erasure: Erasure; messages: Pick<MessageStore, 'change'>; at: number },
): Promise<void> {
  const canceled = await messages.change(messageId, { kind: 'canceled', at });
  const erased = await messages.change(messageId, { kind: 'erased', at });
  if (erased.kind === 'changed') erasure.messages_erased += 1;
  if (canceled.kind === 'changed') erasure.messages_canceled += 1;
  // The index trails the table: it may show what another call has just erased.
  if (erased.kind === 'unchanged' && erased.message.to !== ERASED) erasure.messages_under_way += 1;
}

/** @returns where to go on, undefined when all were looked at */
async function eraseInbound(
  e164: string,
  { accounts, from, until, erasure }: Work & { accounts: string[]; from: InboundPosition | undefined },
  { inbound, keywords, now }: EraseDependencies,
): Promise<InboundPosition | undefined> {
  const left = accounts.slice(Math.max(0, from === undefined ? 0 : accounts.indexOf(from.account)));
  for (const account of left) {
    const before = account === from?.account ? from.before : BEHIND_ALL_INBOUND_IDS;
    let last = before;
    // First, for a message could be made of them again.
    await eraseParts({ account, from: e164 }, inbound);
    await keywords.forget(account, e164);
    for await (const message of inbound.newestFirst(account, { from: firstInboundIdAt(0), before }, CHUNK)) {
      if (now() > until) return { account, before: last };
      last = message.messageId;
      if (addressOf(message.from) !== e164) continue;
      await inbound.deleteMessage(account, message.messageId);
      erasure.inbound_erased += 1;
    }
  }
  return undefined;
}

/** Parts of long messages, and the word that they wait for others: few, for they stand under their sender, or in a short list. */
async function eraseParts(
  sender: { account: string; from: string },
  inbound: EraseDependencies['inbound'],
): Promise<void> {
  const range = { from: firstInboundIdAt(0), before: BEHIND_ALL_INBOUND_IDS };
  for (const part of await inbound.parts(sender, 0)) await inbound.deletePart(part);
  for await (const { account, from, messageId } of inbound.waitingNewestFirst(sender.account, range, CHUNK)) {
    if (addressOf(from) === sender.from) await inbound.deleteWaiting(account, messageId);
  }
}
