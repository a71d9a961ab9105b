import * as z from 'zod';
import { type ApiKey, type OldSecret, SCOPES, validOldSecrets } from '../domain/api-key.ts';
import { isoTime, optionalTime } from './message.ts';

const time = z.iso.datetime({ precision: 3 });

const segmentLimit = z.int().min(1).max(1_000_000_000).optional();
const quotaSchema = z.strictObject({ segments_per_day: segmentLimit, segments_per_month: segmentLimit });

/** The body of `POST /v1/keys`. */
export const keyRequestSchema = z.strictObject({
  name: z.string().min(1).max(64),
  scopes: z.array(z.enum(SCOPES)).min(1).max(SCOPES.length),
  /** Sender ids that it may use; without it, any. */
  sender_ids: z.array(z.string().min(1).max(40)).min(1).max(50).optional(),
  /** The account that it belongs to; without it, the deployment's first one, and messages of all accounts can be read. */
  account: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'must be the name of an account')
    .optional(),
  expires_at: z.iso.datetime({ offset: true, error: 'must be a time such as 2027-01-31T00:00:00Z' }).optional(),
  /** Most segments that it may send, by the days and months of its account; without it, as many as the account. */
  quota: quotaSchema.optional(),
  test: z.boolean().default(false),
});
export type KeyRequest = z.output<typeof keyRequestSchema>;

const DAY_SECONDS = 86_400;

/** The body of `POST /v1/keys/{id}/rotate`; it may be left out. */
export const keyRotationSchema = z.strictObject({
  /** For so long the secrets that it has had work as well, seconds; 0 ends them now. */
  grace_seconds: z
    .int()
    .min(0)
    .max(30 * DAY_SECONDS)
    .default(DAY_SECONDS),
});

/** A key as the API shows it: everything but its secret. */
export const keySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  sender_ids: z.array(z.string()).nullable(),
  account: z.string().nullable(),
  quota: z.strictObject({ segments_per_day: z.int().nullable(), segments_per_month: z.int().nullable() }).nullable(),
  test: z.boolean(),
  created_at: time,
  /** When its secret was last replaced. */
  rotated_at: time.nullable(),
  /** Until then a secret that it had before works as well; null where none does. */
  old_secrets_until: time.nullable(),
  expires_at: time.nullable(),
  revoked_at: time.nullable(),
  last_used_at: time.nullable(),
});
/** The answer that creates a key, and the only one with the key itself. */
export const createdKeySchema = keySchema.extend({ key: z.string() });
export type PresentedKey = z.output<typeof keySchema>;

/** @param now epoch milliseconds */
export function presentKey(key: ApiKey, now: number): PresentedKey {
  return {
    id: key.keyId,
    name: key.name,
    scopes: key.scopes,
    sender_ids: key.senderIds ?? null,
    account: key.account ?? null,
    quota: key.quota === undefined ? null : presentQuota(key.quota),
    test: key.test,
    created_at: isoTime(key.createdAt),
    rotated_at: optionalTime(key.rotatedAt),
    old_secrets_until: optionalTime(lastEnd(validOldSecrets(key, now))),
    expires_at: optionalTime(key.expiresAt),
    revoked_at: optionalTime(key.revokedAt),
    last_used_at: optionalTime(key.lastUsedAt),
  };
}

function lastEnd(oldSecrets: readonly OldSecret[]): number | undefined {
  return oldSecrets.length === 0 ? undefined : Math.max(...oldSecrets.map(({ until }) => until));
}

function presentQuota({ segmentsPerDay, segmentsPerMonth }: NonNullable<ApiKey['quota']>) {
  return { segments_per_day: segmentsPerDay ?? null, segments_per_month: segmentsPerMonth ?? null };
}

/** A quota as it is kept: without the limits that it does not set. */
export function quotaOf({ segments_per_day: perDay, segments_per_month: perMonth }: z.output<typeof quotaSchema>) {
  return {
    ...(perDay === undefined ? {} : { segmentsPerDay: perDay }),
    ...(perMonth === undefined ? {} : { segmentsPerMonth: perMonth }),
  };
}
