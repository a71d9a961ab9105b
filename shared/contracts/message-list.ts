import * as z from 'zod';
import { LANES } from '../config/account.ts';
import { MESSAGE_STATUSES } from '../domain/message.ts';
import { messageSchema } from './message.ts';
import { pageSchema } from './page.ts';

export const DEFAULT_LIMIT = 50;
export const MOST_LISTED = 200;

/** A time with its offset, such as 2026-11-22T18:00:00+08:00; epoch milliseconds inside. */
export const timeParameter = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-11-22T18:00:00+08:00 (in a URL, + is written %2B)' })
  .transform((written) => Date.parse(written));

/** How many items a page has at most. */
export const limitParameter = z
  .string()
  .regex(/^[1-9]\d{0,2}$/, `must be a whole number from 1 to ${MOST_LISTED}`)
  .transform(Number)
  .pipe(z.number().max(MOST_LISTED))
  .default(DEFAULT_LIMIT);

export const cursorParameter = z.string().min(1).max(400).optional();

/** The query of `GET /v1/messages`. */
export const messageListQuerySchema = z.strictObject({
  limit: limitParameter,
  cursor: cursorParameter,
  status: z.enum(MESSAGE_STATUSES).optional(),
  lane: z.enum(LANES).optional(),
  /** In any form in which a number may be written. */
  to: z.string().min(1).max(40).optional(),
  from: z.string().min(1).max(40).optional(),
  client_ref: z.string().min(1).max(128).optional(),
  batch: z.string().min(1).max(64).optional(),
  account: z.string().min(1).max(31).optional(),
  /** At this time or later. */
  created_after: timeParameter.optional(),
  /** Before this time, and not at it: days and hours put side by side have every message once. */
  created_before: timeParameter.optional(),
});
export type MessageListQuery = z.output<typeof messageListQuerySchema>;

/** A page of `GET /v1/messages`, newest first. */
export const messagePageSchema = pageSchema(messageSchema);
export type MessagePage = z.output<typeof messagePageSchema>;
