import { beforeAll, expect, test } from 'vitest';
import { manageHandler } from '../../../functions/manage/handler.ts';
import { createdWebhookEndpointSchema, webhookEndpointSchema } from '../../../shared/contracts/webhook-endpoint.ts';
import type { WebhookEndpoint } from '../../../shared/domain/webhook-endpoint.ts';
import { WebhookStore } from '../../../shared/store/control-webhooks.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { call, httpParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
let key: string;

beforeAll(async () => {
  database = await startDatabase();
  key = await storedKey(database, { keyId: 'hooks', scopes: ['webhooks'] });
});

let made = 0;

function setUp({ loopbackAllowed = false } = {}) {
  const endpoints = new WebhookStore(database.document, 'Control');
  const newEndpointId = () => `we_${String((made += 1)).padStart(26, '0')}`;
  const randomBytes = (octets: number) => Buffer.alloc(octets, 7);
  const handler = manageHandler({
    ...httpParts(database),
    accounts: [],
    endpoints,
    newEndpointId,
    randomBytes,
    loopbackAllowed,
  });
  const create = async (body: unknown) => await call(handler, 'POST /v1/webhook-endpoints', { key, body });
  return { handler, create, endpoints };
}

test('an endpoint is made with a secret that is shown once', async () => {
  const { create, handler } = setUp();
  const answer = await create({ url: 'https://example.com/hook', description: 'shop' });
  expect(answer.status).toBe(201);
  const { secret, ...endpoint } = createdWebhookEndpointSchema.parse(answer.body);
  expect(secret).toBe(`whsec_${Buffer.alloc(32, 7).toString('base64')}`);
  const list = await call(handler, 'GET /v1/webhook-endpoints', { key });
  expect(list.body).toEqual({ data: [endpoint], has_more: false, next_cursor: null });
  expect(webhookEndpointSchema.parse(endpoint)).toMatchObject({ url: 'https://example.com/hook', description: 'shop' });
});

test('the newest endpoint stands first, and a deleted one is gone', async () => {
  const { create, handler } = setUp();
  const [older, newer] = [
    await create({ url: 'https://example.com/1' }),
    await create({ url: 'https://example.com/2' }),
  ];
  const ids = async () => {
    const { body } = await call(handler, 'GET /v1/webhook-endpoints', { key });
    return (body['data'] as { id: string }[]).map(({ id }) => id);
  };
  expect((await ids()).slice(0, 2)).toEqual([newer.body['id'], older.body['id']]);
  const remove = async () =>
    await call(handler, 'DELETE /v1/webhook-endpoints/{id}', { key, parameters: { id: String(newer.body['id']) } });
  expect(await remove()).toMatchObject({ status: 204, body: {} });
  expect(await ids()).not.toContain(newer.body['id']);
  expect(await remove()).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test.each([
  ['plain http', 'http://example.com/hook'],
  ['the metadata service', 'https://169.254.169.254/latest/meta-data'],
  ['loopback', 'http://127.0.0.1:8080/'],
  ['no address', 'hook'],
])('an endpoint at %s is refused', async (_name, url) => {
  expect(await setUp().create({ url })).toMatchObject({
    status: 422,
    body: { code: 'invalid_webhook_url', errors: [{ pointer: '/url', code: 'invalid_webhook_url' }] },
  });
});

test('on one machine an endpoint may be on loopback', async () => {
  expect((await setUp({ loopbackAllowed: true }).create({ url: 'http://127.0.0.1:8080/' })).status).toBe(201);
});

test.each([
  ['no address', {}, '/url'],
  ['an unknown field', { url: 'https://example.com/', secret: 'mine' }, '/secret'],
  ['no events', { url: 'https://example.com/', events: [] }, '/events'],
  ['a type that no event has', { url: 'https://example.com/', events: ['*', 'message.deliverd'] }, '/events/1'],
])('an endpoint with %s is refused', async (_name, body, pointer) => {
  expect(await setUp().create(body)).toMatchObject({
    status: 400,
    body: { code: 'invalid_request', errors: [{ pointer }] },
  });
});

const ROUTE = '/v1/webhook-endpoints/{id}';

async function madeEndpoint(body: object = { url: 'https://example.com/hook' }) {
  const { create, handler, endpoints } = setUp();
  const { id } = (await create(body)).body as { id: string };
  const on = async (method: string, change?: unknown) =>
    await call(handler, `${method} ${ROUTE}`, { key, parameters: { id }, ...(change ? { body: change } : {}) });
  return { id, endpoints, on };
}

test('an endpoint that names no events wants all, and one that does is shown with them', async () => {
  expect((await (await madeEndpoint()).on('GET')).body).toMatchObject({ events: ['*'], enabled: true });
  const some = await madeEndpoint({
    url: 'https://example.com/',
    events: ['message.*', 'batch.completed', 'message.*'],
  });
  expect((await some.on('GET')).body).toMatchObject({ events: ['message.*', 'batch.completed'] });
});

test('a change holds for what it names, and for nothing else', async () => {
  const { on, endpoints, id } = await madeEndpoint({ url: 'https://example.com/', description: 'shop' });
  const before = await endpoints.get(id);
  expect(await on('PATCH', { events: ['message.sent'], url: 'https://example.org/' })).toMatchObject({ status: 200 });
  expect(await endpoints.get(id)).toEqual({ ...before, events: ['message.sent'], url: 'https://example.org/' });
  expect((await on('PATCH', { description: null })).body).toMatchObject({
    description: null,
    events: ['message.sent'],
  });
  expect((await on('PATCH', {})).body).toEqual((await on('GET')).body);
});

test('an endpoint is disabled and enabled by request', async () => {
  const { on } = await madeEndpoint();
  expect((await on('PATCH', { enabled: false })).body).toMatchObject({
    enabled: false,
    disabled_reason: 'by_request',
    disabled_at: '2026-11-22T10:26:40.000Z',
  });
  expect((await on('PATCH', { enabled: true })).body).toMatchObject({ enabled: true, disabled_reason: null });
});

test('an endpoint that is asked to stop and was stopped before keeps why and since when, and takes what else is asked', async () => {
  const { on, endpoints, id } = await madeEndpoint();
  await endpoints.change(id, { disabled: { at: CREATED_AT, reason: 'gone' }, unannounced: true });
  const before = await endpoints.get(id);
  expect(await on('PATCH', { enabled: false, description: 'shop' })).toMatchObject({
    status: 200,
    body: { enabled: false, disabled_reason: 'gone', disabled_at: new Date(CREATED_AT).toISOString() },
  });
  expect(await endpoints.get(id)).toEqual({ ...before, description: 'shop' });
});

test('a change to an address that may not be called is refused, and changes nothing', async () => {
  const { on } = await madeEndpoint();
  const refused = await on('PATCH', { url: 'http://10.0.0.1/', events: ['batch.*'] });
  expect(refused).toMatchObject({ status: 422, body: { code: 'invalid_webhook_url' } });
  expect((await on('GET')).body).toMatchObject({ url: 'https://example.com/hook', events: ['*'] });
});

test('an endpoint that is not there is neither shown nor changed nor made by a change', async () => {
  const { on, endpoints, id } = await madeEndpoint();
  await endpoints.delete(id);
  expect([(await on('GET')).status, (await on('PATCH', { enabled: true })).status]).toEqual([404, 404]);
  expect(await endpoints.get(id)).toBeUndefined();
});

test('no more endpoints are made than each event can be matched with', async () => {
  const { handler, endpoints } = setUp();
  const some = await endpoints.list();
  const full = new WebhookStore(database.document, 'Control');
  full.list = async () => Array.from({ length: 100 }, () => ({ endpointId: 'we_0' }) as WebhookEndpoint);
  expect(some.length).toBeLessThan(100);
  const crowded = manageHandler({
    ...httpParts(database),
    accounts: [],
    endpoints: full,
    newEndpointId: () => 'we_new',
    randomBytes: (octets: number) => Buffer.alloc(octets),
    loopbackAllowed: false,
  });
  const body = { url: 'https://example.com/' };
  expect(await call(crowded, 'POST /v1/webhook-endpoints', { key, body })).toMatchObject({
    status: 409,
    body: { code: 'too_many_endpoints' },
  });
  expect((await call(handler, 'POST /v1/webhook-endpoints', { key, body })).status).toBe(201);
});

test('endpoints are for keys with their scope', async () => {
  const sender = await storedKey(database, { keyId: 'sender', scopes: ['messages:send'] });
  const answer = await call(setUp().handler, 'GET /v1/webhook-endpoints', { key: sender });
  expect(answer).toMatchObject({ status: 403, body: { code: 'missing_scope', detail: 'it needs the scope webhooks' } });
});

test('a rotated secret is new, shown once, and the one before it signs on until its grace is over', async () => {
  const { on, endpoints, id } = await madeEndpoint();
  await endpoints.change(id, { secret: 'whsec_before' });
  const rotated = await call(setUp().handler, `POST ${ROUTE}/rotate`, {
    key,
    parameters: { id },
    body: { grace_seconds: 60 },
  });
  expect(rotated.status).toBe(200);
  const { secret } = createdWebhookEndpointSchema.parse(rotated.body);
  expect(await endpoints.get(id)).toMatchObject({
    secret,
    oldSecrets: [{ secret: 'whsec_before', until: CREATED_AT + 60_000 }],
  });
  expect(secret).not.toBe('whsec_before');
  expect(JSON.stringify((await on('GET')).body)).not.toContain('whsec_');
});

test('a rotation without grace ends all secrets before it, and with grace at most three stay', async () => {
  const { endpoints, id } = await madeEndpoint();
  const { handler } = setUp();
  const rotate = async (body?: object) =>
    await call(handler, `POST ${ROUTE}/rotate`, { key, parameters: { id }, body });
  const statuses = [];
  for (let count = 0; count < 4; count += 1) statuses.push((await rotate()).status);
  expect(statuses).toEqual([200, 200, 200, 409]);
  expect((await rotate({ grace_seconds: 0 })).status).toBe(200);
  expect((await endpoints.get(id))?.oldSecrets).toEqual([]);
  await endpoints.delete(id);
  expect((await rotate()).status).toBe(404);
});
