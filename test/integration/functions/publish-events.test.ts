import type { PutEventsCommand, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { describe, expect, test } from 'vitest';
import { EventBus } from '../../../functions/middleware/event-bus.ts';
import { publishChanges } from '../../../functions/publish-events/publish.ts';
import { batchEventSchema } from '../../../shared/contracts/batch-event.ts';
import { messageEventSchema } from '../../../shared/contracts/event.ts';
import type { WebhookTask } from '../../../shared/contracts/webhook-task.ts';
import type { Batch } from '../../../shared/domain/batch.ts';
import { applyBatchChange, type BatchChange } from '../../../shared/domain/batch-change.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { applyChange, type MessageChange } from '../../../shared/domain/transitions.ts';
import type { WebhookEndpoint } from '../../../shared/domain/webhook-endpoint.ts';
import { runningBatch } from '../../fixtures/batch.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { ParkedList } from '../../fixtures/parked.ts';
import { streamRecord } from './stream-event.ts';

const ID = 'msg_01JDA8K4ZZZZZZZZZZZZZZZZZZ';
const at = CREATED_AT + 1_000;
const claimed: MessageChange = { kind: 'claimed', owner: 'b', fence: 1, at };
const accepted: MessageChange = { kind: 'segment_accepted', index: 0, mcMessageId: 'A1', at };
const undelivered: MessageChange = {
  kind: 'receipt',
  index: 0,
  mcMessageId: 'A1',
  state: 'undelivered',
  stat: 'UNDELIV',
  err: '011',
  at,
};

function after(message: Message, ...changes: MessageChange[]): Message {
  return changes.reduce((before, change) => {
    const result = applyChange(before, change);
    return result.kind === 'changed' ? result.message : before;
  }, message);
}

const record = (sequenceNumber: string, message: Message, before?: Message) =>
  streamRecord(sequenceNumber, { ...message, ttl: 1 }, before === undefined ? undefined : { ...before, ttl: 1 });

interface Faults {
  /** Entries refused, by call from 0; the ids are detail-types. */
  refuse?: (call: number, entry: PutEventsRequestEntry) => boolean;
  busFails?: boolean;
  queueRefuses?: (call: number, task: WebhookTask) => boolean;
  endpointsFail?: boolean;
}

function setUp(endpoints: string[] = [], faults: Faults = {}) {
  const entries: PutEventsRequestEntry[] = [];
  const tasks: WebhookTask[] = [];
  const waits: number[] = [];
  const sizes: number[] = [];
  let calls = 0;
  let queueCalls = 0;
  const client = {
    send: async ({ input }: PutEventsCommand) => {
      if (faults.busFails) throw new Error('the bus does not answer');
      const call = calls;
      calls += 1;
      sizes.push(input.Entries?.length ?? 0);
      const answer = (input.Entries ?? []).map((entry) => {
        if (faults.refuse?.(call, entry)) return { ErrorCode: 'InternalFailure' };
        entries.push(entry);
        return { EventId: `aws-${entries.length}` };
      });
      return { Entries: answer, FailedEntryCount: 0 };
    },
  };
  const log = quietLog();
  const parked = new ParkedList();
  const dependencies = {
    parked,
    bus: new EventBus(client, {
      bus: 'bus',
      source: 'com.example.sms',
    }),
    webhooks: {
      send: async (some: readonly WebhookTask[]) => {
        const call = queueCalls;
        queueCalls += 1;
        const refused = some.filter((task) => faults.queueRefuses?.(call, task));
        tasks.push(...some.filter((task) => !refused.includes(task)));
        return refused;
      },
    },
    endpoints: async () => {
      if (faults.endpointsFail) throw new Error('the table does not answer');
      return endpoints.map((endpointId) => ({ endpointId }) as WebhookEndpoint);
    },
    // No message here was counted; returned-segments.test.ts has those that were.
    messages: { get: async () => undefined, markReturned: async () => undefined },
    outcomes: { add: async () => undefined },
    usage: { giveBack: async () => undefined, forgetReturn: async () => undefined },
    stage: 'test',
    isTest: (account: string) => account === 'test',
    log,
    now: () => at,
    sleep: async (ms: number) => void waits.push(ms),
  };
  return { dependencies, entries, tasks, waits, sizes, log, parked };
}

const types = (entries: PutEventsRequestEntry[]) => entries.map(({ DetailType }) => DetailType);
const details = (entries: PutEventsRequestEntry[]) =>
  entries.map(({ Detail }) => messageEventSchema.parse(JSON.parse(Detail ?? '')));

describe('the events of a change', () => {
  test('a new message is announced as queued', async () => {
    const { dependencies, entries } = setUp();
    expect(await publishChanges([record('1', queuedMessage())], dependencies)).toEqual({ batchItemFailures: [] });
    expect(entries).toMatchObject([
      { EventBusName: 'bus', Source: 'com.example.sms', DetailType: 'message.queued', Time: new Date(CREATED_AT) },
    ]);
    expect(details(entries)[0]?.metadata).toEqual({
      event_id: `evt_${ID.slice(4)}_1`,
      schema: 'bindery.message',
      schema_version: '1',
      occurred_at: '2026-11-22T10:26:40.000Z',
      sequence: 1,
      account: 'main',
      stage: 'test',
      test: false,
    });
  });

  test('hold what a rule can filter on, the error where there is one, and never the text', async () => {
    const { dependencies, entries } = setUp();
    const before = after(queuedMessage({ metadata: { order: '7' }, clientRef: 'c' }), claimed, accepted);
    await publishChanges([record('1', after(before, undelivered), before)], dependencies);
    expect(types(entries)).toEqual(['message.undelivered']);
    expect(details(entries)[0]?.data).toEqual({
      message_id: ID,
      status: 'undelivered',
      status_at: '2026-11-22T10:26:41.000Z',
      is_final: true,
      lane: 'transactional',
      to: '+639171234567',
      from: 'Bindery',
      encoding: 'gsm7',
      segments_total: 1,
      segments_sent: 1,
      segments_delivered: 0,
      segments_failed: 1,
      client_ref: 'c',
      metadata: { order: '7' },
      error_code: 'undelivered',
      error_detail: 'the operator reports UNDELIV',
      operator_code: '011',
      retryable: false,
      created_at: '2026-11-22T10:26:40.000Z',
      sent_at: '2026-11-22T10:26:41.000Z',
      finalized_at: '2026-11-22T10:26:41.000Z',
      expires_at: '2026-11-22T11:26:40.000Z',
    });
    expect(entries[0]?.Detail).not.toContain('Hello');
  });

  test.each<[string, Message, Message]>([
    ['a claim', queuedMessage(), after(queuedMessage(), claimed)],
    [
      'a further segment',
      after(queuedMessage({ segmentCount: 2 }), claimed),
      after(queuedMessage({ segmentCount: 2 }), claimed, accepted),
    ],
    ['a new date for the sweep', queuedMessage(), queuedMessage({ dueAt: 9 })],
  ])('%s is no news', async (_name, before, message) => {
    const { dependencies, entries } = setUp(['we_1']);
    expect(await publishChanges([record('1', message, before)], dependencies)).toEqual({ batchItemFailures: [] });
    expect(entries).toEqual([]);
  });

  test('a record that comes again gives the same events with the same ids', async () => {
    const { dependencies, entries } = setUp();
    const before = after(queuedMessage(), claimed);
    const again = record('1', after(before, accepted), before);
    await publishChanges([again], dependencies);
    await publishChanges([again], dependencies);
    expect(entries[1]?.Detail).toBe(entries[0]?.Detail);
  });

  test('each change of a batch is one event, ten a call at most', async () => {
    const { dependencies, entries, sizes } = setUp();
    const messages = Array.from({ length: 23 }, (_, index) =>
      queuedMessage({ messageId: `msg_${String(index).padStart(26, '0')}` }),
    );
    await publishChanges(
      messages.map((message, index) => record(String(index), message)),
      dependencies,
    );
    expect(sizes).toEqual([10, 10, 3]);
    expect(new Set(details(entries).map(({ metadata }) => metadata.event_id)).size).toBe(23);
  });
});

describe('webhooks', () => {
  test('each event goes into the queue once for each endpoint, with the body that will be signed', async () => {
    const { dependencies, entries, tasks } = setUp(['we_1', 'we_2']);
    await publishChanges([record('1', queuedMessage())], dependencies);
    expect(tasks.map(({ endpoint_id }) => endpoint_id)).toEqual(['we_1', 'we_2']);
    const [event] = details(entries);
    expect(tasks[0]).toMatchObject({ event_id: event?.metadata.event_id, attempt: 1, first_at: at, not_before: at });
    expect(JSON.parse(tasks[0]?.payload ?? '')).toEqual({
      type: 'message.queued',
      timestamp: event?.metadata.occurred_at,
      data: event?.data,
      metadata: event?.metadata,
    });
  });
});

describe('what is not taken', () => {
  const two = () => [
    record('1', queuedMessage()),
    record('2', queuedMessage({ messageId: 'msg_00000000000000000000000002' })),
  ];
  const isSecond = (text: string | undefined) => text?.includes('msg_00000000000000000000000002') ?? false;

  test('is tried again, alone', async () => {
    const { dependencies, entries, sizes, waits } = setUp([], {
      refuse: (call, { Detail }) => call === 0 && isSecond(Detail),
    });
    expect(await publishChanges(two(), dependencies)).toEqual({ batchItemFailures: [] });
    expect(types(entries)).toEqual(['message.queued', 'message.queued']);
    expect({ sizes, waits }).toEqual({ sizes: [2, 1], waits: [50] });
  });

  test('is reported after several tries, and nothing else is', async () => {
    const { dependencies, entries, waits, log } = setUp([], { refuse: (_call, { Detail }) => isSecond(Detail) });
    expect(await publishChanges(two(), dependencies)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect({ count: entries.length, waits }).toEqual({ count: 1, waits: [50, 200, 800] });
    expect(log.lines.at(-1)).toMatchObject({ level: 'error', count: 1 });
  });

  test('because the bus fails is reported, and no webhook goes out with each of the tries of six hours', async () => {
    const { dependencies, tasks } = setUp(['we_1'], { busFails: true });
    const result = await publishChanges(two(), dependencies);
    expect(result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['1', '2']);
    expect(tasks).toEqual([]);
    const second = setUp(['we_1'], { refuse: (_call, { Detail }) => isSecond(Detail) });
    await publishChanges(two(), second.dependencies);
    expect(second.tasks.map(({ payload }) => isSecond(payload))).toEqual([false]);
  });

  test('by the webhook queue is tried again and reported too', async () => {
    const { dependencies, tasks } = setUp(['we_1', 'we_2'], {
      queueRefuses: (call, { endpoint_id, payload }) => endpoint_id === 'we_2' && (isSecond(payload) || call === 0),
    });
    expect(await publishChanges(two(), dependencies)).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(tasks).toHaveLength(3);
  });

  test('because the endpoints cannot be read comes again before anything went out', async () => {
    const { dependencies, entries } = setUp([], { endpointsFail: true });
    await expect(publishChanges(two(), dependencies)).rejects.toThrow('the table does not answer');
    expect(entries).toEqual([]);
  });

  test('because it is no message is parked with its reason, and keeps nothing else back', async () => {
    const { dependencies, entries, parked, log } = setUp();
    const broken = streamRecord('9', { ...queuedMessage(), createdAt: 'never' });
    const records = [streamRecord('7', { messageId: 'msg_x' }), streamRecord('8', undefined), broken, ...two()];
    expect(await publishChanges(records, dependencies)).toEqual({ batchItemFailures: [] });
    expect(entries).toHaveLength(2);
    expect(parked.letters).toEqual([
      ['7', 'unreadable', 'an item of the Messages table is no message'],
      ['8', 'unreadable', 'a stream record without a new image'],
      ['9', 'unreadable', 'RangeError'],
    ]);
    expect(JSON.stringify(log.lines)).not.toContain('9171234567');
  });

  test('for good is parked once: not while a record before it comes again, and it with it', async () => {
    const { dependencies, parked } = setUp([], { refuse: () => true });
    const poison = streamRecord('7', { messageId: 'msg_x' });
    const { batchItemFailures } = await publishChanges([...two(), poison], dependencies);
    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(['1', '2']);
    expect(parked.letters).toEqual([]);
  });

  test('because its segments can never be given back is parked after ten minutes, but not before its event is out', async () => {
    const broken = new RangeError('no such period');
    const counted = queuedMessage({ countedIn: { month: '2026-11', day: '22' } });
    const canceled = record('1', after(counted, { kind: 'canceled', at }), counted);
    const ApproximateCreationDateTime = at / 1000 - 601;
    const records = [{ ...canceled, dynamodb: { ...canceled.dynamodb, ApproximateCreationDateTime } }];
    const messages = { get: () => Promise.reject(broken), markReturned: async () => undefined };
    const unheard = setUp([], { refuse: () => true });
    await expect(publishChanges(records, { ...unheard.dependencies, messages })).rejects.toThrow('have failed');
    expect(unheard.parked.letters).toEqual([]);
    const { dependencies, entries, parked } = setUp();
    expect(await publishChanges(records, { ...dependencies, messages })).toEqual({ batchItemFailures: [] });
    expect([entries.length, parked.letters]).toEqual([1, [['1', 'work_failed', 'RangeError']]]);
  });

  test('for five minutes fails the whole call, so that an alarm hears of it', async () => {
    const { dependencies, parked } = setUp([], { refuse: () => true });
    const written = (secondsAgo: number) => {
      const [one = streamRecord('1', undefined)] = two();
      return { ...one, dynamodb: { ...one.dynamodb, ApproximateCreationDateTime: at / 1000 - secondsAgo } };
    };
    expect((await publishChanges([written(299)], dependencies)).batchItemFailures).toHaveLength(1);
    await expect(publishChanges([written(301)], dependencies)).rejects.toThrow('1 records have failed');
    expect(parked.letters).toEqual([]);
  });
});

describe('a batch', () => {
  const item = ({ batchId, ...batch }: Batch) => ({ ...batch, messageId: batchId, dueAccount: batch.account, ttl: 1 });
  const changed = (batch: Batch, change: BatchChange): Batch => {
    const result = applyBatchChange(batch, change);
    if (result.kind === 'unchanged') throw new Error(`${change.kind} changed nothing`);
    return result.batch;
  };
  const accepting = runningBatch({ status: 'accepting', history: [], sequence: 0 });
  const opened = changed(accepting, { kind: 'opened', at });
  const paused = changed(opened, { kind: 'paused', at });

  test('has an event for each of its turns, on the bus and for webhooks, the same however often the record comes', async () => {
    const { dependencies, entries, tasks } = setUp(['whe_1']);
    const records = [
      streamRecord('1', item(accepting)),
      streamRecord('2', item(opened), item(accepting)),
      streamRecord('3', item(paused), item(opened)),
      streamRecord('3', item(paused), item(opened)),
    ];
    expect(await publishChanges(records, dependencies)).toEqual({ batchItemFailures: [] });
    const details = entries.map(({ DetailType, Detail }) => [
      DetailType,
      batchEventSchema.parse(JSON.parse(Detail ?? '')),
    ]);
    expect(details.map(([type]) => type)).toEqual(['batch.started', 'batch.paused', 'batch.paused']);
    expect(details[1]).toEqual(details[2]);
    expect(details[1]).toMatchObject([
      'batch.paused',
      {
        metadata: { event_id: 'evt_01JDA8K4000000000000000000_2', sequence: 2, account: 'main', stage: 'test' },
        data: { batch_id: 'bat_01JDA8K4000000000000000000', event: 'paused', total: 10, accepted: 10 },
      },
    ]);
    expect(tasks).toHaveLength(3);
  });

  test('is fed without an event', async () => {
    const { dependencies, entries } = setUp();
    const feeding = { tick: opened.feeding.tick + 1, pending: [0], next: 1, slotAt: 0 };
    const fed = changed(opened, { kind: 'fed', feeding, waitMs: 2_000, done: false, at });
    expect(await publishChanges([streamRecord('1', item(fed), item(opened))], dependencies)).toEqual({
      batchItemFailures: [],
    });
    expect(entries).toEqual([]);
  });
});
