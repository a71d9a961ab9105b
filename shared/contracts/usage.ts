import * as z from 'zod';
import { endOfDay, endOfMonth } from '../domain/period.ts';
import { isoTime } from './message.ts';
import { wholeListSchema } from './page.ts';

/** Segments of a day or a month. */
export const usageWindowSchema = z.strictObject({
  used: z.int(),
  /** null: as many as the account may have, or any number where that has no limit. */
  limit: z.int().nullable(),
  /** When it begins anew. */
  resets_at: z.iso.datetime({ precision: 3 }),
});

/** What an account, or a key in it, has sent; what never went out is not counted. */
export const usageSchema = z.strictObject({
  account: z.string(),
  /** null: the account as a whole. */
  key_id: z.string().nullable(),
  /** By whose clocks days and months begin. */
  time_zone: z.string(),
  day: usageWindowSchema,
  month: usageWindowSchema,
});
export type ApiUsage = z.output<typeof usageSchema>;

/** The answer to `GET /v1/usage`: the accounts in reach, and behind each its keys that the caller may see. */
export const usageListSchema = wholeListSchema(usageSchema);

export interface UsageOf {
  account: { name: string; timeZone: string };
  keyId: string | null;
  used: { day: number; month: number };
  limits: { perDay?: number | undefined; perMonth?: number | undefined };
}

export function presentUsage({ account, keyId, used, limits }: UsageOf, now: number): ApiUsage {
  const { name, timeZone } = account;
  return {
    account: name,
    key_id: keyId,
    time_zone: timeZone,
    day: { used: used.day, limit: limits.perDay ?? null, resets_at: isoTime(endOfDay(now, timeZone)) },
    month: { used: used.month, limit: limits.perMonth ?? null, resets_at: isoTime(endOfMonth(now, timeZone)) },
  };
}
