import { beforeAll, describe, expect, test } from 'vitest';
import { applyReceiptsHandler } from '../../../functions/apply-receipts/handler.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { canonicalMcMessageId, type IdMatching } from '../../../shared/receipts/message-ids.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { type ReceiptRow, ReceiptStore, type SegmentRow } from '../../../shared/store/receipts.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { streamEvent, streamRecord } from './stream-event.ts';

let database: TestDatabase;
let number = 0;

beforeAll(async () => {
  database = await startDatabase();
});

const AT = CREATED_AT + 10_000;

/** An account of its own for each test, with one message on the wire. */
async function setUp({
  matching = 'match_any',
  segmentCount = 1,
}: {
  matching?: IdMatching;
  segmentCount?: number;
} = {}) {
  number += 1;
  const account = `account-${number}`;
  const messageId = `msg_${String(number).padStart(26, '0')}`;
  const messages = new MessageStore(database.document, 'Messages');
  const receipts = new ReceiptStore(database.document, 'Receipts');
  const log = quietLog();
  const handler = applyReceiptsHandler({ messages, receipts, matchingOf: () => matching, log });
  await messages.create(queuedMessage({ messageId, account, segmentCount }));
  await messages.change(messageId, { kind: 'claimed', owner: 'b', fence: 1, at: AT });
  for (let index = 1; index < segmentCount; index += 1) {
    await messages.change(messageId, { kind: 'segment_submitting', index, at: AT });
  }

  async function rowsInStream(): Promise<Record<string, unknown>[]> {
    return (await database.items('Receipts')).filter((row) => row['account'] === account);
  }

  const byName = (row: Record<string, unknown>) => `${String(row['key'])} ${String(row['row'])}`;
  const applied = new Set<string>();

  return {
    account,
    messageId,
    messages,
    log,
    /** Stores the row that the binder writes for an accepted segment. */
    submitted: async (mcMessageId: string, { index = 0, at = AT, ofMessage = messageId } = {}) => {
      const row: SegmentRow = { kind: 'segment', account, mcMessageId, messageId: ofMessage, index, at };
      await receipts.putSegment(canonicalMcMessageId(mcMessageId, matching), row);
    },
    /** Stores the row that the binder writes for a deliver_sm. */
    received: async (mcMessageId: string, different: Partial<ReceiptRow> = { stat: 'DELIVRD', err: '000' }) => {
      number += 1;
      const row: ReceiptRow = {
        kind: 'receipt',
        account,
        mcMessageId,
        intermediate: false,
        raw: new Uint8Array([105, 100]),
        at: AT + 5_000,
        ...different,
      };
      await receipts.putReceipt(canonicalMcMessageId(mcMessageId, matching), row, { unique: String(number) });
    },
    /** Gives the function whatever was stored since the last time. */
    apply: async () => {
      const rows = (await rowsInStream()).filter((row) => !applied.has(byName(row)));
      for (const row of rows) applied.add(byName(row));
      return await handler(streamEvent(...rows.map((row, index) => streamRecord(String(index), row))));
    },
    /** Gives it everything again. */
    applyAll: async () => {
      const rows = await rowsInStream();
      return await handler(streamEvent(...rows.map((row, index) => streamRecord(String(index), row))));
    },
    handler,
    message: async (): Promise<Message> => {
      const message = await messages.get(messageId);
      if (message === undefined) throw new Error('no message');
      return message;
    },
  };
}

describe('a receipt', () => {
  test.each<[string, Partial<ReceiptRow>, Message['status']]>([
    ['DELIVRD', { stat: 'DELIVRD' }, 'delivered'],
    ['UNDELIV', { stat: 'UNDELIV', err: '011' }, 'undelivered'],
    ['EXPIRED', { stat: 'EXPIRED' }, 'expired'],
    ['REJECTD', { stat: 'REJECTD' }, 'undelivered'],
    ['UNKNOWN', { stat: 'UNKNOWN' }, 'unknown'],
    ['message_state alone', { messageState: 2 }, 'delivered'],
    ['ACCEPTD', { stat: 'ACCEPTD' }, 'sent'],
    ['an intermediate notification', { stat: 'DELIVRD', intermediate: true }, 'sent'],
    ['a word nobody has heard of', { stat: 'DELIV' }, 'sent'],
  ])('of %s', async (_name, receipt, status) => {
    const { submitted, received, apply, message } = await setUp();
    await submitted('A1');
    await apply();
    await received('A1', receipt);
    expect(await apply()).toEqual({ batchItemFailures: [] });
    expect((await message()).status).toBe(status);
  });

  test('leaves the words of the operator in the message', async () => {
    const { submitted, received, apply, message } = await setUp();
    await submitted('A1');
    await received('A1', { stat: 'UNDELIV', err: '011' });
    await apply();
    expect(await message()).toMatchObject({
      error: { code: 'undelivered', operatorCode: '011' },
      segments: [{ mcMessageId: 'A1', receipt: { stat: 'UNDELIV', err: '011', at: AT + 5_000 } }],
    });
  });

  test('with a state nobody has heard of is told loudly', async () => {
    const { submitted, received, apply, log } = await setUp();
    await submitted('A1');
    await received('A1', { stat: 'WHATEVER' });
    await apply();
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', stat: 'WHATEVER' }));
  });

  test('for an id never heard of changes nothing, and settles its message once the id is known', async () => {
    const { submitted, received, apply, message } = await setUp();
    await received('A1');
    expect(await apply()).toEqual({ batchItemFailures: [] });
    expect((await message()).status).toBe('sending');
    await submitted('A1');
    await apply();
    expect((await message()).status).toBe('delivered');
  });
});

describe('both halves', () => {
  test.each<[string, string, string]>([
    ['the same id', '8a3f', '8a3f'],
    ['hex answer, decimal receipt', '1A2B3C', '1715004'],
    ['decimal answer, hex receipt', '1715004', '1a2b3c'],
    ['padded receipt', '42', '0000000042'],
    ['padded answer', '0000000042', '42'],
    ['another case', 'AB-CD', 'ab-cd'],
    ['64 bits in hex', 'FFFFFFFFFFFFFFFE', '18446744073709551614'],
  ])('find each other whichever comes first: %s', async (_name, answer, receipt) => {
    const segmentFirst = await setUp();
    await segmentFirst.submitted(answer);
    await segmentFirst.apply();
    await segmentFirst.received(receipt);
    await segmentFirst.apply();
    const receiptFirst = await setUp();
    await receiptFirst.received(receipt);
    await receiptFirst.apply();
    await receiptFirst.submitted(answer);
    await receiptFirst.apply();
    const together = await setUp();
    await together.received(receipt);
    await together.submitted(answer);
    await together.apply();
    for (const { message } of [segmentFirst, receiptFirst, together])
      expect((await message()).status).toBe('delivered');
  });

  test('do not find each other by another notation where the ids of the account are exact', async () => {
    const { submitted, received, apply, message } = await setUp({ matching: 'exact' });
    await submitted('1A2B');
    await received('1a2b');
    await received('6699');
    await apply();
    expect((await message()).status).toBe('sent');
    await received('1A2B');
    await apply();
    expect((await message()).status).toBe('delivered');
  });

  test('are joined by the id itself before any other notation of it', async () => {
    const { submitted, received, apply, message, messages, account } = await setUp();
    const other = queuedMessage({ messageId: 'msg_0000000000000000000000EXACT', account });
    await messages.create(other);
    await submitted('1000', { ofMessage: other.messageId });
    await submitted('4096');
    await received('1000');
    await apply();
    expect((await message()).status).toBe('sent');
    expect((await messages.get(other.messageId))?.status).toBe('delivered');
  });
});

describe('nothing goes wrong twice', () => {
  test('receipts that repeat, come late and contradict each other change a message once', async () => {
    const { submitted, received, apply, applyAll, message } = await setUp();
    await received('A1', { stat: 'DELIVRD' });
    await received('A1', { stat: 'DELIVRD' });
    await submitted('A1');
    await apply();
    const before = await message();
    await received('A1', { stat: 'UNDELIV', at: AT + 60_000 });
    await received('A1', { stat: 'ENROUTE', at: AT + 60_000 });
    await apply();
    await applyAll();
    await applyAll();
    expect(await message()).toEqual(before);
    expect(before.timeline.filter(({ status }) => status === 'delivered')).toHaveLength(1);
  });

  test('a segment row heals what a binder that died before its second write left behind', async () => {
    const { submitted, apply, message } = await setUp();
    await submitted('A1');
    expect((await message()).status).toBe('sending');
    await apply();
    expect(await message()).toMatchObject({ status: 'sent', segments: [{ state: 'accepted', mcMessageId: 'A1' }] });
  });

  test('a receipt settles a message that was given up as unknown', async () => {
    const { submitted, received, apply, message, messages, messageId } = await setUp();
    await submitted('A1');
    await apply();
    await messages.change(messageId, { kind: 'receipt_window_passed', at: AT + 3e8 });
    expect((await message()).status).toBe('unknown');
    await received('A1');
    await apply();
    expect((await message()).status).toBe('delivered');
  });

  test('an id that the message centre gave a second time settles the second message only', async () => {
    const { submitted, received, apply, message, messages, account } = await setUp();
    const later = queuedMessage({ messageId: 'msg_0000000000000000000000LATER', account });
    await messages.create(later);
    await submitted('A1');
    await submitted('A1', { at: AT + 86_400_000, ofMessage: later.messageId });
    await received('A1', { stat: 'DELIVRD', at: AT + 86_400_000 + 5_000 });
    await apply();
    expect((await message()).status).toBe('sent');
    expect((await messages.get(later.messageId))?.status).toBe('delivered');
  });
});

test('a message of three segments is delivered when its last receipt came, in whatever order and all at once', async () => {
  const { submitted, received, apply, message } = await setUp({ segmentCount: 3 });
  await received('C3');
  for (const [index, id] of ['C1', 'C2', 'C3'].entries()) await submitted(id, { index });
  await received('C1');
  await apply();
  expect((await message()).status).toBe('sent');
  await received('C2');
  await apply();
  expect((await message()).status).toBe('delivered');
});

describe('records that cannot be worked on', () => {
  test('come again alone, with their reason in the log', async () => {
    const { submitted, handler, messageId, account, log, message } = await setUp();
    await submitted('A1');
    const good = { kind: 'segment', account, mcMessageId: 'A1', messageId, index: 0, at: AT };
    const bad = { kind: 'segment', account, mcMessageId: 'A1', messageId, index: 9, at: AT };
    const result = await handler(
      streamEvent(
        streamRecord('10', { ...bad, key: `${account}#a1`, row: 'x' }),
        streamRecord('11', { key: `${account}#a1`, row: 'y', account, kind: 'something' }),
        streamRecord('12', undefined),
        streamRecord('13', { ...good, key: `${account}#a1`, row: 'z' }),
      ),
    );
    const failed = result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    expect(failed.sort()).toEqual(['10', '11', '12']);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(3);
    expect((await message()).status).toBe('sent');
  });

  test('do not include inbound messages, nor rows of a message that is gone', async () => {
    const { handler, account } = await setUp();
    const inbound = { key: `${account}#inbound#1`, row: 'inbound#1', kind: 'inbound', account, at: AT };
    const gone = { kind: 'segment', account, mcMessageId: 'A1', messageId: 'msg_gone', index: 0, at: AT };
    const event = streamEvent(
      streamRecord('1', inbound),
      streamRecord('2', { ...gone, key: `${account}#a1`, row: 'x' }),
    );
    expect(await handler(event)).toEqual({ batchItemFailures: [] });
  });
});
