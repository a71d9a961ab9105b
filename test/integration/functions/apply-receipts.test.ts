import { beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../../../shared/domain/message.ts';
import type { ReceiptRow } from '../../../shared/store/receipts.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { AT, receiptsWorld } from './receipts-world.ts';
import { streamEvent, streamRecord } from './stream-event.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

const setUp = async (different: Parameters<typeof receiptsWorld>[1] = {}) => await receiptsWorld(database, different);

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

  test('on the way stands in the timeline, once, and changes nothing else', async () => {
    const { submitted, received, apply, applyAll, message } = await setUp();
    await submitted('A1');
    await apply();
    const before = await message();
    for (const stat of ['ACCEPTD', 'ENROUTE', 'ENROUTE', 'BUFFRED']) await received('A1', { stat, at: AT + 5_000 });
    await received('A1', { messageState: 1 });
    await apply();
    await applyAll();
    const { timeline, version, ...rest } = await message();
    expect(rest).toEqual((({ timeline: _timeline, version: _version, ...others }) => others)(before));
    expect(version).toBe(before.version + 3);
    const words = timeline.slice(before.timeline.length);
    expect(new Set(words.map(({ detail }) => detail))).toEqual(
      new Set(['ACCEPTD', 'BUFFRED', 'ENROUTE'].map((word) => `the operator reports ${word}`)),
    );
    expect(words.every((entry) => entry.status === 'sent' && entry.sequence === undefined)).toBe(true);
  });

  test('whose id could not be read is left alone', async () => {
    const { received, apply, receipts } = await setUp();
    await received('');
    const asked: unknown[] = [];
    receipts.rows = async (...args) => {
      asked.push(args);
      return await Promise.resolve([]);
    };
    expect(await apply()).toEqual({ batchItemFailures: [] });
    expect(asked).toEqual([]);
  });

  test('with a state nobody has heard of is told loudly, and counted with its account', async () => {
    const { submitted, received, apply, log, unheardOf, account } = await setUp();
    await submitted('A1');
    await received('A1', { stat: 'ENROUTE' });
    await received('A1', { stat: 'WHATEVER' });
    await received('', { stat: 'WHATEVER' });
    await apply();
    expect(unheardOf).toEqual([account, account]);
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
  test('are parked with their reason where no repetition helps, and keep nothing else back', async () => {
    const { handler, messageId, account, parked, message } = await setUp();
    const good = { kind: 'segment', account, mcMessageId: 'A1', messageId, index: 0, at: AT };
    const result = await handler(
      streamEvent(
        streamRecord('11', { key: `${account}#a1`, row: 'y', account, kind: 'something' }),
        streamRecord('12', undefined),
        streamRecord('13', { ...good, key: `${account}#a1`, row: 'z' }),
      ),
    );
    expect(result).toEqual({ batchItemFailures: [] });
    expect(parked.letters).toEqual([
      ['11', 'unreadable', 'a row of the Receipts table is of no kind that is known here'],
      ['12', 'unreadable', 'a stream record without a new image'],
    ]);
    expect((await message()).status).toBe('sent');
  });

  test('come again for ten minutes where a fault may pass, and what is behind them with them', async () => {
    const { handler, messageId, account, parked, clock } = await setUp();
    const bad = {
      kind: 'segment',
      account,
      mcMessageId: 'A1',
      messageId,
      index: 9,
      at: AT,
      key: `${account}#a1`,
      row: 'x',
    };
    const record = streamRecord('10', bad);
    const written = { ...record, dynamodb: { ...record.dynamodb, ApproximateCreationDateTime: AT / 1000 } };
    const event = streamEvent(
      written,
      streamRecord('11', { key: `${account}#a1`, row: 'y', account, kind: 'something' }),
    );
    clock.now = AT + 240_000;
    expect(await handler(event)).toEqual({ batchItemFailures: [{ itemIdentifier: '10' }] });
    clock.now = AT + 599_000;
    await expect(handler(event)).rejects.toThrow('1 records have failed');
    expect(parked.letters).toEqual([]);
    clock.now = AT + 601_000;
    expect(await handler(event)).toEqual({ batchItemFailures: [] });
    expect(parked.letters).toEqual([
      ['10', 'work_failed', 'RangeError'],
      ['11', 'unreadable', 'a row of the Receipts table is of no kind that is known here'],
    ]);
  });

  test('do not include rows of a message that is gone', async () => {
    const { handler, account } = await setUp();
    const gone = { kind: 'segment', account, mcMessageId: 'A1', messageId: 'msg_gone', index: 0, at: AT };
    const event = streamEvent(streamRecord('2', { ...gone, key: `${account}#a1`, row: 'x' }));
    expect(await handler(event)).toEqual({ batchItemFailures: [] });
  });
});
