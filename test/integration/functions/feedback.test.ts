import { beforeAll, describe, expect, test } from 'vitest';
import { manageHandler } from '../../../functions/manage/handler.ts';
import { publishChanges } from '../../../functions/publish-events/publish.ts';
import { queryHandler } from '../../../functions/query/handler.ts';
import { type ApiSenderUsage, senderUsageListSchema } from '../../../shared/contracts/feedback.ts';
import type { Message } from '../../../shared/domain/message.ts';
import type { MessageChange } from '../../../shared/domain/transitions.ts';
import { OutcomeStore } from '../../../shared/store/control-outcomes.ts';
import { WebhookStore } from '../../../shared/store/control-webhooks.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { ParkedList } from '../../fixtures/parked.ts';
import { ACCOUNT, call, queryParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { streamRecord } from './stream-event.ts';

const MONTH = '2026-11';
const at = CREATED_AT + 1_000;
const claimed: MessageChange = { kind: 'claimed', owner: 'b', fence: 1, at };
const accepted: MessageChange = { kind: 'segment_accepted', index: 0, mcMessageId: 'A1', at };
const delivered: MessageChange = { kind: 'receipt', index: 0, mcMessageId: 'A1', state: 'delivered', at };

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

let made = 0;

/** An account of its own, with a sending and a reading key. */
async function setUp() {
  made += 1;
  const account = `feedback-${made}`;
  const parts = queryParts(database, [{ ...ACCOUNT, name: account }]);
  const sending = await storedKey(database, { keyId: `fs${made}`, scopes: ['messages:send'], account });
  const reading = await storedKey(database, { keyId: `fr${made}`, scopes: ['messages:read'], account });
  const handler = manageHandler({
    ...parts,
    endpoints: new WebhookStore(database.document, 'Control'),
    newEndpointId: () => 'we_1',
    randomBytes: (octets) => Buffer.alloc(octets),
    loopbackAllowed: false,
    now: () => at + 60_000,
  });
  const message = async (changes: MessageChange[] = [claimed, accepted], different: Partial<Message> = {}) => {
    made += 1;
    const messageId = `msg_01JDA8K4ZZZZZZZZZZZZ${String(made).padStart(6, '0')}`;
    await parts.messages.create(queuedMessage({ messageId, account, ...different }));
    const records = [];
    for (const change of changes) {
      const result = await parts.messages.change(messageId, change);
      if (result.kind === 'changed') {
        records.push(streamRecord(String(records.length), { ...result.message }, { ...result.before }));
      }
    }
    return { messageId, records };
  };
  const give = async (id: string, body: unknown = { outcome: 'converted' }, key = sending) =>
    await call(handler, 'POST /v1/messages/{id}/feedback', { key, parameters: { id }, body });
  const usage = async (): Promise<ApiSenderUsage[]> => {
    const answer = await call(queryHandler(parts), 'GET /v1/usage/senders', { key: reading, query: { month: MONTH } });
    return senderUsageListSchema.parse(answer.body).data;
  };
  const publish = async (records: ReturnType<typeof streamRecord>[], busFails = false) =>
    await publishChanges(records, {
      ...parts,
      bus: { put: async (events) => (busFails ? [...events] : []) },
      endpoints: async () => [],
      isTest: () => false,
      parked: new ParkedList(),
      sleep: async () => undefined,
    });
  return { account, parts, sending, reading, message, give, usage, publish };
}

describe('feedback', () => {
  test('stands with its message and counts once, however often it is given', async () => {
    const { message, give, usage, reading, parts } = await setUp();
    const { messageId } = await message();
    const first = await give(messageId, { outcome: 'converted', at: new Date(at + 1_000).toISOString() });
    expect(first).toMatchObject({ status: 200, body: { outcome: 'converted', at: '2026-11-22T10:26:42.000Z' } });
    expect((await give(messageId)).body).toEqual(first.body);
    await Promise.all(Array.from({ length: 5 }, async () => await give(messageId)));
    expect(await usage()).toMatchObject([{ from: 'Bindery', lane: 'transactional', converted: 1, not_converted: 0 }]);
    const shown = await call(queryHandler(parts), 'GET /v1/messages/{id}', {
      key: reading,
      parameters: { id: messageId },
    });
    expect(shown.body['feedback']).toEqual({ outcome: 'converted', at: '2026-11-22T10:26:42.000Z' });
    expect(shown.body['status']).toBe('sent');
  });

  test('that changes moves what it counts, and many at once count one', async () => {
    const { message, give, usage } = await setUp();
    const { messageId } = await message();
    await Promise.all(Array.from({ length: 8 }, async () => await give(messageId, { outcome: 'not_converted' })));
    expect(await usage()).toMatchObject([{ converted: 0, not_converted: 1 }]);
    await Promise.all(Array.from({ length: 8 }, async () => await give(messageId)));
    expect(await usage()).toMatchObject([{ converted: 1, not_converted: 0 }]);
  });

  test('is refused for what never went out, and taken as soon as something may be on the wire', async () => {
    const { message, give, usage } = await setUp();
    const waits = await message([]);
    expect(await give(waits.messageId)).toMatchObject({ status: 409, body: { code: 'message_not_sent' } });
    const canceled = await message([{ kind: 'canceled', at }]);
    expect((await give(canceled.messageId)).status).toBe(409);
    const onTheWire = await message([claimed]);
    expect((await give(onTheWire.messageId)).status).toBe(200);
    expect(await usage()).toMatchObject([{ converted: 1 }]);
  });

  test('needs the right to send in the lane, and a message in reach', async () => {
    const { message, give, reading } = await setUp();
    const { give: giveElsewhere } = await setUp();
    const otp = await message([claimed, accepted], { lane: 'otp' });
    expect((await give(otp.messageId)).body).toMatchObject({ code: 'missing_scope' });
    const own = await message();
    expect((await give(own.messageId, undefined, reading)).body).toMatchObject({ code: 'missing_scope' });
    expect((await giveElsewhere(own.messageId)).status).toBe(404);
  });

  test.each([
    { outcome: 'used' },
    {},
    { outcome: 'converted', at: '2030-01-01T00:00:00Z' },
    { outcome: 'converted', at: '2020-01-01T00:00:00Z' },
  ])('of the wrong shape or time is refused: %j', async (body) => {
    const { message, give } = await setUp();
    const { messageId } = await message();
    expect(await give(messageId, body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });
});

describe('what became of messages', () => {
  test('is counted by lane and sender id: sent, delivered by receipt, converted, and their shares', async () => {
    const { message, publish, give, usage } = await setUp();
    const all = [
      await message([claimed, accepted, delivered]),
      await message([claimed, accepted, delivered]),
      await message([claimed, accepted]),
      await message([claimed, accepted, delivered], { from: 'Shop', lane: 'otp' }),
      await message([{ kind: 'canceled', at }], { from: 'Never' }),
    ];
    const records = all
      .flatMap((each) => each.records)
      .map((record, index) => ({
        ...record,
        dynamodb: { ...record.dynamodb, SequenceNumber: String(index) },
      }));
    expect(await publish(records)).toEqual({ batchItemFailures: [] });
    await give(all[0]?.messageId ?? '');
    const place = { account: expect.any(String) as string, month: MONTH };
    expect(await usage()).toEqual([
      {
        ...place,
        lane: 'otp',
        from: 'Shop',
        sent: 1,
        delivered: 1,
        converted: 0,
        not_converted: 0,
        delivery_rate: 1,
        conversion_rate: 0,
      },
      {
        ...place,
        lane: 'transactional',
        from: 'Bindery',
        sent: 3,
        delivered: 2,
        converted: 1,
        not_converted: 0,
        delivery_rate: 0.6667,
        conversion_rate: 0.3333,
      },
    ]);
  });

  test('is not counted of records that come again', async () => {
    const { message, publish, usage } = await setUp();
    const { records } = await message([claimed, accepted]);
    const failed = await publish(records, true);
    expect(failed.batchItemFailures).not.toEqual([]);
    expect(await usage()).toEqual([]);
    await publish(records);
    expect(await usage()).toMatchObject([{ sent: 1 }]);
  });

  test('of a receipt before the answer counts as sent, once', async () => {
    const { message, publish, usage } = await setUp();
    const { records } = await message([claimed, delivered, accepted]);
    await publish(records);
    expect(await usage()).toMatchObject([{ sent: 1, delivered: 1 }]);
  });

  test('of more sender ids than are counted by themselves is counted together', async () => {
    const { account, usage } = await setUp();
    const store = new OutcomeStore(database.document, 'Control', { now: () => at, mostSenders: 2 });
    for (const from of ['A', 'B', 'C', 'D', 'A'])
      await store.add({ account, month: MONTH, lane: 'bulk', from }, { sent: 1 });
    const counts = (await usage()).map(({ from, sent }) => [from, sent]);
    expect(counts).toEqual([
      [null, 2],
      ['A', 2],
      ['B', 1],
    ]);
  });
});
