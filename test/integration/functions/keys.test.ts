import { beforeAll, describe, expect, test } from 'vitest';
import { manageHandler } from '../../../functions/manage/handler.ts';
import { queryHandler } from '../../../functions/query/handler.ts';
import { installAdminKey } from '../../../functions/sweep/admin-key.ts';
import { createdKeySchema, keySchema } from '../../../shared/contracts/api-key.ts';
import { WebhookStore } from '../../../shared/store/control-webhooks.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { call, httpParts, queryParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
let admin: string;

beforeAll(async () => {
  database = await startDatabase();
  admin = await storedKey(database, { keyId: 'boss', scopes: ['admin'] });
});

let made = 0;

function setUp({ testMode = true } = {}) {
  const parts = httpParts(database);
  const dependencies = {
    ...parts,
    endpoints: new WebhookStore(database.document, 'Control'),
    accounts: [{ name: 'main' }, { name: 'second' }, ...(testMode ? [{ name: 'test', simulated: true as const }] : [])],
    loopbackAllowed: false,
    newEndpointId: () => 'we_1',
    randomBytes: (octets: number) => Buffer.alloc(octets, (made += 1)),
  };
  const query = queryHandler({ ...queryParts(database), ...parts });
  /** 404 where the key is let in, 401 where it is not. */
  const statusWith = async (key: string) =>
    (await call(query, 'GET /v1/messages/{id}', { key, parameters: { id: 'none' } })).status;
  return { ...dependencies, handler: manageHandler(dependencies), statusWith };
}

const REQUEST = { name: 'shop', scopes: ['messages:send', 'messages:read'] };

test('a key is shown once, works at once, and is kept without its secret', async () => {
  const { handler, statusWith } = setUp();
  const answer = await call(handler, 'POST /v1/keys', { key: admin, body: { ...REQUEST, sender_ids: ['MyShop'] } });
  expect(answer.status).toBe(201);
  const created = createdKeySchema.parse(answer.body);
  expect(created.key).toMatch(/^bk_live_[0-9a-f]{16}_[\w-]{43}$/);
  expect(await statusWith(created.key)).toBe(404);
  const list = await call(handler, 'GET /v1/keys', { key: admin });
  const { key, ...shown } = created;
  const listed = (list.body['data'] as { id: string }[]).find(({ id }) => id === created.id);
  expect(listed).toMatchObject({ ...shown, last_used_at: expect.any(String) as string });
  expect(keySchema.parse(listed)).not.toHaveProperty('key');
  const stored = JSON.stringify(await database.items('Control'));
  expect(stored).not.toContain(key.split('_').slice(3).join('_'));
});

test('a revoked key stays in the list, and works no more in an environment that did not know it', async () => {
  const { handler } = setUp();
  const { body } = await call(handler, 'POST /v1/keys', { key: admin, body: REQUEST });
  const parameters = { id: String(body['id']) };
  const revoked = await call(handler, 'DELETE /v1/keys/{id}', { key: admin, parameters });
  expect(revoked).toMatchObject({ status: 200, body: { id: body['id'], revoked_at: '2026-11-22T10:26:40.000Z' } });
  expect(await setUp().statusWith(String(body['key']))).toBe(401);
  const list = await call(handler, 'GET /v1/keys', { key: admin });
  expect(list.body['data']).toContainEqual(revoked.body);
});

test('an environment that knew a key lets a revoked one in for half a minute at most', async () => {
  const { handler, statusWith, clock } = setUp();
  const { body } = await call(handler, 'POST /v1/keys', { key: admin, body: REQUEST });
  const key = String(body['key']);
  expect(await statusWith(key)).toBe(404);
  await call(handler, 'DELETE /v1/keys/{id}', { key: admin, parameters: { id: String(body['id']) } });
  clock.now = CREATED_AT + 29_999;
  expect(await statusWith(key)).toBe(404);
  clock.now = CREATED_AT + 30_000;
  expect(await statusWith(key)).toBe(401);
});

test('a key works until it expires', async () => {
  const { handler, statusWith, clock } = setUp();
  const body = { ...REQUEST, expires_at: '2026-11-22T18:26:50+08:00' };
  const created = await call(handler, 'POST /v1/keys', { key: admin, body });
  expect(created.body['expires_at']).toBe('2026-11-22T10:26:50.000Z');
  expect(await statusWith(String(created.body['key']))).toBe(404);
  clock.now = CREATED_AT + 10_000;
  expect(await statusWith(String(created.body['key']))).toBe(401);
});

test('the last use of a key is kept, to the hour, and a failure to keep it fails nobody', async () => {
  const { handler, statusWith, clock, keyStore, log } = setUp();
  const { body } = await call(handler, 'POST /v1/keys', { key: admin, body: REQUEST });
  const id = String(body['id']);
  const lastUse = async () => (await keyStore.get(id))?.lastUsedAt;
  expect(await lastUse()).toBeUndefined();
  await statusWith(String(body['key']));
  clock.now += 1_000_000;
  await statusWith(String(body['key']));
  expect(await lastUse()).toBe(CREATED_AT);
  clock.now += 3_000_000;
  await statusWith(String(body['key']));
  expect(await lastUse()).toBe(clock.now);
  clock.now += 4_000_000;
  keyStore.markUsed = () => Promise.reject(new Error('no right to write'));
  expect(await statusWith(String(body['key']))).toBe(404);
  expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', key_id: id }));
});

test.each<[string, Record<string, unknown>, number, string, string]>([
  ['a sender id that nobody can use', { sender_ids: ['BINDERY', '!!'] }, 422, 'invalid_sender_id', '/sender_ids/1'],
  ['an account that is not here', { account: 'elsewhere' }, 422, 'unknown_account', '/account'],
  ['the account of tests, but for live messages', { account: 'test' }, 422, 'unknown_account', '/account'],
  ['a live account, but for tests', { account: 'main', test: true }, 422, 'unknown_account', '/account'],
  [
    'the scope to make live keys, for tests',
    { scopes: ['messages:send', 'admin'], test: true },
    422,
    'scope_not_for_tests',
    '/scopes/1',
  ],
  ['an expiry in the past', { expires_at: '2020-01-01T00:00:00Z' }, 422, 'expiry_in_the_past', '/expires_at'],
  ['an expiry that is no time', { expires_at: 'tomorrow' }, 400, 'invalid_request', '/expires_at'],
  ['no scopes', { scopes: [] }, 400, 'invalid_request', '/scopes'],
  ['an unheard-of scope', { scopes: ['everything'] }, 400, 'invalid_request', '/scopes/0'],
  ['no name', { name: '' }, 400, 'invalid_request', '/name'],
  ['an unknown field', { key: 'my own' }, 400, 'invalid_request', '/key'],
])('a key is not made with %s', async (_name, different, status, code, pointer) => {
  const body = { ...REQUEST, ...different };
  const answer = await call(setUp().handler, 'POST /v1/keys', { key: admin, body });
  expect(answer).toMatchObject({ status, body: { code, errors: [{ pointer }] } });
});

test('a key belongs to an account of the deployment', async () => {
  const body = { ...REQUEST, account: 'second' };
  const answer = await call(setUp().handler, 'POST /v1/keys', { key: admin, body });
  expect(answer).toMatchObject({ status: 201, body: { account: 'second', test: false } });
});

test('a test key says so in its first characters and in the list', async () => {
  const { handler, statusWith } = setUp();
  const created = await call(handler, 'POST /v1/keys', { key: admin, body: { ...REQUEST, test: true } });
  const key = String(created.body['key']);
  expect(created).toMatchObject({ status: 201, body: { test: true } });
  expect(key).toMatch(/^bk_test_/);
  expect(await statusWith(key)).toBe(404);
  expect(await statusWith(key.replace('bk_test_', 'bk_live_'))).toBe(401);
  const list = await call(handler, 'GET /v1/keys', { key: admin });
  expect(list.body['data']).toContainEqual(expect.objectContaining({ id: created.body['id'], test: true }));
});

describe('an admin key that belongs to an account', () => {
  const bound = async () => await storedKey(database, { keyId: `bound${made}`, scopes: ['admin'], account: 'second' });

  test('makes keys for that account and for no other, and no test keys', async () => {
    const { handler } = setUp();
    const key = await bound();
    const make = async (different: object) =>
      await call(handler, 'POST /v1/keys', { key, body: { name: 'one more', scopes: ['admin'], ...different } });
    expect(await make({})).toMatchObject({ status: 201, body: { account: 'second' } });
    expect(await make({ account: 'second' })).toMatchObject({ status: 201, body: { account: 'second' } });
    const refused = { status: 422, body: { code: 'unknown_account', errors: [{ pointer: '/account' }] } };
    expect(await make({ account: 'main' })).toMatchObject(refused);
    expect(await make({ scopes: ['messages:read'], test: true })).toMatchObject(refused);
  });

  test("sees, rotates and revokes that account's keys, and others are not there", async () => {
    const { handler } = setUp();
    const key = await bound();
    const ids = { first: `first${made}`, main: `main${made}`, second: `second${made}` };
    await storedKey(database, { keyId: ids.first, scopes: ['admin'] });
    await storedKey(database, { keyId: ids.main, scopes: ['messages:read'], account: 'main' });
    await storedKey(database, { keyId: ids.second, scopes: ['messages:read'], account: 'second' });
    const list = await call(handler, 'GET /v1/keys', { key });
    const listed = list.body['data'] as { id: string; account: string | null }[];
    expect(listed.map(({ id }) => id)).toContain(ids.second);
    expect(new Set(listed.map(({ account }) => account))).toEqual(new Set(['second']));
    for (const route of ['POST /v1/keys/{id}/rotate', 'DELETE /v1/keys/{id}']) {
      const statusOf = async (id: string) => (await call(handler, route, { key, parameters: { id } })).status;
      expect(await statusOf(ids.first)).toBe(404);
      expect(await statusOf(ids.main)).toBe(404);
      expect(await statusOf(ids.second)).toBe(200);
    }
  });

  test('has no webhook endpoints: they are told of the messages of all accounts', async () => {
    const { handler } = setUp();
    const key = await bound();
    const hooks = await storedKey(database, { keyId: `hooks${made}`, scopes: ['webhooks'], account: 'second' });
    for (const caller of [key, hooks]) {
      const answer = await call(handler, 'POST /v1/webhook-endpoints', {
        key: caller,
        body: { url: 'https://example.com/hook' },
      });
      expect(answer).toMatchObject({ status: 403, body: { code: 'missing_scope' } });
    }
  });
});

test('a deployment without test mode makes no test keys', async () => {
  const body = { ...REQUEST, test: true };
  const answer = await call(setUp({ testMode: false }).handler, 'POST /v1/keys', { key: admin, body });
  expect(answer).toMatchObject({
    status: 422,
    body: { code: 'test_mode_unavailable', errors: [{ pointer: '/test' }] },
  });
});

test('the admin key is not revoked over the API: it is the way back in', async () => {
  const answer = await call(setUp().handler, 'DELETE /v1/keys/{id}', { key: admin, parameters: { id: 'admin' } });
  expect(answer).toMatchObject({ status: 409, body: { code: 'admin_key_kept' } });
});

test('a key that does not exist cannot be revoked', async () => {
  const answer = await call(setUp().handler, 'DELETE /v1/keys/{id}', { key: admin, parameters: { id: 'none' } });
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test.each(['POST /v1/keys', 'GET /v1/keys', 'DELETE /v1/keys/{id}'])('%s is for admin keys', async (route) => {
  const { handler } = setUp();
  const { body } = await call(handler, 'POST /v1/keys', { key: admin, body: REQUEST });
  const options = {
    key: String(body['key']),
    parameters: { id: 'boss' },
    ...(route.startsWith('POST') ? { body: REQUEST } : {}),
  };
  expect(await call(handler, route, options)).toMatchObject({ status: 403, body: { code: 'missing_scope' } });
});

test('the key that was made at deploy time is installed, and again when its secret is rotated', async () => {
  const { keyStore, log, now, statusWith } = setUp();
  const install = async (secret: string) =>
    await installAdminKey({ keyStore, log, now, readSecret: () => Promise.resolve(secret) });
  const first = 'A'.repeat(40);
  const second = 'B'.repeat(40);
  await install(first);
  await install(first);
  expect(await statusWith(`bk_live_admin_${first}`)).toBe(404);
  expect(log.lines.filter(({ message }) => message === 'admin key installed')).toHaveLength(1);
  await install(second);
  const { statusWith: statusElsewhere } = setUp();
  expect(await statusElsewhere(`bk_live_admin_${first}`)).toBe(401);
  expect(await statusElsewhere(`bk_live_admin_${second}`)).toBe(404);
});

test('an admin key that was revoked stays so until its secret is rotated', async () => {
  const { keyStore, log, now } = setUp();
  const install = async (secret: string) =>
    await installAdminKey({ keyStore, log, now, readSecret: () => Promise.resolve(secret) });
  const secret = 'C'.repeat(40);
  await install(secret);
  await keyStore.revoke('admin', now());
  await install(secret);
  expect(await setUp().statusWith(`bk_live_admin_${secret}`)).toBe(401);
  await install('D'.repeat(40));
  expect(await setUp().statusWith(`bk_live_admin_${'D'.repeat(40)}`)).toBe(404);
});

test.each(['', 'short', 'with spaces in it, and long enough'])(
  'the secret %j could never be sent, and is refused',
  async (secret) => {
    const { keyStore, log, now } = setUp();
    await expect(installAdminKey({ keyStore, log, now, readSecret: () => Promise.resolve(secret) })).rejects.toThrow(
      TypeError,
    );
  },
);

describe('a key that is rotated', () => {
  async function rotated(body?: unknown) {
    const parts = setUp();
    const created = await call(parts.handler, 'POST /v1/keys', { key: admin, body: REQUEST });
    const parameters = { id: String(created.body['id']) };
    const rotate = async (asked: unknown) =>
      await call(parts.handler, 'POST /v1/keys/{id}/rotate', { key: admin, parameters, body: asked });
    return { ...parts, rotate, parameters, first: String(created.body['key']), answer: await rotate(body) };
  }

  test('has a new secret, shown this once, and the old one works for a day', async () => {
    const { answer, first, statusWith, clock, handler } = await rotated();
    expect(answer.status).toBe(200);
    const second = createdKeySchema.parse(answer.body);
    expect(second).toMatchObject({
      rotated_at: '2026-11-22T10:26:40.000Z',
      old_secrets_until: '2026-11-23T10:26:40.000Z',
    });
    expect(second.key).not.toBe(first);
    expect([await statusWith(first), await statusWith(second.key)]).toEqual([404, 404]);
    clock.now += 86_400_000;
    expect([await statusWith(first), await statusWith(second.key)]).toEqual([401, 404]);
    const list = await call(handler, 'GET /v1/keys', { key: admin });
    const { key: _key, ...shown } = { ...second, old_secrets_until: null };
    expect(list.body['data']).toContainEqual({ ...shown, last_used_at: expect.any(String) as string });
  });

  test('is known by its new secret at once, also where the old one is remembered', async () => {
    const { first, statusWith, clock, rotate } = await rotated();
    expect(await statusWith(first)).toBe(404);
    clock.now += 1_000;
    const { body } = await rotate({ grace_seconds: 3_600 });
    expect(await statusWith(String(body['key']))).toBe(404);
  });

  test('with a grace of 0 has one secret and no other', async () => {
    const { first, answer, rotate } = await rotated();
    const last = await rotate({ grace_seconds: 0 });
    expect(last.body['old_secrets_until']).toBeNull();
    const elsewhere = setUp();
    const keys = [first, String(answer.body['key']), String(last.body['key'])];
    expect(await Promise.all(keys.map(elsewhere.statusWith))).toEqual([401, 401, 404]);
  });

  test('has three old secrets at the most', async () => {
    const { rotate } = await rotated();
    await rotate({});
    await rotate({});
    expect(await rotate({})).toMatchObject({ status: 409, body: { code: 'not_rotatable' } });
    expect((await rotate({ grace_seconds: 0 })).status).toBe(200);
  });

  test('must be there and work; the admin key is rotated where it is kept', async () => {
    const { rotate, parameters, handler } = await rotated();
    await call(handler, 'DELETE /v1/keys/{id}', { key: admin, parameters });
    expect(await rotate({})).toMatchObject({ status: 409, body: { code: 'not_rotatable' } });
    const at = async (id: string) =>
      await call(handler, 'POST /v1/keys/{id}/rotate', { key: admin, parameters: { id } });
    expect(await at('none')).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await at('admin')).toMatchObject({ status: 409, body: { code: 'admin_key_kept' } });
  });
});
