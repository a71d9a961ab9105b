import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { type Simulator, startSimulator } from '../../../binder/simulator/simulator.ts';
import { type RunningBindery, startLocalStack } from '../../../cdk/local/start.ts';
import { createdKeySchema } from '../../../shared/contracts/api-key.ts';
import { inboundMessagePageSchema } from '../../../shared/contracts/inbound-message.ts';
import { optOutImportResultSchema, optOutPageSchema } from '../../../shared/contracts/opt-out.ts';
import { ApiClient } from '../../e2e/api-client.ts';
import { until } from '../../fixtures/running-stack.ts';

const SYSTEM_ID = 'bindery';
const SUBSCRIBER = '+639171234567';

let operator: Simulator;
let stack: RunningBindery;
let admin: ApiClient;

beforeAll(async () => {
  const stateDirectory = mkdtempSync(join(tmpdir(), 'bindery-people-'));
  operator = await startSimulator({ systems: [{ systemId: SYSTEM_ID, password: 'right' }], receiptDelayMs: 100 });
  stack = await startLocalStack({
    stateDirectory,
    strict: true,
    operator: { url: operator.url, systemId: SYSTEM_ID, password: 'right' },
  });
  admin = new ApiClient({ api: stack.apiUrl, key: stack.key });
  return async () => {
    await stack.close();
    await operator.close();
    rmSync(stateDirectory, { recursive: true, force: true });
  };
}, 90_000);

const sendBulk = async (to: string) =>
  await admin.send({ to, from: 'BINDERY', text: 'A big sale of small things', lane: 'bulk' });
const optOuts = async () => optOutPageSchema.parse((await admin.request('/v1/opt-outs', {})).body).data;

test('who has opted out gets no promotion until the opt-out is removed, in whatever form the number is written', async () => {
  const body = JSON.stringify({ number: '0917-123-4567', scope: 'promotional' });
  expect((await admin.post('/v1/opt-outs', body)).status).toBe(201);
  expect(await sendBulk(SUBSCRIBER)).toMatchObject({ kind: 'refused', problem: { code: 'recipient_opted_out' } });
  const path = `/v1/opt-outs/${encodeURIComponent(SUBSCRIBER)}`;
  expect((await admin.request(path, { method: 'DELETE' })).status).toBe(204);
  const again = await admin.request('/v1/opt-outs/09171234567', { method: 'DELETE' });
  expect(again).toMatchObject({ status: 404, body: { instance: '/v1/opt-outs/{number}' } });
  expect(await sendBulk(SUBSCRIBER)).toMatchObject({ kind: 'accepted' });
});

test('a list of opt-outs goes in as JSON and comes out as CSV', async () => {
  const numbers = ['0918 000 0001', '0918 000 0002', 'nobody'];
  const imported = await admin.post('/v1/opt-outs/import', JSON.stringify({ numbers }));
  expect(optOutImportResultSchema.parse(imported.body)).toMatchObject({ added: 2, refused: 1 });
  expect((await optOuts()).map(({ number }) => number)).toEqual(['+639180000001', '+639180000002']);
  const exported = await admin.request('/v1/opt-outs/export', {});
  expect(exported.headers.get('content-type')).toMatch(/^text\/csv/);
  expect(String(exported.body).split('\r\n')).toHaveLength(4);
});

test('a rotated key and the one before it both work', async () => {
  const request = { name: 'shop', scopes: ['messages:read'] };
  const first = createdKeySchema.parse((await admin.post('/v1/keys', JSON.stringify(request))).body);
  const statusWith = async (key: string) =>
    (await new ApiClient({ api: stack.apiUrl, key }).request('/v1/messages', {})).status;
  expect(await statusWith(first.key)).toBe(200);
  const second = createdKeySchema.parse((await admin.post(`/v1/keys/${first.id}/rotate`, '')).body);
  // An environment that knows the key looks again after a second at the earliest.
  await until('the new secret to be known', async () => (await statusWith(second.key)) === 200);
  expect(await statusWith(first.key)).toBe(200);
});

test('what subscribers write is listed, a long message as a whole', async () => {
  const ask = async () =>
    inboundMessagePageSchema.parse((await admin.request('/v1/inbound-messages?from=09171234567', {})).body).data;
  operator.sendInbound(SYSTEM_ID, { from: '639171234567', to: 'BINDERY', text: 'STOP' });
  await until('the first message', async () => (await ask()).length === 1);
  operator.sendInbound(SYSTEM_ID, { from: '639171234567', to: 'BINDERY', text: 'so long '.repeat(30) });
  const listed = await until('all of them', async () => {
    const messages = await ask();
    return messages.length === 2 && messages[0]?.status === 'complete' && messages;
  });
  expect(listed[1]).toMatchObject({ from: SUBSCRIBER, to: 'BINDERY', text: 'STOP', status: 'complete' });
  expect(listed[0]).toMatchObject({ text: 'so long '.repeat(30), parts: { received: 2, total: 2 } });
});

test('and no log has a number or a text of all that', () => {
  const logs = readdirSync(stack.logFolder).map((file) => readFileSync(join(stack.logFolder, file), 'utf8'));
  expect(logs.join('\n')).toContain('lease taken');
  expect(logs.join('\n')).not.toMatch(/9171234567|918000000|so long so long/);
});
