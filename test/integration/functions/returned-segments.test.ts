import { beforeAll, describe, expect, test } from 'vitest';
import { publishChanges } from '../../../functions/publish-events/publish.ts';
import { itemMessageId } from '../../../shared/domain/batch.ts';
import type { Message } from '../../../shared/domain/message.ts';
import type { MessageChange } from '../../../shared/domain/message-change.ts';
import { BatchStore } from '../../../shared/store/batches.ts';
import { UsageStore } from '../../../shared/store/control-usage.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { runningBatch } from '../../fixtures/batch.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { ParkedList } from '../../fixtures/parked.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { Life } from './mortal-client.ts';
import { streamRecord } from './stream-event.ts';

const PERIOD = { month: '2026-11', day: '22' };
const at = CREATED_AT + 1_000;
const claimed: MessageChange = { kind: 'claimed', owner: 'b', fence: 1, at };
const accepted: MessageChange = { kind: 'segment_accepted', index: 0, mcMessageId: 'A1', at };
const error = { code: 'operator_rejected', detail: 'no', retryable: false };
const refused: MessageChange = { kind: 'segment_refused', index: 0, commandStatus: 0x45, error, at };
const unanswered: MessageChange = { kind: 'segment_unanswered', index: 0, policy: 'resend_once', at };
const notAccepted: MessageChange = { kind: 'segment_not_accepted', index: 0, refused: true, at };
const givenBack: MessageChange = { kind: 'given_back', at };
const expired: MessageChange = { kind: 'expired', at };
const canceled: MessageChange = { kind: 'canceled', at };
const failed: MessageChange = { kind: 'failed', error, at };
const operatorExpired: MessageChange = { kind: 'receipt', index: 0, mcMessageId: 'A1', state: 'expired', at };

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

let made = 0;

async function setUp(message: Partial<Message> & { segmentCount?: number } = {}) {
  made += 1;
  const account = `account-${made}`;
  const messages = new MessageStore(database.document, 'Messages');
  const usage = new UsageStore(database.document, 'Control');
  const stored = queuedMessage({ messageId: `msg_${made}`, account, countedIn: PERIOD, ...message });
  await messages.create(stored);
  const charge = { messageId: stored.messageId, segments: stored.segments.length, period: PERIOD };
  const counters = [{ account, keyId: stored.keyId }, { account }];
  for (const counter of counters) {
    await usage.count(counter, { ...charge, messageId: 'msg_other', segments: 10 }, { limits: {}, at });
    await usage.count(counter, charge, { limits: {}, at });
  }
  /** Makes the changes, and tells of each as the stream does. */
  const change = async (...changes: MessageChange[]) => {
    const records = [];
    for (const one of changes) {
      const result = await messages.change(stored.messageId, one);
      if (result.kind === 'changed')
        records.push(streamRecord(String(records.length), { ...result.message }, { ...result.before }));
    }
    return records;
  };
  const publish = async (records: ReturnType<typeof streamRecord>[], life = new Life()) => {
    const document = life.client(database.document);
    return await publishChanges(records, {
      bus: { put: async () => [] },
      webhooks: { send: async () => [] },
      endpoints: async () => [],
      messages: new MessageStore(document, 'Messages'),
      usage: new UsageStore(document, 'Control'),
      outcomes: { add: async () => undefined },
      stage: 'test',
      isTest: () => false,
      parked: new ParkedList(),
      log: quietLog(),
      now: () => at,
      sleep: async () => undefined,
    });
  };
  const used = async () =>
    await Promise.all(counters.map(async (counter) => (await usage.read(counter, PERIOD)).month));
  const marks = async () =>
    (await database.items('Control'))
      .filter(({ pk }) => String(pk).startsWith(`usage#${account}`))
      .flatMap((item) => Object.keys(item).filter((name) => name.startsWith('returned#')));
  return { change, publish, used, marks, messages, messageId: stored.messageId, account, keyId: stored.keyId };
}

describe('the segments of a message', () => {
  test.each<[string, MessageChange[], number]>([
    ['that was canceled', [canceled], 10],
    ['that expired in its queue', [expired], 10],
    ['that failed before it went out', [failed], 10],
    ['that the operator refused', [claimed, refused], 10],
    ['that the operator refused for the time being until it expired', [claimed, notAccepted, givenBack, expired], 10],
    ['that the operator took', [claimed, accepted], 11],
    ['that the operator took and could not deliver in time', [claimed, accepted, operatorExpired], 11],
    ['that may have been taken when it expired', [claimed, unanswered, givenBack, expired], 11],
    ['that still waits', [], 11],
  ])('%s', async (_name, changes, expected) => {
    const { change, publish, used } = await setUp();
    await publish(await change(...changes));
    expect(await used()).toEqual([expected, expected]);
  });

  test('are all given back, or none', async () => {
    const whole = await setUp({ segmentCount: 3 });
    await whole.publish(await whole.change(canceled));
    expect(await whole.used()).toEqual([10, 10]);
    const begun = await setUp({ segmentCount: 3 });
    await begun.publish(await begun.change(claimed, accepted, { ...refused, index: 1 }));
    expect(await begun.used()).toEqual([13, 13]);
  });

  test('are given back once, however often the record comes', async () => {
    const { change, publish, used, marks, messages, messageId } = await setUp({ segmentCount: 2 });
    const records = await change(canceled);
    for (let time = 0; time < 3; time += 1) await publish(records);
    expect(await used()).toEqual([10, 10]);
    expect(await messages.get(messageId)).toMatchObject({ countReturned: true, status: 'canceled' });
    expect(await marks()).toEqual([]);
  });

  test('are given back once where the process dies at any step, and the record comes again', async () => {
    const whole = new Life();
    const one = await setUp();
    await one.publish(await one.change(canceled), whole);
    expect(whole.steps).toBeGreaterThan(4);
    for (let stepsLeft = 1; stepsLeft <= whole.steps; stepsLeft += 1) {
      for (const isLastDone of [false, true]) {
        const { change, publish, used, marks } = await setUp();
        const records = await change(canceled);
        const broken = await publish(records, new Life({ stepsLeft, isLastDone }));
        expect(broken.batchItemFailures).toHaveLength(1);
        await publish(records);
        expect(await used(), `${stepsLeft} ${isLastDone}`).toEqual([10, 10]);
        expect(await marks()).toEqual([]);
      }
    }
  });

  test('of a message that was never counted are not given back', async () => {
    const { change, publish, used, messages, messageId } = await setUp();
    const records = await change(canceled);
    for (const { dynamodb } of records) delete dynamodb?.NewImage?.['countedIn'];
    await publish(records);
    expect(await used()).toEqual([11, 11]);
    expect((await messages.get(messageId))?.countReturned).toBeUndefined();
  });
});

describe('the segments of a batch whose acceptance broke off', () => {
  /** Of three accepted items with two segments each, the first `stored` have their messages. */
  async function brokenOff(stored: number) {
    // What is counted for this message stands for what the batch counts.
    const { publish, used, messages, account, keyId } = await setUp({ segmentCount: 6 });
    const batches = new BatchStore(database.document, 'Messages');
    const batchId = `bat_01JDA8K40000000000000${String(made).padStart(4, '0')}0`;
    const different = { batchId, account, keyId, accepted: '1011', segments: 6, countedIn: PERIOD };
    await batches.create(runningBatch({ ...different, status: 'accepting', sequence: 0, history: [] }));
    for (const index of [0, 2, 3].slice(0, stored)) {
      const whole = queuedMessage({ messageId: itemMessageId(batchId, index), account, segmentCount: 2 });
      await messages.create({ ...whole, batchId, keyId });
    }
    const before = await batches.get(batchId);
    const result = await batches.change(batchId, { kind: 'canceled', at });
    if (before === undefined || result.kind !== 'changed') throw new Error('it was not canceled');
    const itemOf = (item: object) => ({ ...item, messageId: batchId });
    const records = [streamRecord('1', itemOf(result.batch), itemOf(before))];
    return { publish, records, used };
  }

  test.each([
    ['are given back for what was not stored, and stay for what was', 1, 12],
    ['stay where all was stored: each message gives back its own', 3, 16],
    ['are left to whoever counts next where nothing was stored', 0, 16],
  ])('%s', async (_name, stored, expected) => {
    const { publish, records, used } = await brokenOff(stored);
    for (let time = 0; time < 3; time += 1) expect(await publish(records)).toEqual({ batchItemFailures: [] });
    expect(await used()).toEqual([expected, expected]);
  });

  test('are given back once where the process dies at any step, and the record comes again', async () => {
    const whole = new Life();
    const one = await brokenOff(2);
    await one.publish(one.records, whole);
    expect(await one.used()).toEqual([14, 14]);
    for (let stepsLeft = 1; stepsLeft <= whole.steps; stepsLeft += 1) {
      for (const isLastDone of [false, true]) {
        const { publish, records, used } = await brokenOff(2);
        expect((await publish(records, new Life({ stepsLeft, isLastDone }))).batchItemFailures).toHaveLength(1);
        await publish(records);
        expect(await used(), `${stepsLeft} ${isLastDone}`).toEqual([14, 14]);
      }
    }
  });
});
