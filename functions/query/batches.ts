import {
  type BatchPage,
  batchListQuerySchema,
  presentBatch,
  presentBatchSummary,
} from '../../shared/contracts/batch.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import { signCursor } from '../../shared/domain/cursor.ts';
import type { BatchStore } from '../../shared/store/batches.ts';
import type { MessagesById } from '../../shared/store/messages-by-id.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { countersOf } from '../middleware/batch-counters.ts';
import { batchInReach } from '../middleware/batch-in-reach.ts';
import { parseQuery } from '../middleware/check.ts';
import { positionIn } from '../middleware/list-cursor.ts';
import { accountsSeen, type ListingDependencies } from './listing.ts';

export interface BatchQueryDependencies extends ListingDependencies {
  batches: Pick<BatchStore, 'get' | 'newestFirst'>;
  messagesById: Pick<MessagesById, 'statuses'>;
}

/** Stands behind every batch id, in the order of ids, which is that of time. */
const BEHIND_ALL = 'bat_~';

/** `GET /v1/batches/{id}` */
export async function showBatch(id: string, caller: ApiKey, dependencies: BatchQueryDependencies): Promise<HttpAnswer> {
  const batch = await batchInReach(id, caller, dependencies.batches);
  return { status: 200, body: presentBatch(batch, await countersOf(batch, dependencies.messagesById)) };
}

/** `GET /v1/batches`: a page of the batches that the caller may see, newest first. */
export async function listBatches(
  query: HttpCall['query'],
  caller: ApiKey,
  { batches, cursorKey, accounts }: BatchQueryDependencies,
): Promise<BatchPage> {
  const { limit, cursor, account } = parseQuery(batchListQuerySchema, query);
  const seen = accountsSeen(caller, accounts, account);
  const binding = { key: await cursorKey(), list: 'batches', filters: { account, seen } };
  const before = positionIn(cursor, binding) ?? BEHIND_ALL;
  // One more than a page has tells whether another follows.
  const found = await Promise.all(seen.map((name) => batches.newestFirst(name, { before, limit: limit + 1 })));
  const newest = found.flat().sort((one, other) => (one.batchId < other.batchId ? 1 : -1));
  const page = newest.slice(0, limit);
  const last = newest.length > limit ? page.at(-1) : undefined;
  return {
    data: page.filter(({ status }) => status !== 'accepting').map(presentBatchSummary),
    has_more: last !== undefined,
    next_cursor: last === undefined ? null : signCursor(last.batchId, binding),
  };
}
