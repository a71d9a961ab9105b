import { describe, expect, test } from 'vitest';
import { Bindery, BinderyError, type ClientOptions } from '../../../docs/client/bindery.ts';

interface Seen {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: unknown;
}

type Reply = () => Response;

const message: Reply = () => Response.json({ id: 'msg_1' }, { status: 202 });
const refusal =
  (status: number, retryable: boolean, headers: Record<string, string> = {}): Reply =>
  () => {
    const problem = { title: 'Not now', detail: 'later', status, code: 'lane_full', retryable };
    return Response.json(problem, { status, headers: { 'content-type': 'application/problem+json', ...headers } });
  };
const broken: Reply = () => {
  throw new TypeError('fetch failed');
};

/** A client whose calls get these replies in turn; the last one stays. */
function clientOf(replies: readonly Reply[], options: Partial<ClientOptions> = {}) {
  const seen: Seen[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    const url = input instanceof Request ? input.url : new URL(input).href;
    seen.push({ method: init?.method ?? 'GET', url, headers, body: init?.body });
    const reply = replies[Math.min(seen.length, replies.length) - 1] ?? message;
    init?.signal?.throwIfAborted();
    return await Promise.resolve(reply());
  };
  return { client: new Bindery({ url: 'http://api.test/', key: 'k', fetch, ...options }), seen };
}

const body = { to: '+639171234567', from: 'BINDERY', text: 'x' };
const now = { 'retry-after': '0' };

describe('a call', () => {
  test('brings the key and its body', async () => {
    const { client, seen } = clientOf([message]);
    expect(await client.sendMessage(body)).toEqual({ id: 'msg_1' });
    expect(seen).toMatchObject([
      { method: 'POST', url: 'http://api.test/v1/messages', headers: { authorization: 'Bearer k' } },
    ]);
    expect(seen[0]?.body).toBe(JSON.stringify(body));
  });

  test('writes what stands in its path and behind the ? so that nothing else comes of it', async () => {
    const { client, seen } = clientOf([message]);
    await client.removeOptOut('+63/../x?');
    await client.listMessages({ to: '+639171234567', limit: 5, cursor: undefined });
    expect(seen.map(({ url }) => url)).toEqual([
      'http://api.test/v1/opt-outs/%2B63%2F..%2Fx%3F',
      'http://api.test/v1/messages?to=%2B639171234567&limit=5',
    ]);
  });

  test('gives undefined where the answer has no body', async () => {
    const { client } = clientOf([() => new Response(null, { status: 204 })]);
    expect(await client.removeOptOut('+639171234567')).toBeUndefined();
  });
});

describe('a call that may succeed on another try', () => {
  test.each([
    ['refused for now', refusal(503, true, now)],
    ['not answered', broken],
  ])('%s: is made again under the same Idempotency-Key', async (_, first) => {
    const { client, seen } = clientOf([first, message]);
    await client.sendMessage(body);
    const keys = seen.map(({ headers }) => headers['idempotency-key']);
    expect(keys).toHaveLength(2);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).toBe(keys[0]);
  });

  test('has the key that the caller gives it; another call has another', async () => {
    const { client, seen } = clientOf([message]);
    await client.sendMessage(body, { idempotencyKey: 'order-1' });
    await client.sendMessage(body);
    await client.sendMessage(body);
    const [given, ...made] = seen.map(({ headers }) => headers['idempotency-key']);
    expect(given).toBe('order-1');
    expect(made[0]).not.toBe(made[1]);
  });

  test('is given up after the tries that it has', async () => {
    const { client, seen } = clientOf([refusal(429, true, now)], { mostRetries: 1 });
    await expect(client.sendMessage(body)).rejects.toMatchObject({ status: 429, code: 'lane_full', retryAfterMs: 0 });
    expect(seen).toHaveLength(2);
  });

  test('is given up at once where it would have to wait for long', async () => {
    const { client, seen } = clientOf([refusal(429, true, { 'retry-after': '3600' })]);
    await expect(client.sendMessage(body)).rejects.toMatchObject({ retryAfterMs: 3_600_000 });
    expect(seen).toHaveLength(1);
  });
});

describe('a call is not made again', () => {
  test('where the API says that it would be refused again', async () => {
    const { client, seen } = clientOf([refusal(422, false)]);
    const error = await client.sendMessage(body).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(BinderyError);
    expect(error).toMatchObject({ status: 422, retryable: false, message: 'Not now: later' });
    expect(seen).toHaveLength(1);
  });

  test('once it is aborted, and then says so', async () => {
    const { client, seen } = clientOf([message]);
    const reason = new Error('the user went away');
    await expect(client.sendMessage(body, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(seen).toHaveLength(1);
  });

  test('while it waits for its next try, and is aborted then', async () => {
    const controller = new AbortController();
    const { client, seen } = clientOf([refusal(503, true, { 'retry-after': '10' })]);
    const sent = client.sendMessage(body, { signal: controller.signal });
    const ended = expect(sent).rejects.toThrow('enough');
    setTimeout(() => controller.abort(new Error('enough')), 10);
    await ended;
    expect(seen).toHaveLength(1);
  });
});

test('what is no problem of the API is told as such', async () => {
  const { client } = clientOf([() => Response.json({ message: 'Service Unavailable' }, { status: 503 })], {
    mostRetries: 0,
  });
  await expect(client.sendMessage(body)).rejects.toMatchObject({ status: 503, code: 'not_a_problem', retryable: true });
});
