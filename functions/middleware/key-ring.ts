import {
  ADMIN_KEY_ID,
  type ApiKey,
  hashSecret,
  type KeyParts,
  parseKey,
  secretMatches,
  validOldSecrets,
} from '../../shared/domain/api-key.ts';
import type { Log } from '../../shared/log/log.ts';
import type { KeyStore } from '../../shared/store/control-keys.ts';
import { Remembered } from './remembered.ts';

/** How long a key is remembered, and so how long a revoked one may still work. */
const REMEMBERED_MS = 30_000;
const MOST_REMEMBERED = 500;
/** Ids that nobody has: each costs one read, and who repeats them none. Apart from the keys, which a flood of them leaves alone. */
const MOST_ABSENT = 2_000;
/** A key that is remembered is read again at once for a secret that it does not have, which may be new, but not more often than this. */
const SECOND_LOOK_MS = 1_000;
/** Last use is kept to the hour: one write an hour and key, not one a request. */
const LAST_USED_STEP_MS = 3_600_000;

export type FoundKey =
  | { kind: 'found'; key: ApiKey }
  | { kind: 'refused'; code: 'missing_credentials' | 'invalid_key' | 'expired_key' | 'revoked_key' };

const INVALID: FoundKey = { kind: 'refused', code: 'invalid_key' };
const NO_HASH = hashSecret('');

/** Keys by what callers write, remembered for as long as an execution environment lives. */
export class KeyRing {
  readonly #store: Pick<KeyStore, 'get' | 'markUsed'>;
  readonly #now: () => number;
  readonly #log: Log;
  readonly #remembered: Remembered<ApiKey>;
  readonly #absent: Remembered<true>;
  readonly #lookedTwice: Remembered<true>;

  constructor(store: Pick<KeyStore, 'get' | 'markUsed'>, { now, log }: { now: () => number; log: Log }) {
    this.#store = store;
    this.#now = now;
    this.#log = log;
    this.#remembered = new Remembered({ most: MOST_REMEMBERED, forMs: REMEMBERED_MS, now });
    this.#absent = new Remembered({ most: MOST_ABSENT, forMs: REMEMBERED_MS, now });
    this.#lookedTwice = new Remembered({ most: MOST_REMEMBERED, forMs: SECOND_LOOK_MS, now });
  }

  async find(written: string | undefined): Promise<FoundKey> {
    if (written === undefined) return { kind: 'refused', code: 'missing_credentials' };
    const parts = parseKey(written);
    if (parts === undefined) return INVALID;
    const { key, matches } = await this.#match(parts);
    if (key === undefined || !matches || key.test !== parts.test) return INVALID;
    // Only who knows the secret learns what became of the key.
    if (key.revokedAt !== undefined) return { kind: 'refused', code: 'revoked_key' };
    if (key.expiresAt !== undefined && key.expiresAt <= this.#now()) return { kind: 'refused', code: 'expired_key' };
    await this.#markUsed(key);
    return { kind: 'found', key };
  }

  async #match({ keyId, secret }: KeyParts): Promise<{ key: ApiKey | undefined; matches: boolean }> {
    const remembered = this.#remembered.get(keyId);
    if (remembered !== undefined) {
      const matches = hasSecret(remembered, secret, this.#now());
      if (matches || this.#lookedTwice.get(keyId) !== undefined) return { key: remembered, matches };
      this.#lookedTwice.set(keyId, true);
    }
    const key = await this.#read(keyId);
    return { key, matches: hasSecret(key, secret, this.#now()) };
  }

  async #read(keyId: string): Promise<ApiKey | undefined> {
    if (this.#absent.get(keyId) !== undefined) return undefined;
    const key = await this.#store.get(keyId);
    // Ids are drawn at random, so that none is asked for before its key is there, but for that one.
    if (key !== undefined) this.#remembered.set(keyId, key);
    else if (keyId !== ADMIN_KEY_ID) this.#absent.set(keyId, true);
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

/** Compares with every secret that is good, and with something where there is no key: a refusal takes the same time. */
function hasSecret(key: ApiKey | undefined, secret: string, now: number): boolean {
  const hashes =
    key === undefined ? [NO_HASH] : [key, ...validOldSecrets(key, now)].map(({ secretHash }) => secretHash);
  return hashes.map((hash) => secretMatches(secret, hash)).includes(true) && key !== undefined;
}
