import { keyRequestSchema, presentKey } from '../../shared/contracts/api-key.ts';
import { ADMIN_KEY_ID, type ApiKey, formatKey, hashSecret } from '../../shared/domain/api-key.ts';
import type { KeyStore } from '../../shared/store/control-keys.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody } from '../middleware/check.ts';
import { Refusal } from '../middleware/refusal.ts';

export interface KeyDependencies {
  keyStore: Pick<KeyStore, 'create' | 'list' | 'revoke'>;
  now: () => number;
  randomBytes: (octets: number) => Buffer;
}

/** 64 bits against collisions, 256 against guessing. */
const ID_OCTETS = 8;
const SECRET_OCTETS = 32;

/** `POST /v1/keys`: the only answer that holds the key itself. */
export async function createKey(
  { body }: HttpCall,
  { keyStore, now, randomBytes }: KeyDependencies,
): Promise<HttpAnswer> {
  const request = parseBody(keyRequestSchema, body);
  if (request.test) {
    throw refusal(
      '/test',
      'test_mode_unavailable',
      'only live keys (bk_live_) can be made; there is no test operator yet',
    );
  }
  const createdAt = now();
  const expiresAt = request.expires_at === undefined ? undefined : Date.parse(request.expires_at);
  if (expiresAt !== undefined && expiresAt <= createdAt) {
    throw refusal('/expires_at', 'expiry_in_the_past', 'must be in the future');
  }
  const secret = randomBytes(SECRET_OCTETS).toString('base64url');
  const key: ApiKey = {
    keyId: randomBytes(ID_OCTETS).toString('hex'),
    name: request.name,
    secretHash: hashSecret(secret),
    scopes: [...new Set(request.scopes)],
    test: false,
    createdAt,
    ...(request.sender_ids === undefined ? {} : { senderIds: request.sender_ids }),
    ...(request.account === undefined ? {} : { account: request.account }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  await keyStore.create(key);
  return { status: 201, body: { ...presentKey(key), key: formatKey({ keyId: key.keyId, secret, test: key.test }) } };
}

/** `GET /v1/keys` */
export async function listKeys(_call: HttpCall, { keyStore }: KeyDependencies): Promise<HttpAnswer> {
  const keys = await keyStore.list();
  return { status: 200, body: { data: keys.map(presentKey), has_more: false, next_cursor: null } };
}

/** `DELETE /v1/keys/{id}`: the key stays in the list, and works no more. */
export async function revokeKey({ parameters }: HttpCall, { keyStore, now }: KeyDependencies): Promise<HttpAnswer> {
  const keyId = parameters['id'] ?? '';
  // It is the way back in: without it, and without another admin key, nobody could make a key again.
  if (keyId === ADMIN_KEY_ID) {
    throw new Refusal({
      code: 'admin_key_kept',
      detail: 'rotate its secret instead; the new one is installed within a minute',
    });
  }
  const key = await keyStore.revoke(keyId, now());
  if (key === undefined) throw new Refusal({ code: 'not_found', detail: 'there is no key with this id' });
  return { status: 200, body: presentKey(key) };
}

function refusal(pointer: string, code: 'test_mode_unavailable' | 'expiry_in_the_past', detail: string): Refusal {
  return new Refusal({ code, detail: `${pointer}: ${detail}`, errors: [{ pointer, code, detail }] });
}
