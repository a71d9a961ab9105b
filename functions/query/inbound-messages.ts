import type * as z from 'zod';
import {
  inboundMessageListQuerySchema,
  type inboundMessagePageSchema,
  presentInboundMessage,
} from '../../shared/contracts/inbound-message.ts';
import { type ApiKey, mayUse } from '../../shared/domain/api-key.ts';
import { signCursor } from '../../shared/domain/cursor.ts';
import {
  addressOf,
  BEHIND_ALL_INBOUND_IDS,
  firstInboundIdAt,
  type InboundMessage,
  isInboundId,
  type WaitingMessage,
} from '../../shared/domain/inbound-message.ts';
import type { InboundStore } from '../../shared/store/inbound.ts';
import type { HttpAnswer } from '../middleware/api-event.ts';
import { parseQuery } from '../middleware/check.ts';
import { positionIn } from '../middleware/list-cursor.ts';
import { Refusal } from '../middleware/refusal.ts';
import { accountsSeen, type ListingDependencies } from './listing.ts';
import { chunkOf, merged, pageOf } from './page.ts';

export interface InboundListDependencies extends ListingDependencies {
  inbound: Pick<InboundStore, 'newestFirst' | 'waitingNewestFirst' | 'get'>;
}

type Listed = InboundMessage | WaitingMessage;

/** A page of the messages from subscribers that the caller may see, newest first, with those that wait for parts. @throws Refusal */
export async function listInboundMessages(
  query: Record<string, string | undefined>,
  caller: ApiKey,
  { inbound, cursorKey, accounts }: InboundListDependencies,
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
  const sources: AsyncIterator<Listed, undefined>[] =
    range === undefined
      ? []
      : seen.flatMap((account) => [
          inbound.newestFirst(account, range, chunk),
          inbound.waitingNewestFirst(account, range, chunk),
        ]);
  let last: string | undefined;
  const matches = (message: Listed) => {
    // For a moment a message that was just ended stands in both lists: first the one that is done.
    const isAgain = message.messageId === last;
    last = message.messageId;
    if (isAgain) return false;
    return (
      (from === undefined || from === addressOf(message.from)) && (to === undefined || to === addressOf(message.to))
    );
  };
  const page = await pageOf(merged(sources), { limit, matches });
  const next = page.position === undefined ? null : signCursor(page.position, binding);
  const withText = mayUse(caller, 'messages:read_body');
  return {
    data: page.messages.map((message) => presentInboundMessage(message, { withText })),
    has_more: next !== null,
    next_cursor: next,
  };
}

/** `GET /v1/inbound-messages/{id}`. What is out of reach is not there at all. @throws Refusal */
export async function showInboundMessage(
  id: string,
  caller: ApiKey,
  { inbound, accounts }: InboundListDependencies,
): Promise<HttpAnswer> {
  const seen = isInboundId(id) ? accountsSeen(caller, accounts, undefined) : [];
  const found = await Promise.all(seen.map(async (account) => await inbound.get(account, id)));
  const message = found.find((one) => one !== undefined);
  if (message === undefined) {
    throw new Refusal({ code: 'not_found', detail: 'there is no inbound message with this id' });
  }
  return { status: 200, body: presentInboundMessage(message, { withText: mayUse(caller, 'messages:read_body') }) };
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
