import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { startSimulatedOperator } from '../../../cdk/local/simulated-operator.ts';
import { type RunningBindery, startLocalStack } from '../../../cdk/local/start.ts';
import { createdKeySchema } from '../../../shared/contracts/api-key.ts';
import type { MessageEvent } from '../../../shared/contracts/event.ts';
import { type ApiMessage, messageSchema } from '../../../shared/contracts/message.ts';
import type { MessageStatus } from '../../../shared/domain/message.ts';
import { ApiClient } from '../../e2e/api-client.ts';
import { until } from '../../fixtures/running-stack.ts';

const stateDirectory = mkdtempSync(join(tmpdir(), 'bindery-test-mode-'));
const events: MessageEvent['metadata'][] = [];
/** What the operator, who is no part of this, hears. */
const operatorLines: string[] = [];
let stack: RunningBindery;
let live: ApiClient;
let tester: ApiClient;

beforeAll(async () => {
  const operator = await startSimulatedOperator({
    port: 0,
    systemId: 'bindery',
    password: 'right',
    segmentsPerSecond: 10,
    onLine: (line) => void operatorLines.push(line),
  });
  stack = await startLocalStack({
    stateDirectory,
    operator: { url: operator.url, systemId: 'bindery', password: 'right' },
    observe: (seen) => {
      if (seen.kind !== 'bus_event') return;
      const { metadata } = seen.event.detail as MessageEvent;
      // The account of the operator is bound beside it, and does nothing else.
      if (metadata.account !== 'smpp-asia' || seen.event['detail-type'] !== 'session.bound') events.push(metadata);
    },
  });
  live = new ApiClient({ api: stack.apiUrl, key: stack.key });
  const scopes = ['messages:send', 'messages:send:otp', 'messages:read'];
  const made = await live.post('/v1/keys', JSON.stringify({ name: 'tester', scopes, test: true }));
  tester = new ApiClient({ api: stack.apiUrl, key: createdKeySchema.parse(made.body).key });
  return async () => {
    await stack.close();
    await operator.close();
    rmSync(stateDirectory, { recursive: true, force: true });
  };
}, 90_000);

async function send(number: string, more: Record<string, unknown> = {}): Promise<string> {
  const body = { to: `+63900555${number}`, from: 'BINDERY', text: 'Hello', ...more };
  const answer = await tester.post('/v1/messages', JSON.stringify(body));
  expect(answer).toMatchObject({ status: 202, body: { test: true, account: 'test' } });
  return messageSchema.parse(answer.body).id;
}

async function untilIs(id: string, status: MessageStatus, timeoutMs = 30_000): Promise<ApiMessage> {
  return await until(
    `${id} ${status}`,
    async () => {
      const message = await tester.message(id);
      if (message.is_final && message.status !== status) throw new Error(`${message.status} instead of ${status}`);
      return message.status === status && message;
    },
    timeoutMs,
  );
}

/** Instead of each minute. */
async function sweepEachSecond(over: AbortSignal): Promise<void> {
  const sweep = stack.stack.functions.find(({ specification }) => specification.name === 'sweep');
  while (!over.aborted) {
    await sweep?.invoke({});
    await delay(1_000);
  }
}

const statusesOf = ({ timeline }: ApiMessage) => timeline.map(({ status }) => status);
const secondsIn = ({ sent_at, finalized_at }: ApiMessage) =>
  (Date.parse(finalized_at ?? '') - Date.parse(sent_at ?? '')) / 1_000;
const THREE_SEGMENTS = 'segment '.repeat(50);

describe('a message of a test key', { timeout: 120_000 }, () => {
  test.concurrent('to …0000, or to any number that is not listed, is delivered', async () => {
    const message = await untilIs(await send('0000'), 'delivered');
    expect(statusesOf(message)).toEqual(['queued', 'sending', 'sent', 'delivered']);
    const other = await tester.post(
      '/v1/messages',
      JSON.stringify({ to: '09171234567', from: 'BINDERY', text: 'Hello' }),
    );
    await untilIs(messageSchema.parse(other.body).id, 'delivered');
  });

  test.concurrent('to …0002 is refused at the submit', async () => {
    const { error } = await untilIs(await send('0002'), 'failed');
    expect(error).toMatchObject({ code: 'recipient_refused', operator_code: '0x0B' });
  });

  test.concurrent('to …0010 is undelivered', async () => {
    expect((await untilIs(await send('0010'), 'undelivered')).error).toMatchObject({ code: 'undelivered' });
  });

  test.concurrent('to …0011 is undelivered after 10 s', async () => {
    const message = await untilIs(await send('0011'), 'undelivered');
    expect(secondsIn(message)).toBeGreaterThan(9);
  });

  test.concurrent('to …0012 is sent, and no receipt comes', async () => {
    const [id, other] = [await send('0012'), await send('0011')];
    await untilIs(id, 'sent');
    // Long after others have theirs.
    await untilIs(other, 'undelivered');
    expect((await tester.message(id)).status).toBe('sent');
  });

  test.concurrent('to …0013 is delivered, though its receipt comes before the answer', async () => {
    const message = await untilIs(await send('0013'), 'delivered');
    expect(message.segments).toEqual({ total: 1, sent: 1, delivered: 1, failed: 0 });
  });

  test.concurrent('to …0014 is delivered once, though its receipt comes twice', async () => {
    const message = await untilIs(await send('0014'), 'delivered');
    expect(statusesOf(message).filter((status) => status === 'delivered')).toHaveLength(1);
  });

  test.concurrent('to …0015 fails in its second segment, and is delivered where it has only one', async () => {
    const [alone, three] = await Promise.all([send('0015'), send('0015', { text: THREE_SEGMENTS })]);
    await untilIs(alone, 'delivered');
    const message = await untilIs(three, 'undelivered');
    expect(message.segments).toMatchObject({ total: 3, failed: 1 });
  });

  test.concurrent('to …0016 expires in the queue', async () => {
    const over = new AbortController();
    const sweeping = sweepEachSecond(over.signal);
    const message = await untilIs(await send('0016', { ttl_seconds: 5 }), 'expired').finally(() => over.abort());
    await sweeping;
    expect(message.error).toMatchObject({ code: 'expired_in_queue' });
    expect(message.sent_at).toBeNull();
  });
});

test('a message to …0017 is not answered, and held as unknown', { timeout: 60_000 }, async () => {
  const held = await send('0017', { lane: 'bulk' });
  await untilIs(held, 'unknown');
  // The session is suspected, given up and made anew; then all goes on.
  await untilIs(await send('0000'), 'delivered');
});

test('the operator hears of nothing, and the events say that it was a test', () => {
  expect(operatorLines.filter((line) => line.includes('submit'))).toEqual([]);
  expect(events.length).toBeGreaterThan(20);
  for (const event of events) expect(event).toMatchObject({ test: true, account: 'test' });
});

test('neither kind of key sees what the other has sent', async () => {
  const tested = await send('0000');
  expect((await live.request(`/v1/messages/${tested}`, {})).status).toBe(404);
  const sent = await live.send({ to: '+639171234567', from: 'BINDERY', text: 'Hello' });
  if (sent.kind === 'refused') throw new Error(sent.problem.detail);
  expect((await tester.request(`/v1/messages/${sent.message.id}`, {})).status).toBe(404);
  expect((await live.message(sent.message.id)).test).toBe(false);
});
