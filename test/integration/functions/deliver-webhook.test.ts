import type { ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Resolve } from '../../../functions/deliver-webhook/guarded-lookup.ts';
import { post } from '../../../functions/deliver-webhook/post.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { type Received, receiver, SECRET, type WebhookWorldOptions, webhookWorld } from './webhook-world.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

const setUp = async (url: string, options?: WebhookWorldOptions) => await webhookWorld(database, url, options);

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
    const open: ServerResponse[] = [];
    const { url } = await receiver((_request, response) => {
      open.push(response);
      if (open.length === 3) for (const one of open) one.end();
    });
    const { task, run, log, attempts } = await setUp(url);
    const result = await run(task, { hello: 1 }, { ...task, event_id: 'evt_1_4' }, { ...task, event_id: 'evt_1_5' });
    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    expect((await attempts()).map(({ delivered }) => delivered)).toEqual([true, true, true]);
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', record: '1' }));
  });

  test('brings a task again that could not be put back', async () => {
    const { url } = await receiver((_request, response) => response.writeHead(500).end());
    const { task, run, queue } = await setUp(url);
    queue.sendLater = () => Promise.reject(new Error('the queue does not answer'));
    expect(await run(task)).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }] });
  });
});
