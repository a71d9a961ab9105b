import { keyRotationSchema, presentKey } from '../../shared/contracts/api-key.ts';
import { type ApiKey, formatKey, hashSecret, type OldSecret, validOldSecrets } from '../../shared/domain/api-key.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody } from '../middleware/check.ts';
import { Refusal } from '../middleware/refusal.ts';
import { type KeyDependencies, managedKey, refuseAdminKey, SECRET_OCTETS } from './keys.ts';

/** Every request with the key is compared with each of them. */
const MOST_OLD_SECRETS = 3;

/** `POST /v1/keys/{id}/rotate`: a new secret, shown this once; those before it work for a while longer. */
export async function rotateKey(
  { caller, parameters, body }: HttpCall,
  { keyStore, now, randomBytes }: KeyDependencies,
): Promise<HttpAnswer> {
  const { grace_seconds: graceSeconds } = parseBody(keyRotationSchema, body ?? {});
  const keyId = parameters['id'] ?? '';
  refuseAdminKey(keyId);
  const key = await managedKey(keyId, caller, keyStore);
  const at = now();
  refuseInactive(key, at);
  const secret = randomBytes(SECRET_OCTETS).toString('base64url');
  const oldSecrets = oldSecretsAfter(key, { now: at, until: at + graceSeconds * 1_000 });
  const rotated = await keyStore.rotate(key, { secretHash: hashSecret(secret), oldSecrets }, at);
  if (rotated === undefined) throw inactive('it was rotated or revoked at the same moment');
  const { test } = rotated;
  return { status: 200, body: { ...presentKey(rotated, at), key: formatKey({ keyId, secret, test }) } };
}

function refuseInactive({ revokedAt, expiresAt }: ApiKey, now: number): void {
  if (revokedAt !== undefined) throw inactive('it is revoked');
  if (expiresAt !== undefined && expiresAt <= now) throw inactive('it has expired');
}

/** The secrets before the new one. None of them outlives this rotation's grace. @throws Refusal where they become too many */
function oldSecretsAfter(key: ApiKey, { now, until }: { now: number; until: number }): OldSecret[] {
  const known = [...validOldSecrets(key, now), { secretHash: key.secretHash, until }];
  const old = known.map((each) => ({ ...each, until: Math.min(each.until, until) })).filter((each) => each.until > now);
  if (old.length <= MOST_OLD_SECRETS) return old;
  throw inactive(
    `${MOST_OLD_SECRETS} old secrets still work; wait until one has ended, or end them with grace_seconds 0`,
  );
}

function inactive(detail: string): Refusal {
  return new Refusal({ code: 'not_rotatable', detail });
}
