import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { PublishedEvent } from '../../../functions/middleware/event-bus.ts';
import { endpointEventSchema } from '../../../shared/contracts/webhook-endpoint-event.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { receiver, SECRET, type WebhookWorldOptions, webhookWorld } from './webhook-world.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

const setUp = async (url: string, options?: WebhookWorldOptions) => await webhookWorld(database, url, options);

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

  test('whose answer is bad and never ends gets one delivery at a time, too', async () => {
    const { received, url } = await receiver((_request, response) => void response.writeHead(500).write('and'));
    const { task, run, endpoint } = await setUp(url, { timeoutMs: 100 });
    await run(task);
    expect(await endpoint()).toMatchObject({ failingSince: expect.any(Number) as number });
    await run({ ...task, event_id: 'evt_2_1' }, { ...task, event_id: 'evt_3_1' });
    expect(received).toHaveLength(2);
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
