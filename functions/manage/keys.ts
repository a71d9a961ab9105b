import type { ApiAccount } from '../../shared/config/environment.ts';
import { type KeyRequest, keyRequestSchema, presentKey, quotaOf } from '../../shared/contracts/api-key.ts';
import { ADMIN_KEY_ID, type ApiKey, formatKey, hashSecret, TEST_SCOPES } from '../../shared/domain/api-key.ts';
import { accountsInReach, mayManage } from '../../shared/domain/reach.ts';
import { checkSenderId } from '../../shared/domain/sender-id.ts';
import type { KeyStore } from '../../shared/store/control-keys.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody } from '../middleware/check.ts';
import { fieldRefusal, Refusal } from '../middleware/refusal.ts';

export interface KeyDependencies {
  keyStore: Pick<KeyStore, 'create' | 'get' | 'list' | 'revoke' | 'rotate'>;
  /** Of the deployment, with those that serve test keys. */
  accounts: readonly Pick<ApiAccount, 'name' | 'simulated'>[];
  now: () => number;
  randomBytes: (octets: number) => Buffer;
}

/** 64 bits against collisions, 256 against guessing. */
const ID_OCTETS = 8;
export const SECRET_OCTETS = 32;

/** `POST /v1/keys`: the only answer that holds the key itself. */
export async function createKey(
  { caller, body, reservation }: HttpCall,
  { keyStore, accounts, now, randomBytes }: KeyDependencies,
): Promise<HttpAnswer> {
  const request = withAccountOf(caller, parseBody(keyRequestSchema, body));
  checkMode(request, caller, accounts);
  const createdAt = now();
  const expiresAt = request.expires_at === undefined ? undefined : Date.parse(request.expires_at);
  if (expiresAt !== undefined && expiresAt <= createdAt) {
    throw fieldRefusal('/expires_at', 'expiry_in_the_past', 'must be in the future');
  }
  checkSenderIds(request.sender_ids ?? []);
  const secret = randomBytes(SECRET_OCTETS).toString('base64url');
  const key: ApiKey = {
    keyId: reservation?.ulid ?? randomBytes(ID_OCTETS).toString('hex'),
    name: request.name,
    secretHash: hashSecret(secret),
    scopes: [...new Set(request.scopes)],
    test: request.test,
    createdAt,
    ...(request.sender_ids === undefined ? {} : { senderIds: request.sender_ids }),
    ...(request.account === undefined ? {} : { account: request.account }),
    ...(request.quota === undefined ? {} : { quota: quotaOf(request.quota) }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  // An earlier run of the same request may have made it; nobody knows that secret.
  await keyStore.create(key, { replacing: reservation?.isRerun ?? false });
  return {
    status: 201,
    body: { ...presentKey(key, createdAt), key: formatKey({ keyId: key.keyId, secret, test: key.test }) },
  };
}

/** `GET /v1/keys` */
export async function listKeys({ caller }: HttpCall, { keyStore, now }: KeyDependencies): Promise<HttpAnswer> {
  const keys = (await keyStore.list()).filter((key) => mayManage(caller, key));
  const at = now();
  return { status: 200, body: { data: keys.map((key) => presentKey(key, at)), has_more: false, next_cursor: null } };
}

/** `DELETE /v1/keys/{id}`: the key stays in the list, and works no more. */
export async function revokeKey(
  { caller, parameters }: HttpCall,
  { keyStore, now }: KeyDependencies,
): Promise<HttpAnswer> {
  const keyId = parameters['id'] ?? '';
  // It is the way back in: without it, and without another admin key, nobody could make a key again.
  refuseAdminKey(keyId);
  await managedKey(keyId, caller, keyStore);
  const at = now();
  const key = await keyStore.revoke(keyId, at);
  if (key === undefined) throw noKey();
  return { status: 200, body: presentKey(key, at) };
}

/** What is out of the caller's reach is not there at all. @throws Refusal */
export async function managedKey(keyId: string, caller: ApiKey, keyStore: Pick<KeyStore, 'get'>): Promise<ApiKey> {
  const key = await keyStore.get(keyId);
  if (key === undefined || !mayManage(caller, key)) throw noKey();
  return key;
}

function noKey(): Refusal {
  return new Refusal({ code: 'not_found', detail: 'there is no key with this id' });
}

/** @throws Refusal for the key whose secret the deployment keeps */
export function refuseAdminKey(keyId: string): void {
  if (keyId !== ADMIN_KEY_ID) return;
  throw new Refusal({
    code: 'admin_key_kept',
    detail: "put a new value into the deployment's secret instead; it is installed within a minute",
  });
}

/** Who belongs to an account makes keys for that account, without having to say so. */
function withAccountOf({ account }: ApiKey, request: KeyRequest): KeyRequest {
  return account === undefined || request.account !== undefined ? request : { ...request, account };
}

/** Whether the caller can make a key of this kind for these scopes and this account. @throws Refusal */
function checkMode({ test, scopes, account }: KeyRequest, caller: ApiKey, accounts: KeyDependencies['accounts']): void {
  if (test && accountsInReach({ test }, accounts).length === 0) {
    throw fieldRefusal('/test', 'test_mode_unavailable', 'only live keys (bk_live_…) can be made here');
  }
  const possible = accountsInReach({ ...caller, test }, accounts).map(({ name }) => name);
  if (possible.length === 0) {
    throw fieldRefusal(
      '/account',
      'unknown_account',
      'a key of one account makes no test keys: they have an account of their own',
    );
  }
  const index = test ? scopes.findIndex((scope) => !TEST_SCOPES.has(scope)) : -1;
  if (index >= 0) {
    throw fieldRefusal(`/scopes/${index}`, 'scope_not_for_tests', `a test key cannot have the scope ${scopes[index]}`);
  }
  if (account !== undefined && !possible.includes(account)) {
    throw fieldRefusal(
      '/account',
      'unknown_account',
      `a ${test ? 'test' : 'live'} key can be for ${possible.join(', ')}`,
    );
  }
}

/** A key for sender ids that nobody can use could never send, and nobody would see why. */
function checkSenderIds(senderIds: readonly string[]): void {
  const errors = senderIds.flatMap((senderId, at) => {
    const checked = checkSenderId(senderId);
    if (checked.kind === 'ok') return [];
    return [{ pointer: `/sender_ids/${at}`, code: checked.code, detail: checked.detail }];
  });
  const [first] = errors;
  if (first !== undefined) throw new Refusal({ code: first.code, detail: `${first.pointer}: ${first.detail}`, errors });
}
