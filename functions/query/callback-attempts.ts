import type * as z from 'zod';
import {
  attemptListQuerySchema,
  type attemptPageSchema,
  presentAttempt,
} from '../../shared/contracts/webhook-attempt.ts';
import { signCursor } from '../../shared/domain/cursor.ts';
import { LAST_TIME_MS, type WebhookAttempts } from '../../shared/store/control-webhook-attempts.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { HttpCall } from '../middleware/api-event.ts';
import { parseQuery } from '../middleware/check.ts';
import { positionIn } from '../middleware/list-cursor.ts';
import { messageInReach } from '../middleware/message-in-reach.ts';
import type { ListingDependencies } from './listing.ts';

export interface CallbackAttemptDependencies extends ListingDependencies {
  attempts: Pick<WebhookAttempts, 'page'>;
  messages: Pick<MessageStore, 'get'>;
}

/** Every try to tell the address that a message came with, newest first. @throws Refusal */
export async function listCallbackAttempts(
  { query, caller, parameters }: Pick<HttpCall, 'query' | 'caller' | 'parameters'>,
  { attempts, messages, cursorKey }: CallbackAttemptDependencies,
): Promise<z.output<typeof attemptPageSchema>> {
  const { limit, cursor, ...filters } = parseQuery(attemptListQuerySchema, query);
  const { messageId } = await messageInReach(parameters['id'] ?? '', caller, messages);
  const binding = { key: await cursorKey(), list: 'callback-attempts', filters: { messageId, ...filters } };
  const { created_after: from = 0, created_before: before = LAST_TIME_MS } = filters;
  const after = positionIn(cursor, binding);
  const page = await attempts.page(messageId, { from, before, order: 'newest_first', limit, after });
  const next = page.position === undefined ? null : signCursor(page.position, binding);
  return { data: page.attempts.map(presentAttempt), has_more: next !== null, next_cursor: next };
}
