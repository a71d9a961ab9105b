import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SQSEvent } from 'aws-lambda';
import { Webhook } from 'standardwebhooks';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Resolve } from '../../../functions/deliver-webhook/guarded-lookup.ts';
import { deliverWebhookHandler } from '../../../functions/deliver-webhook/handler.ts';
import { askNameServers } from '../../../functions/deliver-webhook/name-server.ts';
import { post } from '../../../functions/deliver-webhook/post.ts';
import type { PublishedEvent } from '../../../functions/middleware/event-bus.ts';
import { endpointEventSchema } from '../../../shared/contracts/webhook-endpoint-event.ts';
import type { WebhookTask } from '../../../shared/contracts/webhook-task.ts';
import { CallbackHostStore } from '../../../shared/store/control-callback-hosts.ts';
import { CallbackSecretStore } from '../../../shared/store/control-callback-secret.ts';
import { WebhookAttempts } from '../../../shared/store/control-webhook-attempts.ts';
import { WebhookStore } from '../../../shared/store/control-webhooks.ts';
import { quietLog } from '../../fixtures/log.ts';
import { startDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** A customer's endpoint on loopback. */
async function receiver(answer: RequestListener = (_request, response) => response.end()) {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      received.push({ headers: request.headers, body });
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { received, port, url: `http://127.0.0.1:${port}/hook` };
}

const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
let made = 0;

async function setUp(
  url: string,
  { timeoutMs = 2_000, amongOthersMs = 2_000, loopbackAllowed = true, timeFactor = 1, resolve = askNameServers() } = {},
) {
  made += 1;
  const endpointId = `we_${made}`;
  const endpoints = new WebhookStore(database.document, 'Control');
  await endpoints.create({ endpointId, url, secret: SECRET, createdAt: 0 });
  const clock = { now: Date.now() };
  const later: { task: WebhookTask; delaySeconds: number }[] = [];
  const log = quietLog();
  const told: PublishedEvent[] = [];
  const bus = {
    put: async (events: readonly PublishedEvent[]): Promise<PublishedEvent[]> => (told.push(...events), []),
  };
  const sent: WebhookTask[] = [];
  const queue = {
    send: async (tasks: readonly WebhookTask[]): Promise<WebhookTask[]> => (sent.push(...tasks), []),
    sendLater: async (task: WebhookTask, delaySeconds: number) => void later.push({ task, delaySeconds }),
  };
  const handler = deliverWebhookHandler({
    endpoints,
    callbackHosts: new CallbackHostStore(database.document, 'Control', () => clock.now),
    callbackSecrets: new CallbackSecretStore(database.document, 'Control'),
    callbackRules: { hosts: [], loopbackAllowed },
    queue,
    bus,
    stage: 'test',
    timeFactor,
    patience: { amongOthersMs: Math.min(amongOthersMs, timeoutMs), aloneMs: timeoutMs },
    post: async (target, { timeoutMs }) => await post(target, { timeoutMs, loopbackAllowed, resolve }),
    log,
    now: () => clock.now,
    random: () => 0,
  });
  const task: WebhookTask = {
    endpoint_id: endpointId,
    event_id: 'evt_1_3',
    payload: '{"type":"message.delivered","data":{"from":"Niño"}}',
    attempt: 1,
    first_at: clock.now,
    not_before: clock.now,
  };
  const run = async (...tasks: unknown[]) =>
    await handler({
      Records: tasks.map((body, index) => ({ messageId: String(index), body: JSON.stringify(body) })),
    } as unknown as SQSEvent);
  const attempts = async () => {
    const all = { from: 0, before: 1e14, order: 'newest_first', limit: 50 } as const;
    return (await new WebhookAttempts(database.document, 'Control').page(endpointId, all)).attempts;
  };
  const endpoint = async () => await endpoints.get(endpointId);
  return { clock, later, log, task, run, attempts, endpoints, endpointId, endpoint, queue, bus, told, sent };
}

describe('a delivery', () => {
  test('is signed as Standard Webhooks has it, and recorded', async () => {
    const { received, url } = await receiver();
    const { task, run, attempts, later } = await setUp(url);
    expect(await run(task)).toEqual({ batchItemFailures: [] });
    const [{ headers, body }] = received as [Received];
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'webhook-id': 'evt_1_3' });
    expect(new Webhook(SECRET).verify(body, headers as Record<string, string>)).toEqual(JSON.parse(task.payload));
    expect(await attempts()).toMatchObject([{ eventId: 'evt_1_3', number: 1, delivered: true, httpStatus: 200 }]);
    expect(later).toEqual([]);
  });

  test('is signed with the secret before as well, as long as its grace lasts', async () => {
    const { received, url } = await receiver();
    const { task, run, endpoints, endpointId, clock } = await setUp(url);
    const before = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    await endpoints.change(endpointId, { oldSecrets: [{ secret: before, until: clock.now + 1_000 }] });
    await run(task);
    clock.now += 1_000;
    await run(task);
    const [during, after] = received as [Received, Received];
    const verify = (secret: string, { body, headers }: Received) =>
      new Webhook(secret).verify(body, headers as Record<string, string>);
    for (const secret of [SECRET, before]) expect(verify(secret, during)).toBeTruthy();
    expect(verify(SECRET, after)).toBeTruthy();
    expect(() => verify(before, after)).toThrow('No matching signature');
  });

  test('has the same id and body in every attempt, and a signature of its own time', async () => {
    const { received, url } = await receiver((_request, response) => response.writeHead(500).end());
    const { task, run, later, clock } = await setUp(url);
    await run(task);
    clock.now += 5_000;
    await run(later[0]?.task);
    const [first, second] = received as [Received, Received];
    expect(second.headers['webhook-id']).toBe(first.headers['webhook-id']);
    expect(second.body).toBe(first.body);
    expect(second.headers['webhook-timestamp']).not.toBe(first.headers['webhook-timestamp']);
    expect(new Webhook(SECRET).verify(second.body, second.headers as Record<string, string>)).toBeTruthy();
  });

  test.each([200, 201, 204, 299])('is done when the answer is %i', async (status) => {
    const { url } = await receiver((_request, response) => response.writeHead(status).end());
    const { task, run, later } = await setUp(url);
    await run(task);
    expect(later).toEqual([]);
  });

  test.each([301, 302, 307, 400, 404, 429, 500, 503])('is tried again when the answer is %i', async (status) => {
    const { received, url } = await receiver((_request, response) =>
      response.writeHead(status, { location: '/else' }).end(),
    );
    const { task, run, later, attempts } = await setUp(url);
    await run(task);
    expect(later).toMatchObject([{ delaySeconds: 5, task: { attempt: 2, first_at: task.first_at } }]);
    expect(received).toHaveLength(1);
    expect(await attempts()).toMatchObject([{ delivered: false, httpStatus: status }]);
  });

  test('is tried again when nobody listens', async () => {
    const { task, run, later, attempts } = await setUp('http://127.0.0.1:9/');
    await run(task);
    expect(later).toHaveLength(1);
    expect(await attempts()).toMatchObject([{ delivered: false, reason: 'ECONNREFUSED' }]);
  });

  test('is tried again when no answer comes in time', async () => {
    const { url } = await receiver(() => {});
    const { task, run, attempts, later } = await setUp(url, { timeoutMs: 100 });
    await run(task);
    await run(later.shift()?.task);
    expect(await attempts()).toMatchObject([{ delivered: false, reason: 'no answer in time' }]);
  });

  test('is done when the answer is good and goes on for ever', async () => {
    const { url } = await receiver((_request, response) => {
      const endless = setInterval(() => response.write('x'.repeat(10_000)), 1);
      response.on('close', () => clearInterval(endless));
      response.writeHead(200);
    });
    const { task, run, attempts } = await setUp(url);
    await run(task);
    expect(await attempts()).toMatchObject([{ delivered: true }]);
  });

  test('that waits is put back, in hops that the queue can delay', async () => {
    const { received, url } = await receiver();
    const { task, run, later, clock, attempts } = await setUp(url);
    const waiting = { ...task, attempt: 5, not_before: clock.now + 2_000_000 };
    await run(waiting);
    clock.now += 900_000;
    await run(waiting);
    clock.now += 900_000;
    await run(waiting);
    expect(later).toEqual([900, 900, 200].map((delaySeconds) => ({ task: waiting, delaySeconds })));
    expect(await attempts()).toEqual([]);
    clock.now += 200_000;
    await run(waiting);
    expect(received).toHaveLength(1);
  });

  test('is given up after its tenth attempt, loudly', async () => {
    const { url } = await receiver((_request, response) => response.writeHead(500).end());
    const { task, run, later, log } = await setUp(url);
    await run({ ...task, attempt: 10 });
    expect(later).toEqual([]);
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', event_id: 'evt_1_3', attempt: 10 }));
  });

  test('of a late attempt does not bring the next one at once', async () => {
    const { url } = await receiver((_request, response) => response.writeHead(500).end());
    const { task, run, later, clock } = await setUp(url);
    await run({ ...task, first_at: clock.now - 9e8 });
    expect(later[0]?.delaySeconds).toBe(5);
  });

  test('to an endpoint that was deleted is dropped', async () => {
    const { received, url } = await receiver();
    const { task, run, endpoints, endpointId, later } = await setUp(url);
    await endpoints.delete(endpointId);
    expect(await run(task)).toEqual({ batchItemFailures: [] });
    expect([...received, ...later]).toEqual([]);
  });
});

test('a delivery to an endpoint that is disabled is dropped', async () => {
  const { received, url } = await receiver();
  const { task, run, endpoints, endpointId, later } = await setUp(url);
  await endpoints.change(endpointId, { disabled: { at: 1, reason: 'by_request' } });
  expect(await run(task)).toEqual({ batchItemFailures: [] });
  expect([...received, ...later]).toEqual([]);
});

describe('addresses', () => {
  const resolvesTo =
    (...addresses: string[]): Resolve =>
    (_hostname, _options, callback) =>
      callback(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );

  test.each([
    ['the metadata service', resolvesTo('169.254.169.254')],
    ['loopback', resolvesTo('127.0.0.1')],
    ['a private network', resolvesTo('10.0.0.7')],
    ['a public and a private one', resolvesTo('93.184.216.34', '10.0.0.7')],
    ['an IPv4 address in IPv6', resolvesTo('::ffff:127.0.0.1')],
    ['nothing', resolvesTo()],
  ])('a name that leads to %s is not connected to', async (_name, resolve) => {
    const { received, port } = await receiver();
    const outcome = await post(
      { url: `https://rebind.example.com:${port}/`, headers: {}, body: '{}' },
      { timeoutMs: 2_000, loopbackAllowed: false, resolve },
    );
    expect(outcome).toEqual({ kind: 'failed', reason: 'address_forbidden' });
    expect(received).toEqual([]);
  });

  test('an endpoint on loopback from before the rule changed is not connected to', async () => {
    const { received, url } = await receiver();
    const { task, run, attempts } = await setUp(url, { loopbackAllowed: false });
    await run(task);
    expect(received).toEqual([]);
    expect(await attempts()).toMatchObject([{ delivered: false, reason: 'the address must begin with https://' }]);
  });

  test('a name that leads to loopback is connected to where that is allowed, at the address that was checked', async () => {
    const { received, port } = await receiver();
    let asked = 0;
    const outcome = await post(
      { url: `http://localhost:${port}/`, headers: {}, body: '{}' },
      {
        timeoutMs: 2_000,
        loopbackAllowed: true,
        resolve: (hostname, options, callback) => {
          asked += 1;
          resolvesTo('127.0.0.1')(hostname, options, callback);
        },
      },
    );
    expect(outcome).toEqual({ kind: 'answered', httpStatus: 200 });
    expect({ asked, received: received.length }).toEqual({ asked: 1, received: 1 });
  });
});

describe('a batch', () => {
  test('is delivered side by side, and what is no task comes again alone', async () => {
    const { url } = await receiver((_request, response) => setTimeout(() => response.end(), 150));
    const { task, run, log } = await setUp(url);
    const started = performance.now();
    const result = await run(task, { hello: 1 }, { ...task, event_id: 'evt_1_4' }, { ...task, event_id: 'evt_1_5' });
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect(performance.now() - started).toBeLessThan(400);
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', record: '1' }));
  });

  test('brings a task again that could not be put back', async () => {
    const { url } = await receiver((_request, response) => response.writeHead(500).end());
    const { task, run, queue } = await setUp(url);
    queue.sendLater = () => Promise.reject(new Error('the queue does not answer'));
    expect(await run(task)).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
  });
});

const DAY_MS = 86_400_000;

/** Runs a task and whatever follows from it, each when the queue brings it, and tells when requests came in. */
async function runToItsEnd(
  { run, later, clock, task }: Awaited<ReturnType<typeof setUp>>,
  first = task,
): Promise<void> {
  await run(first);
  for (let next = later.shift(); next !== undefined; next = later.shift()) {
    clock.now += next.delaySeconds * 1_000;
    await run(next.task);
  }
}

describe('an endpoint', () => {
  test('that fails is tried at every time of the schedule, in hops that the queue can delay', async () => {
    const { url } = await receiver((_request, response) => response.writeHead(500).end());
    const parts = await setUp(url);
    await runToItsEnd(parts);
    const attempts = (await parts.attempts()).toReversed();
    const hours = [2, 5, 10, 14, 20, 24].map((count) => count * 3_600);
    expect(attempts.map(({ at }) => (at - parts.task.first_at) / 1_000)).toEqual([0, 5, 300, 1_800, ...hours]);
    expect(attempts.map(({ number, isLast }) => [number, isLast]).at(-1)).toEqual([10, true]);
    expect(attempts.filter(({ isLast }) => isLast)).toHaveLength(1);
  });

  test.each([
    ['answers 429 with Retry-After', 429, '120', 120],
    ['answers 503 with a date in Retry-After', 503, (now: number) => new Date(now + 120_000).toUTCString(), 119],
    ['asks for a week', 503, '604800', 3_600],
    ['answers 429', 429, undefined, 4],
    ['answers 502', 502, undefined, 4],
    ['answers 504', 504, 'soon', 4],
    ['asks for a third of a millennium', 503, '9999999999', 3_600],
    ['asks for what is neither seconds nor a date', 429, '1.5', 4],
  ])('that %s gets nothing meanwhile', async (_name, status, retryAfter, seconds) => {
    const clockNow = { now: 0 };
    const { received, url } = await receiver((_request, response) => {
      const written = typeof retryAfter === 'function' ? retryAfter(clockNow.now) : retryAfter;
      response.writeHead(status, written === undefined ? {} : { 'retry-after': written }).end();
    });
    const { task, run, later, clock, endpoint } = await setUp(url);
    clockNow.now = clock.now;
    await run(task);
    const { pausedUntil = 0 } = (await endpoint()) ?? {};
    expect(Math.floor((pausedUntil - clock.now) / 1_000)).toBe(seconds);
    await run({ ...task, event_id: 'evt_2_1' });
    expect(received).toHaveLength(1);
    // Waiting is no attempt.
    expect(later[1]).toMatchObject({ task: { event_id: 'evt_2_1', attempt: 1, not_before: pausedUntil } });
  });

  test('that answers 500 is not slowed down: the next delivery may do better', async () => {
    const { received, url } = await receiver((_request, response) => response.writeHead(500).end());
    const { task, run } = await setUp(url);
    await run(task);
    await run({ ...task, event_id: 'evt_2_1' });
    expect(received).toHaveLength(2);
  });

  test('that hangs keeps one place busy, and gets everything when it is back', async () => {
    let isHanging = true;
    const { received, url } = await receiver((_request, response) => void (isHanging || response.end()));
    const parts = await setUp(url, { timeoutMs: 100 });
    const { task, run, later, clock, attempts, endpoint } = parts;
    const many = Array.from({ length: 10 }, (_, index) => ({ ...task, event_id: `evt_${index}_1` }));
    await run(...many.slice(0, 3));
    expect([received.length, (await endpoint())?.pauses]).toEqual([3, undefined]);
    // From now on they go one at a time.
    await run(...many);
    expect([received.length, (await endpoint())?.pauses]).toEqual([4, 1]);
    clock.now += 6_000;
    await run(...many);
    expect([received.length, (await endpoint())?.pauses]).toEqual([5, 2]);
    expect(new Set((await attempts()).map(({ number }) => number))).toEqual(new Set([1]));
    isHanging = false;
    const waiting = later.splice(0);
    for (const next of waiting) {
      clock.now += 60_000;
      await run(next.task);
    }
    expect(new Set((await attempts()).filter(({ delivered }) => delivered).map(({ eventId }) => eventId)).size).toBe(
      10,
    );
    expect(await endpoint()).not.toHaveProperty('pausedUntil');
    expect(await endpoint()).not.toHaveProperty('failingSince');
  });

  test('that takes its time gets one delivery at a time, and all of them again once it is quick', async () => {
    let delayMs = 150;
    const { received, url } = await receiver((_request, response) => setTimeout(() => response.end(), delayMs));
    const { task, run, endpoint, attempts, clock } = await setUp(url, { amongOthersMs: 50 });
    clock.now = Date.now();
    const started = clock.now;
    Object.defineProperty(clock, 'now', { get: () => Date.now() });
    await run(task);
    expect(await attempts()).toEqual([]);
    await run(task, { ...task, event_id: 'evt_2_1' });
    expect(await attempts()).toMatchObject([{ delivered: true }]);
    expect([received.length, (await endpoint())?.probing]).toEqual([2, undefined]);
    expect((await endpoint())?.pausedUntil).toBeGreaterThan(started);
    delayMs = 0;
    await run({ ...task, event_id: 'evt_2_1' });
    expect(await endpoint()).not.toHaveProperty('pausedUntil');
  });

  test('whose answer is good and never ends gets one delivery at a time, too', async () => {
    const { url } = await receiver((_request, response) => void response.writeHead(200).write('and'));
    const { task, run, endpoint, attempts, later } = await setUp(url, { timeoutMs: 100 });
    await run(task);
    expect(await attempts()).toMatchObject([{ delivered: true, httpStatus: 200 }]);
    expect(await endpoint()).toHaveProperty('pausedUntil');
    await run({ ...task, event_id: 'evt_2_1' }, { ...task, event_id: 'evt_3_1' });
    expect([(await attempts()).length, later.length]).toEqual([2, 1]);
    expect(await endpoint()).not.toHaveProperty('failingSince');
  });

  test('that hangs holds up no other, not even in one batch', async () => {
    const hanging = await setUp((await receiver(() => {})).url, { timeoutMs: 300 });
    const { received, url } = await receiver();
    const healthy = await setUp(url);
    const tasks = Array.from({ length: 5 }, (_, index) => ({
      ...healthy.task,
      event_id: `evt_${index}_1`,
      not_before: hanging.task.not_before,
    }));
    const done = hanging.run(hanging.task, ...tasks);
    await expect.poll(() => received.length, { timeout: 250, interval: 5 }).toBe(5);
    await done;
  });

  test('that answers 410 is disabled at once, which is told to the bus and to the others', async () => {
    const { received, url } = await receiver((_request, response) => response.writeHead(410).end());
    const { task, run, later, endpoint, endpointId, endpoints, told, sent, attempts, clock } = await setUp(url);
    await endpoints.create({
      endpointId: 'we_watching',
      url,
      secret: SECRET,
      createdAt: 0,
      events: ['webhook_endpoint.*'],
    });
    onTestFinished(async () => void (await endpoints.delete('we_watching')));
    await run(task);
    expect(later).toEqual([]);
    expect(await endpoint()).toMatchObject({ disabled: { at: clock.now, reason: 'gone' } });
    expect(told).toMatchObject([{ type: 'webhook_endpoint.disabled', detail: { data: { reason: 'gone' } } }]);
    expect(told.map(({ detail }) => endpointEventSchema.parse(detail).data.webhook_endpoint_id)).toEqual([endpointId]);
    expect(sent.map(({ endpoint_id }) => endpoint_id)).toContain('we_watching');
    expect(sent.map(({ endpoint_id }) => endpoint_id)).not.toContain(endpointId);
    await run({ ...task, event_id: 'evt_2_1' });
    expect(received).toHaveLength(1);
    expect(told).toHaveLength(1);
    expect(await attempts()).toContainEqual(
      expect.objectContaining({ eventId: 'evt_2_1', delivered: false, isLast: true, reason: 'endpoint disabled' }),
    );
  });

  test('whose end could not be told is told of when the next delivery comes, under the same id', async () => {
    const { url } = await receiver((_request, response) => response.writeHead(410).end());
    const { task, run, bus, told, clock } = await setUp(url);
    const lost: PublishedEvent[] = [];
    const { put } = bus;
    bus.put = async (events) => (lost.push(...events), [...events]);
    expect(await run(task)).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
    bus.put = put;
    clock.now += 60_000;
    expect(await run(task)).toEqual({ batchItemFailures: [] });
    expect(told).toEqual(lost);
    await run(task);
    expect(told).toHaveLength(1);
  });

  test('that fails for five days is disabled, and not before', async () => {
    const { url } = await receiver((_request, response) => response.writeHead(500).end());
    const { task, run, endpoint, told, clock } = await setUp(url);
    await run(task);
    for (const [day, lengthMs] of [DAY_MS, DAY_MS, DAY_MS, DAY_MS, DAY_MS - 1].entries()) {
      clock.now += lengthMs;
      await run({ ...task, event_id: `evt_2_${day}`, first_at: clock.now });
    }
    expect((await endpoint())?.disabled).toBeUndefined();
    clock.now += 1;
    await run({ ...task, event_id: 'evt_3_1', first_at: clock.now });
    expect((await endpoint())?.disabled).toMatchObject({ reason: 'failing' });
    expect(told).toMatchObject([{ detail: { data: { reason: 'failing' } } }]);
  });

  test.each([
    ['answers 500', 500, {}],
    ['is overloaded', 503, { 'retry-after': '60' }],
  ])(
    'that %s when something comes, which is seldom, is not disabled: nobody knows how it was meanwhile',
    async (_what, status, headers) => {
      const { url } = await receiver((_request, response) => response.writeHead(status, headers).end());
      const { task, run, endpoint, later, clock } = await setUp(url);
      for (const month of [1, 2, 3]) {
        await run({ ...task, event_id: `evt_${month}_1`, first_at: clock.now });
        clock.now += 30 * DAY_MS;
      }
      expect((await endpoint())?.disabled).toBeUndefined();
      expect(later).toHaveLength(3);
    },
  );

  test('that lets one through now and then is not disabled', async () => {
    let status = 500;
    const { url } = await receiver((_request, response) => response.writeHead(status).end());
    const { task, run, endpoint, clock } = await setUp(url);
    for (const next of [500, 500, 200, 500, 500]) {
      status = next;
      await run({ ...task, first_at: clock.now });
      clock.now += 2 * DAY_MS;
    }
    expect((await endpoint())?.disabled).toBeUndefined();
  });

  test('that stays away keeps no delivery beyond its day, and says which were not made', async () => {
    const parts = await setUp('http://127.0.0.1:9/');
    const { task, attempts, endpoint, clock } = parts;
    await parts.run(task);
    await runToItsEnd(parts, { ...task, event_id: 'evt_2_1' });
    expect((await endpoint())?.disabled).toBeUndefined();
    const ends = (await attempts()).filter(({ isLast }) => isLast);
    expect(ends.map(({ eventId }) => eventId).sort()).toEqual(['evt_1_3', 'evt_2_1']);
    expect(clock.now - task.first_at).toBeLessThan(3 * DAY_MS);
  });
});
