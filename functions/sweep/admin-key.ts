import { ADMIN_KEY_ID, formatKey, hashSecret, parseKey } from '../../shared/domain/api-key.ts';
import type { Log } from '../../shared/log/log.ts';
import type { KeyStore } from '../../shared/store/control-keys.ts';

export interface AdminKeyDependencies {
  keyStore: Pick<KeyStore, 'installAdmin'>;
  /** The secret part of the key, as the deployment keeps it. */
  readSecret: () => Promise<string>;
  log: Log;
  now: () => number;
}

/** Installs the key that was made at deploy time, and again whenever its secret is rotated. */
export async function installAdminKey({ keyStore, readSecret, log, now }: AdminKeyDependencies): Promise<void> {
  const secret = await readSecret();
  // What nobody could ever send as a key is refused here rather than found out later.
  if (parseKey(formatKey({ keyId: ADMIN_KEY_ID, secret, test: false })) === undefined) {
    throw new TypeError('the secret of the admin key must be 16 to 128 printable ASCII characters without spaces');
  }
  if (await keyStore.installAdmin(hashSecret(secret), now())) log.info('admin key installed');
}
