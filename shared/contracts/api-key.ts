import * as z from 'zod';
import { type ApiKey, SCOPES } from '../domain/api-key.ts';
import { isoTime, optionalTime } from './message.ts';

const time = z.iso.datetime({ precision: 3 });

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
  test: z.boolean().default(false),
});
export type KeyRequest = z.output<typeof keyRequestSchema>;

/** A key as the API shows it: everything but its secret. */
export const keySchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  sender_ids: z.array(z.string()).nullable(),
  account: z.string().nullable(),
  test: z.boolean(),
  created_at: time,
  expires_at: time.nullable(),
  revoked_at: time.nullable(),
  last_used_at: time.nullable(),
});
/** The answer that creates a key, and the only one with the key itself. */
export const createdKeySchema = keySchema.extend({ key: z.string() });
export type PresentedKey = z.output<typeof keySchema>;

export function presentKey(key: ApiKey): PresentedKey {
  return {
    id: key.keyId,
    name: key.name,
    scopes: key.scopes,
    sender_ids: key.senderIds ?? null,
    account: key.account ?? null,
    test: key.test,
    created_at: isoTime(key.createdAt),
    expires_at: optionalTime(key.expiresAt),
    revoked_at: optionalTime(key.revokedAt),
    last_used_at: optionalTime(key.lastUsedAt),
  };
}
