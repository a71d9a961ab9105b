import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulatedOperator } from '../../../cdk/local/simulated-operator.ts';
import { type RunningBindery, startLocalStack } from '../../../cdk/local/start.ts';
import { type ApiMessage, messageSchema } from '../../../shared/contracts/message.ts';
import { messagePageSchema } from '../../../shared/contracts/message-list.ts';
import { dryRunSchema, previewSchema } from '../../../shared/contracts/message-preview.ts';
import { problemSchema } from '../../../shared/contracts/problem.ts';
import { erasureSchema } from '../../../shared/contracts/recipient.ts';
import { ApiClient } from '../../e2e/api-client.ts';
import { until } from '../../fixtures/running-stack.ts';

const stateDirectory = mkdtempSync(join(tmpdir(), 'bindery-messages-'));
let stack: RunningBindery;
let client: ApiClient;

beforeAll(async () => {
  const credentials = { systemId: 'bindery', password: 'right' };
  const operator = await startSimulatedOperator({
    port: 0,
    ...credentials,
    segmentsPerSecond: 10,
    onLine: () => undefined,
  });
  stack = await startLocalStack({
    stateDirectory,
    operator: { url: operator.url, ...credentials },
    observe: () => undefined,
  });
  client = new ApiClient({ api: stack.apiUrl, key: stack.key });
  return async () => {
    await stack.close();
    await operator.close();
  };
}, 90_000);

afterAll(() => rmSync(stateDirectory, { recursive: true, force: true }));

const BODY = { to: '0917 555 0101', from: 'Bindery', text: 'Hello' };
const later = (ms: number) => new Date(Date.now() + ms).toISOString();

async function send(different: Record<string, unknown> = {}): Promise<ApiMessage> {
  const answer = await client.post('/v1/messages', JSON.stringify({ ...BODY, ...different }));
  expect(answer).toMatchObject({ status: 202 });
  return messageSchema.parse(answer.body);
}

async function untilDelivered(id: string): Promise<ApiMessage> {
  return await until(
    `${id} delivered`,
    async () => {
      const message = await client.message(id);
      return message.status === 'delivered' && message;
    },
    30_000,
  );
}

describe('messages over HTTP', { timeout: 120_000 }, () => {
  test.concurrent('a message for later goes at its second, and not before', async () => {
    const sendAt = later(3_000);
    const { id, status, send_at } = await send({ send_at: sendAt, lane: 'otp' });
    expect([status, send_at]).toEqual(['scheduled', sendAt]);
    const message = await untilDelivered(id);
    expect(message.timeline.map(({ status }) => status)).toEqual([
      'scheduled',
      'queued',
      'sending',
      'sent',
      'delivered',
    ]);
    const lateMs = Date.parse(message.sent_at ?? '') - Date.parse(sendAt);
    expect(lateMs).toBeGreaterThanOrEqual(0);
    // The queue counts in seconds; and this machine may be busy.
    expect(lateMs).toBeLessThan(15_000);
    // A one-time password is not kept after its hand-off.
    expect(message.text).toBeNull();
  });

  test.concurrent('a message that waits is canceled and never goes', async () => {
    const { id } = await send({ send_at: later(4_000) });
    const answer = await client.post(`/v1/messages/${id}/cancel`, '');
    expect(answer).toMatchObject({ status: 200, body: { id, status: 'canceled' } });
    const { id: marker } = await send({ send_at: later(5_000) });
    await untilDelivered(marker);
    expect(await client.message(id)).toMatchObject({ status: 'canceled', sent_at: null });
    const late = await client.post(`/v1/messages/${marker}/cancel`, '');
    expect(problemSchema.parse(late.body)).toMatchObject({ status: 409, code: 'not_cancelable' });
  });

  test('lists are paged by cursor, through every index', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1)
      ids.unshift((await send({ to: '0917 555 0202', client_ref: 'campaign 1', lane: 'bulk' })).id);
    for (const filter of ['client_ref=campaign%201', 'to=0917-555-0202', 'lane=bulk']) {
      const found: string[] = [];
      let path = `/v1/messages?limit=2&${filter}`;
      for (;;) {
        const answer = await client.request(path, {});
        expect(answer.status).toBe(200);
        const page = messagePageSchema.parse(answer.body);
        found.push(...page.data.map(({ id }) => id));
        if (page.next_cursor === null) break;
        path = `/v1/messages?limit=2&${filter}&cursor=${page.next_cursor}`;
      }
      expect(found, filter).toEqual(ids);
    }
    expect((await client.request('/v1/messages?limit=2&cursor=AAAA', {})).status).toBe(400);
    expect((await client.request('/v1/messages?batch=batch_1', {})).body).toMatchObject({ data: [], has_more: false });
  });

  test('previews and dry runs store nothing', async () => {
    const text = `It’s ${'a'.repeat(80)}`;
    const preview = await client.post('/v1/messages/preview', JSON.stringify({ ...BODY, text }));
    expect(previewSchema.parse(preview.body)).toMatchObject({
      would_be_accepted: true,
      segments: 2,
      smart_encoding: { applied: false, segments: 1 },
    });
    const dry = await client.post('/v1/messages', JSON.stringify({ ...BODY, text, dry_run: true, client_ref: 'dry' }));
    expect(dry.status).toBe(200);
    expect(dryRunSchema.parse(dry.body)).toMatchObject({ id: null, segments: { total: 2 } });
    expect((await client.request('/v1/messages?client_ref=dry', {})).body).toMatchObject({ data: [] });
  });

  test('a body that is no UTF-8 is refused, not read as something else', async () => {
    const response = await fetch(new URL('/v1/messages', stack.apiUrl), {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.key}`, 'content-type': 'application/json' },
      body: Buffer.concat([Buffer.from(JSON.stringify(BODY).slice(0, -2)), Buffer.from([0xff]), Buffer.from('"}')]),
    });
    expect(problemSchema.parse(await response.json())).toMatchObject({ status: 400, code: 'malformed_json' });
  });

  test("a recipient's data is erased", async () => {
    const to = '0917 555 0303';
    const { id } = await send({ to, text: 'Dear Juan' });
    await untilDelivered(id);
    const { id: waiting } = await send({ to, send_at: later(86_400_000) });
    const erasure = await until('erased', async () => {
      const answer = await client.post('/v1/recipients/erase', JSON.stringify({ to }));
      const erasure = erasureSchema.parse(answer.body);
      return erasure.messages_erased === 2 && erasure;
    });
    expect(erasure).toMatchObject({ done: true, messages_canceled: 1 });
    expect(await client.message(id)).toMatchObject({ to: 'erased', text: null, status: 'delivered' });
    expect(await client.message(waiting)).toMatchObject({ to: 'erased', status: 'canceled' });
  });
});
