import { beforeAll, describe, expect, test } from 'vitest';
import { sweepHandler } from '../../../functions/sweep/handler.ts';
import { sweepAccount } from '../../../functions/sweep/sweep-account.ts';
import type { SweepBatchDependencies } from '../../../functions/sweep/sweep-batch.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import type { DeliveryWindow } from '../../../shared/domain/delivery-window.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { type MessageChange, RECEIPT_WINDOW_MS } from '../../../shared/domain/transitions.ts';
import type { LaneMessage } from '../../../shared/queue/lanes.ts';
import { BatchStore } from '../../../shared/store/batches.ts';
import { KeyStore } from '../../../shared/store/control-keys.ts';
import { InboundStore } from '../../../shared/store/inbound.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { runningBatch } from '../../fixtures/batch.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { ACCOUNT } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

let number = 0;
const MINUTE = 60_000;
const claimed: MessageChange = { kind: 'claimed', owner: 'b', fence: 1, at: CREATED_AT };
const accepted: MessageChange = { kind: 'segment_accepted', index: 0, mcMessageId: 'A1', at: CREATED_AT };

const swept = (name: string, deliveryWindow?: DeliveryWindow) => ({
  name,
  timeZone: 'Asia/Manila',
  inboundPartsSeconds: 600,
  lanes: { bulk: deliveryWindow === undefined ? {} : { deliveryWindow } },
});

/** An account of its own for each test. */
function setUp({ queueFails = false } = {}) {
  number += 1;
  const account = `account-${number}`;
  const messages = new MessageStore(database.document, 'Messages');
  const clock = { now: CREATED_AT };
  const queued: string[] = [];
  const log = quietLog();
  const lanes = {
    send: async ({ account: toAccount, lane, messageId }: LaneMessage, delaySeconds = 0) => {
      if (queueFails) throw new Error('the queue does not answer');
      queued.push(`${toAccount}/${lane}/${messageId}${delaySeconds > 0 ? ` in ${delaySeconds} s` : ''}`);
    },
  };
  const batches = new BatchStore(database.document, 'Messages');
  const steps: string[] = [];
  const feed: SweepBatchDependencies['feed'] = {
    send: async ({ batchId, tick }, delaySeconds) =>
      void (await Promise.resolve(steps.push(`${batchId.slice(-3)} step ${tick} in ${delaySeconds} s`))),
  };
  const inbound = new InboundStore(database.document, 'Receipts');
  const dependencies = { messages, batches, inbound, lanes, feed, log, now: () => clock.now };
  return {
    account,
    clock,
    batches,
    steps,
    queued,
    log,
    messages,
    dependencies,
    stored: async (different: Partial<Message> = {}, ...changes: MessageChange[]) => {
      number += 1;
      const messageId = `msg_${String(number).padStart(26, '0')}`;
      await messages.create(queuedMessage({ messageId, account, ...different }));
      for (const change of changes) await messages.change(messageId, change);
      return messageId;
    },
    sweep: async () => await sweepAccount(swept(account), clock.now + 40_000, dependencies),
    get: async (messageId: string) => await messages.get(messageId),
  };
}

describe('a message that was stored but never queued (promise P1)', () => {
  test('is queued by the sweep two minutes later, into its lane', async () => {
    const { stored, sweep, clock, queued, account } = setUp();
    const id = await stored({ lane: 'otp' });
    clock.now += 2 * MINUTE - 1;
    await sweep();
    expect(queued).toEqual([]);
    clock.now += 1;
    expect(await sweep()).toEqual({ requeued: 1, changed: 0, failed: 0 });
    expect(queued).toEqual([`${account}/otp/${id}`]);
  });

  test('is queued again at doubling distances, while it is not taken', async () => {
    const { stored, sweep, clock, queued } = setUp();
    await stored({ expiresAt: CREATED_AT + 1e9 });
    const minutes: number[] = [];
    for (let minute = 1; minute <= 1000; minute += 1) {
      clock.now = CREATED_AT + minute * MINUTE;
      const before = queued.length;
      await sweep();
      if (queued.length > before) minutes.push(minute);
    }
    expect(minutes).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 512, 872]);
  });

  test('stays due when its queue failed, so that the next sweep queues it', async () => {
    const { stored, sweep, clock, get, log } = setUp({ queueFails: true });
    const id = await stored();
    clock.now += 2 * MINUTE;
    expect(await sweep()).toMatchObject({ requeued: 0, failed: 1 });
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', message_id: id }));
    expect((await get(id))?.dueAt).toBe(CREATED_AT + 2 * MINUTE);
  });
});

describe('a message whose time has come', () => {
  test.each<[string, Partial<Message>, MessageChange[], number, Message['status'], number]>([
    ['expires in the queue', { expiresAt: CREATED_AT + MINUTE, dueAt: CREATED_AT + MINUTE }, [], MINUTE, 'expired', 0],
    [
      'is left to a binder while one holds it',
      { expiresAt: CREATED_AT + MINUTE },
      [claimed],
      10 * MINUTE,
      'sending',
      1,
    ],
    [
      'expires when no binder holds it and nothing of it left',
      { expiresAt: CREATED_AT + MINUTE, status: 'sending' },
      [],
      2 * MINUTE,
      'expired',
      0,
    ],
    ['is queued for another binder when its claim is ten minutes old', {}, [claimed], 10 * MINUTE, 'sending', 1],
    [
      'is unknown when no receipt came in the window behind its life',
      { expiresAt: CREATED_AT + 9e8 },
      [claimed, accepted],
      9e8 + RECEIPT_WINDOW_MS,
      'unknown',
      0,
    ],
    [
      'waits for its receipt until then',
      { expiresAt: CREATED_AT + 9e8 },
      [claimed, accepted],
      9e8 + RECEIPT_WINDOW_MS - 1,
      'sent',
      0,
    ],
    ['is left alone once final', {}, [{ kind: 'canceled', at: CREATED_AT }], 1e10, 'canceled', 0],
  ])('%s', async (_name, different, changes, later, status, requeued) => {
    const { stored, sweep, clock, queued, get } = setUp();
    const id = await stored({ expiresAt: CREATED_AT + 1e12, ...different }, ...changes);
    clock.now += later;
    await sweep();
    expect((await get(id))?.status).toBe(status);
    expect(queued).toHaveLength(requeued);
  });
});

describe('a message that is scheduled', () => {
  const SEND_AT = CREATED_AT + 60 * MINUTE;
  const scheduled: Partial<Message> = {
    status: 'scheduled',
    sequence: 0,
    timeline: [{ status: 'scheduled', at: CREATED_AT }],
    sendAt: SEND_AT,
    expiresAt: SEND_AT + 10 * MINUTE,
    dueAt: SEND_AT - 75_000,
  };

  test('is put into its queue a little ahead, to show there at its second, and is still scheduled', async () => {
    const { stored, sweep, clock, queued, get, account } = setUp();
    const id = await stored(scheduled);
    clock.now = SEND_AT - 75_001;
    await sweep();
    expect(queued).toEqual([]);
    clock.now = SEND_AT - 70_400;
    expect(await sweep()).toMatchObject({ requeued: 1 });
    expect(queued).toEqual([`${account}/transactional/${id} in 71 s`]);
    expect(await get(id)).toMatchObject({ status: 'scheduled', dueAt: SEND_AT });
    clock.now = SEND_AT - 1;
    await sweep();
    expect(queued).toHaveLength(1);
  });

  test('is queued at its time, with its event, where no binder has taken it by then', async () => {
    const { stored, sweep, clock, queued, get } = setUp();
    const id = await stored(scheduled);
    clock.now = SEND_AT - MINUTE;
    await sweep();
    clock.now = SEND_AT + 20_000;
    await sweep();
    expect(queued).toHaveLength(2);
    expect(await get(id)).toMatchObject({
      status: 'queued',
      sequence: 1,
      queuedAt: clock.now,
      dueAt: clock.now + 2 * MINUTE,
      timeline: [{ status: 'scheduled' }, { status: 'queued', sequence: 1 }],
    });
  });

  test('loses no time though the answer to a write is lost, or the sweep dies before the write', async () => {
    const { stored, clock, queued, account, messages, dependencies } = setUp();
    await stored(scheduled);
    clock.now = SEND_AT - MINUTE;
    const dying = {
      ...dependencies,
      messages: { ...storeOf(messages), change: () => Promise.reject(new Error('dead')) },
    };
    expect(await sweepAccount(swept(account), clock.now + 1_000, dying)).toMatchObject({ failed: 1 });
    expect(queued).toHaveLength(1);
    const deaf = {
      ...dependencies,
      messages: {
        ...storeOf(messages),
        change: async (...parameters: Parameters<MessageStore['change']>) => {
          await messages.change(...parameters);
          return await messages.change(...parameters);
        },
      },
    };
    await sweepAccount(swept(account), clock.now + 1_000, deaf);
    expect(queued).toHaveLength(2);
  });

  test('is never queued once it is canceled, and expires like any other', async () => {
    const { stored, sweep, clock, queued, get } = setUp();
    await stored(scheduled, { kind: 'canceled', at: CREATED_AT });
    const late = await stored(scheduled);
    clock.now = SEND_AT + 11 * MINUTE;
    await sweep();
    expect(queued).toEqual([]);
    expect(await get(late)).toMatchObject({ status: 'expired', error: { code: 'expired_in_queue' } });
  });
});

const storeOf = (messages: MessageStore) => ({
  due: messages.due.bind(messages),
  get: messages.get.bind(messages),
});

describe('bulk that waits outside of its hours', () => {
  /** It is 18:26:40 in Manila. */
  const hours = { from: '08:00', until: '18:00' };
  const opening = Date.parse('2026-11-23T08:00:00+08:00');
  const expiresAt = CREATED_AT + 1e9;

  test('is not put into its queue again before they begin, and then once', async () => {
    const { stored, clock, queued, get, account, dependencies } = setUp();
    const sweep = async () => await sweepAccount(swept(account, hours), clock.now + 1_000, dependencies);
    const id = await stored({ lane: 'bulk', expiresAt });
    const other = await stored({ lane: 'transactional', expiresAt });
    clock.now += 2 * MINUTE;
    expect(await sweep()).toMatchObject({ requeued: 1, changed: 1 });
    expect(queued.map((line) => line.split('/').at(-1))).toEqual([other]);
    expect((await get(id))?.dueAt).toBe(opening + 2 * MINUTE);
    clock.now = opening + 2 * MINUTE;
    await sweep();
    expect(queued.filter((line) => line.endsWith(id))).toHaveLength(1);
  });

  test('expires at its time all the same', async () => {
    const { stored, clock, get, account, dependencies } = setUp();
    const id = await stored({ lane: 'bulk', expiresAt: CREATED_AT + 10 * MINUTE });
    for (const minutes of [2, 8]) {
      clock.now += minutes * MINUTE;
      await sweepAccount(swept(account, hours), clock.now + 1_000, dependencies);
    }
    expect((await get(id))?.status).toBe('expired');
  });
});

describe('two sweeps at once', () => {
  test('change each message once, and queue each of those that wait', async () => {
    const { stored, sweep, clock, queued, get } = setUp();
    const ids: string[] = [];
    for (let count = 0; count < 30; count += 1) ids.push(await stored());
    const overdue = await stored({ expiresAt: CREATED_AT + MINUTE });
    clock.now += 2 * MINUTE;
    const [one, other] = await Promise.all([sweep(), sweep()]);
    expect(one.requeued + other.requeued).toBe(30);
    expect(one.changed + other.changed).toBe(1);
    // An id that stands in its queue twice is claimed once.
    expect(new Set(queued).size).toBe(30);
    expect((await get(overdue))?.sequence).toBe(2);
  });

  test('and a binder that claims meanwhile do not take anything from each other', async () => {
    const { stored, clock, messages, dependencies, account, queued, get } = setUp();
    const id = await stored();
    clock.now += 2 * MINUTE;
    const slow = {
      ...dependencies,
      messages: {
        due: async (...parameters: Parameters<MessageStore['due']>) => await messages.due(...parameters),
        get: async (messageId: string) => {
          const message = await messages.get(messageId);
          await messages.change(messageId, { ...claimed, at: clock.now });
          return message;
        },
        change: async (...parameters: Parameters<MessageStore['change']>) => await messages.change(...parameters),
      },
    };
    expect(await sweepAccount(swept(account), clock.now + 1_000, slow)).toMatchObject({ requeued: 0, changed: 0 });
    expect(queued).toHaveLength(1);
    expect(await get(id)).toMatchObject({ status: 'sending', claim: { owner: 'b' } });
  });
});

test('a run is bounded, and the next one goes on where it stopped', async () => {
  const { account, dependencies, clock, log } = setUp();
  const all = Array.from({ length: 20_500 }, (_, index) => queuedMessage({ messageId: `msg_${index}`, account }));
  const left = new Map(all.map((message) => [message.messageId, message]));
  const messages = {
    due: async (_account: string, _now: number, limit: number) => [...left.keys()].slice(0, limit),
    get: async (messageId: string) => left.get(messageId),
    change: async (messageId: string) => {
      const message = left.get(messageId) as Message;
      left.delete(messageId);
      return { kind: 'changed' as const, before: message, message };
    },
  };
  clock.now += 2 * MINUTE;
  const run = async () => await sweepAccount(swept(account), clock.now + 1, { ...dependencies, messages });
  expect([(await run()).requeued, (await run()).requeued]).toEqual([20_000, 500]);
  expect(log.lines.at(-1)).toMatchObject({ message: 'swept', account, due: 500, requeued: 500 });
});

test('one message that cannot be swept keeps no other from it', async () => {
  const { stored, sweep, clock, queued, messages } = setUp();
  const bad = await stored();
  await stored();
  const intact = new MessageStore(database.document, 'Messages');
  messages.get = async (messageId) => {
    if (messageId === bad) throw new Error('unreadable');
    return await intact.get(messageId);
  };
  clock.now += 2 * MINUTE;
  expect(await sweep()).toMatchObject({ requeued: 1, failed: 1 });
  expect(queued).toHaveLength(1);
});

describe('a run of the function', () => {
  test('sweeps every account though one part fails, and fails with it', async () => {
    const one = setUp();
    const two = setUp();
    await one.stored();
    await two.stored();
    const now = () => CREATED_AT + 2 * MINUTE;
    const run = sweepHandler({
      ...one.dependencies,
      now,
      accounts: [swept(one.account), swept(two.account)].map((account) => ({
        ...ACCOUNT,
        ...account,
        lanes: { ...ACCOUNT.lanes },
      })),
      keyStore: new KeyStore(database.document, 'Control'),
      readSecret: () => Promise.reject(new Error('no right to read the secret')),
      tellQuota: () => Promise.resolve(),
      loads: { load: () => Promise.resolve(undefined) },
      histories: { append: () => Promise.resolve(true) },
    });
    await expect(run()).rejects.toThrow(AggregateError);
    expect(one.queued).toHaveLength(2);
    expect(one.log.lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'part of the sweep failed' }),
    );
  });
});

describe('a batch', () => {
  const storedBatch = async ({ batches, account }: ReturnType<typeof setUp>, different: Partial<Batch> = {}) => {
    number += 1;
    const batchId = `bat_${String(number).padStart(26, '0')}`;
    return await batches.create(runningBatch({ batchId, account, ...different }));
  };

  test('whose step was lost gets a new one, once, and its old one counts no more', async () => {
    const setting = setUp();
    const { batchId, dueAt = 0 } = await storedBatch(setting);
    setting.clock.now = dueAt - 1;
    await setting.sweep();
    expect(setting.steps).toEqual([]);
    setting.clock.now = dueAt;
    expect(await setting.sweep()).toEqual({ requeued: 1, changed: 0, failed: 0 });
    await setting.sweep();
    expect(setting.steps).toEqual([`${batchId.slice(-3)} step 2 in 0 s`]);
    expect(await setting.batches.get(batchId)).toMatchObject({ feeding: { tick: 2 }, dueAt: dueAt + MINUTE });
  });

  test('that starts in a few minutes has its first step put into the queue for that second', async () => {
    const setting = setUp();
    const startsAt = CREATED_AT + 60 * MINUTE;
    const { batchId } = await storedBatch(setting, { startsAt, dueAt: startsAt - 5 * MINUTE });
    setting.clock.now = startsAt - 4 * MINUTE;
    await setting.sweep();
    expect(setting.steps).toEqual([`${batchId.slice(-3)} step 2 in 240 s`]);
    expect(await setting.batches.get(batchId)).toMatchObject({ dueAt: startsAt + MINUTE });
  });

  test('that was never opened is given up, and its messages with it', async () => {
    const setting = setUp();
    const { batchId } = await storedBatch(setting, { status: 'accepting', history: [], sequence: 0 });
    setting.clock.now = CREATED_AT + MINUTE;
    await setting.sweep();
    expect(await setting.batches.get(batchId)).toMatchObject({ status: 'canceled', history: [] });
    expect(setting.steps).toEqual([`${batchId.slice(-3)} step 2 in 0 s`]);
  });

  test('whose messages wait for it leaves them alone until their life ends', async () => {
    const { stored, sweep, clock, get, queued } = setUp();
    const expiresAt = CREATED_AT + 60 * MINUTE;
    const waiting = { status: 'scheduled', batchId: 'bat_1', expiresAt, dueAt: expiresAt, sequence: 0 } as const;
    const id = await stored({ ...waiting, timeline: [{ status: 'scheduled', at: CREATED_AT }] });
    clock.now = expiresAt - 1;
    await sweep();
    expect(await get(id)).toMatchObject({ status: 'scheduled' });
    clock.now = expiresAt;
    await sweep();
    expect(await get(id)).toMatchObject({ status: 'expired' });
    expect(queued).toEqual([]);
  });
});
