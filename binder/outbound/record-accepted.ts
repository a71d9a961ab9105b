import type { Account } from '../../shared/config/account.ts';
import type { MessageChange } from '../../shared/domain/message-change.ts';
import { canonicalMcMessageId } from '../../shared/receipts/message-ids.ts';
import type { ReceiptStore } from '../../shared/store/receipts.ts';
import type { InHandContext } from './message-in-hand.ts';
import { untilStored } from './until-stored.ts';

export interface RecordContext extends InHandContext {
  account: Account;
  receipts: Pick<ReceiptStore, 'putSegment'>;
}

/** The message centre took a segment. */
export interface Acceptance {
  messageId: string;
  index: number;
  /** The message centre's id; absent or empty where it gave none. */
  mcMessageId: string | undefined;
  /** Epoch milliseconds. */
  at: number;
}

/**
 * Tells the Receipts table, to be done before the message itself is changed: once the table knows the id, a receipt finds
 * the message even if this process dies between the two. An OK without an id is sent, without a receipt to wait for.
 * @throws LeaseGoneError
 */
export async function recordAccepted(acceptance: Acceptance, context: RecordContext): Promise<void> {
  const { messageId, index, mcMessageId, at } = acceptance;
  if (mcMessageId === undefined || mcMessageId === '') return;
  const { account, receipts } = context;
  const canonicalId = canonicalMcMessageId(mcMessageId, account.messageIds);
  const row = { kind: 'segment', account: account.name, mcMessageId, messageId, index, at } as const;
  await untilStored(() => receipts.putSegment(canonicalId, row), context);
}

export function accepted({ index, mcMessageId, at }: Acceptance): MessageChange {
  return { kind: 'segment_accepted', index, at, ...(mcMessageId === undefined ? {} : { mcMessageId }) };
}
