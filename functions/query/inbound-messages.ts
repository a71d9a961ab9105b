import type * as z from 'zod';
import {
  addressOf,
  inboundMessageListQuerySchema,
  type inboundMessagePageSchema,
  presentInboundMessage,
} from '../../shared/contracts/inbound-message.ts';
import { type ApiKey, mayUse } from '../../shared/domain/api-key.ts';
import { signCursor } from '../../shared/domain/cursor.ts';
import { BEHIND_ALL_INBOUND_IDS, firstInboundIdAt, type InboundMessage } from '../../shared/domain/inbound-message.ts';
import type { ReceiptStore } from '../../shared/store/receipts.ts';
import { parseQuery } from '../middleware/check.ts';
import { positionIn } from '../middleware/list-cursor.ts';
import { accountsSeen, type ListingDependencies } from './listing.ts';
import { chunkOf, merged, pageOf } from './page.ts';

export interface InboundListDependencies extends ListingDependencies {
  receipts: Pick<ReceiptStore, 'inboundNewestFirst'>;
}

/** A page of the messages from subscribers that the caller may see, newest first. @throws Refusal */
export async function listInboundMessages(
  query: Record<string, string | undefined>,
  caller: ApiKey,
  { receipts, cursorKey, accounts }: InboundListDependencies,
): Promise<z.output<typeof inboundMessagePageSchema>> {
  const { limit, cursor, ...filters } = parseQuery(inboundMessageListQuerySchema, query);
  const seen = accountsSeen(caller, accounts, filters.account);
  const [from, to] = [filters.from, filters.to].map((written) =>
    written === undefined ? written : addressOf(written),
  );
  const binding = { key: await cursorKey(), list: 'inbound', filters: { ...filters, from, to, seen } };
  const range = rangeOf(filters, positionIn(cursor, binding));
  const isFiltered = from !== undefined || to !== undefined;
  const chunk = chunkOf({ limit, sources: seen.length, isFiltered });
  const sources = range === undefined ? [] : seen.map((account) => receipts.inboundNewestFirst(account, range, chunk));
  const matches = (message: InboundMessage) =>
    (from === undefined || from === addressOf(message.from)) && (to === undefined || to === addressOf(message.to));
  const page = await pageOf(merged(sources), { limit, matches });
  const next = page.position === undefined ? null : signCursor(page.position, binding);
  const withText = mayUse(caller, 'messages:read_body');
  return {
    data: page.messages.map((message) => presentInboundMessage(message, { withText })),
    has_more: next !== null,
    next_cursor: next,
  };
}

/** undefined where nothing can be in it: DynamoDB refuses a range whose end lies before its beginning. */
function rangeOf(
  { created_after, created_before }: { created_after?: number | undefined; created_before?: number | undefined },
  position: string | undefined,
): { from: string; before: string } | undefined {
  const from = firstInboundIdAt(created_after ?? 0);
  const end = created_before === undefined ? BEHIND_ALL_INBOUND_IDS : firstInboundIdAt(created_before);
  const before = position === undefined || end < position ? end : position;
  return before <= from ? undefined : { from, before };
}
