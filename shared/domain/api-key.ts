import { createHash, timingSafeEqual } from 'node:crypto';

export const SCOPES = [
  'messages:send:otp',
  'messages:send',
  'messages:read',
  'messages:read_masked',
  'messages:read_body',
  'webhooks',
  'optouts',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/** What a test key may be for. Keys and webhook endpoints are the whole deployment's, and would show it what is live. */
export const TEST_SCOPES: ReadonlySet<Scope> = new Set([
  'messages:send:otp',
  'messages:send',
  'messages:read',
  'messages:read_masked',
  'messages:read_body',
  'optouts',
] satisfies Scope[]);

/** An API key as stored: without its secret. Times are epoch milliseconds. */
export interface ApiKey {
  keyId: string;
  name: string;
  /** SHA-256 of the secret, hex. The secret is 256 random bits, so a slow hash would protect nothing. */
  secretHash: string;
  scopes: Scope[];
  /** Sender ids that it may use; absent means any. */
  senderIds?: string[];
  /** Its account; absent means the first for sending, and all for reading. */
  account?: string;
  /** Most segments that it may send, by the days and months of its account; absent means as many as the account. */
  quota?: { segmentsPerDay?: number; segmentsPerMonth?: number };
  test: boolean;
  createdAt: number;
  /** When its secret was last replaced. */
  rotatedAt?: number;
  /** Secrets that it had before, each good for a while longer. */
  oldSecrets?: OldSecret[];
  expiresAt?: number;
  revokedAt?: number;
  lastUsedAt?: number;
}

export interface OldSecret {
  secretHash: string;
  /** No longer good from then on, epoch milliseconds. */
  until: number;
}

/** The old secrets of a key that are still good. */
export function validOldSecrets({ oldSecrets = [] }: Pick<ApiKey, 'oldSecrets'>, now: number): OldSecret[] {
  return oldSecrets.filter(({ until }) => until > now);
}

/** The key whose secret is made when the stack is deployed. */
export const ADMIN_KEY_ID = 'admin';

/** `bk_live_<id>_<secret>`; only the secret may hold further underscores. */
const KEY = /^bk_(live|test)_([A-Za-z0-9]{1,40})_([!-~]{16,128})$/;

export interface KeyParts {
  keyId: string;
  secret: string;
  test: boolean;
}

export function formatKey({ keyId, secret, test }: KeyParts): string {
  return `bk_${test ? 'test' : 'live'}_${keyId}_${secret}`;
}

/** The parts of a written key, undefined where it is none. */
export function parseKey(written: string): KeyParts | undefined {
  const [, mode, keyId, secret] = KEY.exec(written) ?? [];
  return keyId === undefined || secret === undefined ? undefined : { keyId, secret, test: mode === 'test' };
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares in constant time: how long a refusal takes tells nothing of the hash. */
export function secretMatches(secret: string, secretHash: string): boolean {
  const [given, stored] = [Buffer.from(hashSecret(secret), 'hex'), Buffer.from(secretHash, 'hex')];
  return given.length === stored.length && timingSafeEqual(given, stored);
}

/** `admin` may do everything. */
export function mayUse(key: Pick<ApiKey, 'scopes'>, scope: Scope): boolean {
  return key.scopes.includes(scope) || key.scopes.includes('admin');
}
