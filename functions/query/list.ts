import { presentMessage } from '../../shared/contracts/message.ts';
import type { MessageListQuery, MessagePage } from '../../shared/contracts/message-list.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import { signCursor } from '../../shared/domain/cursor.ts';
import type { Message } from '../../shared/domain/message.ts';
import { BEHIND_ALL_IDS, firstIdAt, isMessageId } from '../../shared/domain/message-id.ts';
import type { MessageIndexes, MessageRange } from '../../shared/store/message-indexes.ts';
import { requireScope } from '../middleware/check.ts';
import { noSuchCursor, positionIn } from '../middleware/list-cursor.ts';
import { requireView } from '../middleware/view.ts';
import { writtenNumber } from '../middleware/written-number.ts';
import { accountsSeen, type ListingDependencies } from './listing.ts';
import { chunkOf, merged, pageOf } from './page.ts';

export interface ListDependencies extends ListingDependencies {
  indexes: Pick<MessageIndexes, 'newestFirst'>;
}

/**
 * A page of the messages that the caller may see, newest first. Another account's messages are not there at all, so asking
 * for them finds nothing. @throws Refusal
 */
export async function listMessages(
  query: MessageListQuery,
  caller: ApiKey,
  { indexes, cursorKey, accounts }: ListDependencies,
): Promise<MessagePage> {
  const view = requireView(caller);
  const { limit, cursor, ...written } = query;
  // Whoever may ask for any number finds, by trying, which one a mask hides.
  if (written.to !== undefined && !view.withNumber) requireScope(caller, 'messages:read');
  const filters = { ...written, to: written.to === undefined ? undefined : writtenNumber('/to', written.to) };
  const seen = accountsSeen(caller, accounts, filters.account);
  const binding = { key: await cursorKey(), list: 'messages', filters: { ...filters, seen } };
  const position = positionIn(cursor, binding);
  if (position !== undefined && !isMessageId(position)) throw noSuchCursor();
  const ranges = rangesOf(filters, { seen, position });
  const chunk = chunkOf({ limit, sources: ranges.length, isFiltered: leavesToFilter(ranges, filters) });
  const newestFirst = merged(ranges.map((range) => indexes.newestFirst(range, chunk)));
  const matches = (message: Message) => isMatch(message, filters) && seen.includes(message.account);
  const page = await pageOf(newestFirst, { limit, matches });
  return {
    data: page.messages.map((message) => presentMessage(message, view)),
    has_more: page.position !== undefined,
    next_cursor: page.position === undefined ? null : signCursor(page.position, binding),
  };
}

type Filters = Omit<MessageListQuery, 'limit' | 'cursor'>;

/** The narrowest index first: what it leaves over is filtered. */
function rangesOf(
  filters: Filters,
  { seen, position }: { seen: string[]; position: string | undefined },
): MessageRange[] {
  const from = firstIdAt(filters.created_after ?? 0);
  const end = filters.created_before === undefined ? BEHIND_ALL_IDS : firstIdAt(filters.created_before);
  const before = position === undefined || end < position ? end : position;
  // DynamoDB refuses a range whose end lies before its beginning.
  if (before <= from || seen.length === 0) return [];
  const range = (index: MessageRange['index'], value: string): MessageRange => ({ index, value, from, before });
  if (filters.batch !== undefined) return [range('by-batch', filters.batch)];
  if (filters.client_ref !== undefined) return [range('by-client-ref', filters.client_ref)];
  if (filters.to !== undefined) return [range('by-recipient', filters.to)];
  return seen.map((account) => range('by-account', account));
}

/** What its index leaves to be filtered of a list. */
const LEFT: Record<MessageRange['index'], readonly (keyof Filters)[]> = {
  'by-batch': ['status', 'lane', 'from', 'to', 'client_ref'],
  'by-client-ref': ['status', 'lane', 'from', 'to'],
  'by-recipient': ['status', 'lane', 'from'],
  'by-account': ['status', 'lane', 'from'],
};

function leavesToFilter([first]: readonly MessageRange[], filters: Filters): boolean {
  return first !== undefined && LEFT[first.index].some((name) => filters[name] !== undefined);
}

function isMatch(message: Message, { status, lane, to, from, client_ref, batch }: Filters): boolean {
  const same = (asked: string | undefined, is: string | undefined) => asked === undefined || asked === is;
  return (
    same(status, message.status) &&
    same(lane, message.lane) &&
    same(to, message.to) &&
    same(from, message.from) &&
    same(client_ref, message.clientRef) &&
    same(batch, message.batchId)
  );
}
