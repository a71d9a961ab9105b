import { type ApiKey, hashSecret, parseKey, secretMatches } from '../../shared/domain/api-key.ts';
import type { Log } from '../../shared/log/log.ts';
import type { KeyStore } from '../../shared/store/control-keys.ts';

/** How long a key is remembered, and so how long a revoked one may still work. */
const REMEMBERED_MS = 30_000;
const MOST_REMEMBERED = 500;
/** Last use is kept to the hour: one write an hour and key, not one a request. */
const LAST_USED_STEP_MS = 3_600_000;

export type FoundKey =
  | { kind: 'found'; key: ApiKey }
  | { kind: 'refused'; code: 'missing_credentials' | 'invalid_key' | 'expired_key' | 'revoked_key' };

const INVALID: FoundKey = { kind: 'refused', code: 'invalid_key' };
/** Compared with where there is no such key, so that both refusals take the same time. */
const NO_HASH = hashSecret('');

/** Keys by what callers write, remembered for as long as an execution environment lives. */
export class KeyRing {
  readonly #store: Pick<KeyStore, 'get' | 'markUsed'>;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #remembered = new Map<string, { key: ApiKey; until: number }>();

  constructor(store: Pick<KeyStore, 'get' | 'markUsed'>, { now, log }: { now: () => number; log: Log }) {
    this.#store = store;
    this.#now = now;
    this.#log = log;
  }

  async find(written: string | undefined): Promise<FoundKey> {
    if (written === undefined) return { kind: 'refused', code: 'missing_credentials' };
    const parts = parseKey(written);
    if (parts === undefined) return INVALID;
    const key = await this.#get(parts.keyId);
    const matches = secretMatches(parts.secret, key?.secretHash ?? NO_HASH);
    if (key === undefined || !matches || key.test !== parts.test) return INVALID;
    // Only who knows the secret learns what became of the key.
    if (key.revokedAt !== undefined) return { kind: 'refused', code: 'revoked_key' };
    if (key.expiresAt !== undefined && key.expiresAt <= this.#now()) return { kind: 'refused', code: 'expired_key' };
    await this.#markUsed(key);
    return { kind: 'found', key };
  }

  /** What does not exist is not remembered: a key works from the moment that it is made. */
  async #get(keyId: string): Promise<ApiKey | undefined> {
    const remembered = this.#remembered.get(keyId);
    if (remembered !== undefined && remembered.until > this.#now()) return remembered.key;
    this.#remembered.delete(keyId);
    const key = await this.#store.get(keyId);
    if (key === undefined) return undefined;
    const oldest = this.#remembered.keys().next();
    if (this.#remembered.size >= MOST_REMEMBERED && !oldest.done) this.#remembered.delete(oldest.value);
    this.#remembered.set(keyId, { key, until: this.#now() + REMEMBERED_MS });
    return key;
  }

  async #markUsed(key: ApiKey): Promise<void> {
    const now = this.#now();
    if (key.lastUsedAt !== undefined && key.lastUsedAt > now - LAST_USED_STEP_MS) return;
    key.lastUsedAt = now;
    try {
      await this.#store.markUsed(key.keyId, now);
    } catch (error) {
      // Nobody's message should fail for it.
      this.#log.warn('last use of a key not written', { key_id: key.keyId, error });
    }
  }
}
