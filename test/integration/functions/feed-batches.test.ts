import { beforeAll, describe, expect, test } from 'vitest';
import { itemMessageId } from '../../../shared/domain/batch.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { type BatchWorld, batchWorld, DEFAULTS, items } from './batch-world.ts';
import { startDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

const SECOND = 1_000;
const RATE = 5;
/** What a batch keeps in its lane: four seconds of the rate. */
const AHEAD = 20;

async function started(count: number, more: Record<string, unknown> = {}): Promise<BatchWorld & { id: string }> {
  const world = await batchWorld(database, { segmentsPerSecond: RATE });
  const { id } = await world.created({ defaults: DEFAULTS, items: items(count), ...more });
  return { ...world, id };
}

/** Lets time pass with a binder that sends at the whole rate. @returns ids in the order in which they were sent */
async function sendFor(world: BatchWorld, seconds: number): Promise<string[]> {
  const sent: string[] = [];
  for (let second = 0; second < seconds; second += 1) {
    await world.run(world.clock.now + SECOND);
    sent.push(...(await world.drain(RATE)));
  }
  return sent;
}

const idsOf = (id: string, count: number) => Array.from({ length: count }, (_, index) => itemMessageId(id, index));

describe('a running batch', () => {
  test('has a few seconds in its lane, goes at the whole rate, in order, each message once, and is done', async () => {
    const world = await started(50);
    await world.run(CREATED_AT);
    expect(world.lane).toHaveLength(AHEAD);
    expect(await world.get(world.id)).toMatchObject({ counters: { waiting: 30, queued: 20 } });
    const sent = await sendFor(world, 10);
    expect(sent).toEqual(idsOf(world.id, 50));
    await sendFor(world, 6);
    expect(await world.get(world.id)).toMatchObject({ status: 'done', counters: { waiting: 0, queued: 0, sent: 50 } });
    expect(world.steps).toEqual([]);
    expect(await world.parts.batches.get(world.id)).not.toHaveProperty('dueAt');
  });

  test('puts nothing more into a lane that does not drain', async () => {
    const world = await started(50);
    await world.run(CREATED_AT + 60 * SECOND);
    expect(world.lane).toHaveLength(AHEAD);
  });

  test('keeps its speed limit', async () => {
    const world = await started(60, { speed_limit: { segments: 120, per: 'minute' } });
    // One at once, and two in each second from there.
    expect(await sendFor(world, 20)).toHaveLength(41);
    expect(world.lane.length).toBeLessThan(10);
  });

  test('passes over what was canceled by itself', async () => {
    const world = await started(50);
    const [first = '', second = ''] = idsOf(world.id, 2);
    await world.send('POST /v1/messages/{id}/cancel', { parameters: { id: second } });
    const sent = await sendFor(world, 15);
    expect(sent).toEqual([first, ...idsOf(world.id, 50).slice(2)]);
    expect(await world.get(world.id)).toMatchObject({ status: 'done', counters: { sent: 49, canceled: 1 } });
  });

  test('has holes where items were refused', async () => {
    const world = await batchWorld(database, { segmentsPerSecond: RATE });
    const mixed = items(30, (index) => (index % 3 === 1 ? { from: 'x' } : {}));
    const { id, accepted } = await world.created({ defaults: DEFAULTS, items: mixed });
    expect(accepted).toBe(20);
    const sent = await sendFor(world, 10);
    expect(sent).toEqual(idsOf(id, 30).filter((_, index) => index % 3 !== 1));
    expect(await world.get(id)).toMatchObject({ status: 'done', counters: { sent: 20 } });
  });
});

describe('exactly once', () => {
  test('each message enters its lane, however many feeders take one step at a time', async () => {
    const world = await started(50);
    for (let turn = 0; turn < 12; turn += 1) {
      const [step] = world.steps.splice(0);
      if (step === undefined) break;
      world.clock.now = step.at;
      await Promise.all([step, step, step].map(async ({ task }) => await world.step(task)));
      expect(world.lane.length).toBeLessThanOrEqual(AHEAD);
      // One that comes late does nothing, and calls for no further step.
      await world.step(step.task);
      expect(new Set(world.steps.map(({ task }) => task.tick)).size).toBeLessThanOrEqual(1);
      await world.drain(10);
    }
    expect(world.entered.toSorted()).toEqual(idsOf(world.id, 50));
    expect(await world.get(world.id)).toMatchObject({ status: 'done', counters: { sent: 50 } });
  });

  test('a message that a slow step has yet to put there is put there by the next, and not by both', async () => {
    const world = await started(AHEAD);
    const change = world.parts.messages.change.bind(world.parts.messages);
    world.parts.messages.change = async (...parameters) => {
      world.parts.messages.change = change;
      await world.run(CREATED_AT + 3 * SECOND);
      return await change(...parameters);
    };
    await world.run(CREATED_AT);
    expect(world.entered.toSorted()).toEqual(idsOf(world.id, AHEAD));
  });

  test('a step that finds the batch paused when it is about to begin puts nothing into the lane', async () => {
    const world = await started(50);
    const change = world.parts.batches.change.bind(world.parts.batches);
    world.parts.batches.change = async (...parameters) => {
      if (parameters[1].kind === 'fed') await change(world.id, { kind: 'paused', at: CREATED_AT });
      return await change(...parameters);
    };
    await world.run(CREATED_AT + 60 * SECOND);
    expect(world.entered).toEqual([]);
  });

  test('a step that dies after it was written is made up for by the next', async () => {
    const world = await started(20);
    const change = world.parts.messages.change.bind(world.parts.messages);
    let left = 7;
    world.parts.messages.change = async (...parameters) => {
      left -= 1;
      if (left < 0) throw new Error('the process died');
      return await change(...parameters);
    };
    await expect(world.run(CREATED_AT)).rejects.toThrow('the step failed');
    expect(world.lane).toHaveLength(7);
    world.parts.messages.change = change;
    await world.run(CREATED_AT + 5 * SECOND);
    expect(world.lane.map(({ messageId }) => messageId).toSorted()).toEqual(idsOf(world.id, 20));
  });

  test('a message whose queue failed is left to the sweep, which finds it by its time', async () => {
    const world = await started(3);
    const { send } = world.parts.lanes;
    world.parts.lanes.send = () => Promise.reject(new Error('the queue does not answer'));
    await world.run(CREATED_AT);
    world.parts.lanes.send = send;
    expect(world.lane).toEqual([]);
    const message = await world.parts.messages.get(itemMessageId(world.id, 0));
    expect(message).toMatchObject({ status: 'queued', dueAt: CREATED_AT + 120_000 });
  });

  test('what is no step of ours fails, and one of a batch that is gone does nothing', async () => {
    const world = await started(1);
    await world.step({ batchId: 'bat_01M82AE4Q5EVH56SJP2SR34MJK', tick: 1 });
    await expect(world.step({ batchId: world.id, tick: 1.5 })).rejects.toThrow('the step failed');
  });
});

describe('a paused batch', () => {
  test('stops at once: what is in its lane is not taken by any binder, and comes back when it goes on', async () => {
    const world = await started(50);
    const before = await sendFor(world, 2);
    expect(before).toHaveLength(10);
    const paused = await world.turn(world.id, 'pause');
    expect(paused.body).toMatchObject({ status: 'paused', counters: { sent: 10 } });
    await world.run(world.clock.now);
    expect(await sendFor(world, 30)).toEqual([]);
    expect(world.steps).toEqual([]);
    const { counters } = await world.get(world.id);
    expect(counters).toMatchObject({ sent: 10, waiting: 50 - 10 - counters.queued });

    expect((await world.turn(world.id, 'resume')).body).toMatchObject({ status: 'running' });
    const after = await sendFor(world, 16);
    expect([...before, ...after]).toEqual(idsOf(world.id, 50));
    expect(await world.get(world.id)).toMatchObject({ status: 'done', counters: { sent: 50 } });
  });

  test('stops a step that is under way: what it still puts into the lane is held back seconds later', async () => {
    const world = await started(50);
    const change = world.parts.batches.change.bind(world.parts.batches);
    world.parts.batches.change = async (...parameters) => {
      const result = await change(...parameters);
      if (parameters[1].kind === 'fed') {
        world.parts.batches.change = change;
        await world.turn(world.id, 'pause');
        await world.run(world.clock.now);
      }
      return result;
    };
    await world.run(CREATED_AT);
    expect(world.lane).toHaveLength(AHEAD);
    await world.run(CREATED_AT + 6 * SECOND);
    expect(await world.drain(100)).toEqual([]);
  });

  test('can be paused and resumed again and again, and asking twice is no error', async () => {
    const world = await started(30);
    const sent: string[] = [];
    for (let turn = 0; turn < 3; turn += 1) {
      sent.push(...(await sendFor(world, 1)));
      for (const _ of [1, 2]) expect((await world.turn(world.id, 'pause')).status).toBe(200);
      sent.push(...(await sendFor(world, 2)));
      for (const _ of [1, 2]) expect((await world.turn(world.id, 'resume')).status).toBe(200);
    }
    sent.push(...(await sendFor(world, 10)));
    // In another order: what was held back goes behind what was still in the lane.
    expect(sent.toSorted()).toEqual(idsOf(world.id, 30));
  });
});

describe('a canceled batch', () => {
  test('never sends what the operator has not been given, and its counters add up', async () => {
    const world = await started(50);
    await sendFor(world, 2);
    expect((await world.turn(world.id, 'cancel')).body).toMatchObject({ status: 'canceled' });
    await world.run(world.clock.now);
    expect(await sendFor(world, 15)).toEqual([]);
    const batch = await world.get(world.id);
    expect(batch).toMatchObject({ status: 'canceled', counters: { sent: 10, canceled: 40, waiting: 0, queued: 0 } });
    expect(Object.values(batch.counters).reduce((sum, count) => sum + count)).toBe(batch.accepted);
    expect(world.steps).toEqual([]);
    for (const turn of ['pause', 'resume'] as const) {
      expect((await world.turn(world.id, turn)).body).toMatchObject({ status: 409, code: 'batch_over' });
    }
    expect((await world.turn(world.id, 'cancel')).status).toBe(200);
  });

  test('may be canceled while it is paused', async () => {
    const world = await started(50);
    await sendFor(world, 1);
    await world.turn(world.id, 'pause');
    await world.run(world.clock.now + SECOND);
    await world.turn(world.id, 'cancel');
    await world.run(world.clock.now + 30 * SECOND);
    expect(await world.get(world.id)).toMatchObject({ counters: { sent: 5, canceled: 45 } });
  });

  test('is over once it is done', async () => {
    const world = await started(1);
    await sendFor(world, 6);
    expect((await world.turn(world.id, 'cancel')).body).toMatchObject({ status: 409, code: 'batch_over' });
  });
});

test('a batch of an account that is not served any more is left alone', async () => {
  const world = await started(2);
  world.served.splice(0);
  await world.run(CREATED_AT);
  expect(world.lane).toEqual([]);
});
