import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { beforeAll, expect, test } from 'vitest';
import { applyReceiptsHandler } from '../../../functions/apply-receipts/handler.ts';
import { Matchings } from '../../../functions/apply-receipts/matchings.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { candidateIds, canonicalMcMessageId, type IdMatching } from '../../../shared/receipts/message-ids.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { ReceiptStore } from '../../../shared/store/receipts.ts';
import { noInbound } from '../../fixtures/inbound.ts';
import { quietLog } from '../../fixtures/log.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import { ParkedList } from '../../fixtures/parked.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { AT } from './receipts-world.ts';
import { streamEvent, streamRecord } from './stream-event.ts';

/** On demand, us-east-1, US dollars per million units (2025). */
const PRICE = { read: 0.125, write: 0.625 };
const ITEM_OCTETS = { readUnit: 4_096, writeUnit: 1_024 };
/** Indexes of the Messages table that hold whole items: each is written with it. */
const WHOLE_INDEXES = 2;

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

interface Calls {
  queries: number;
  halfPriceGets: number;
  gets: number;
  updates: number;
  puts: number;
}

function counting(): { client: DynamoDBDocumentClient; calls: Calls } {
  const send = database.document.send.bind(database.document) as (command: unknown) => Promise<unknown>;
  const calls: Calls = { queries: 0, halfPriceGets: 0, gets: 0, updates: 0, puts: 0 };
  const countingSend = async (command: { constructor: { name: string }; input: { ConsistentRead?: boolean } }) => {
    const { name } = command.constructor;
    if (name === 'QueryCommand') calls.queries += 1;
    else if (name === 'GetCommand') calls[command.input.ConsistentRead === true ? 'gets' : 'halfPriceGets'] += 1;
    else if (name === 'UpdateCommand') calls.updates += 1;
    else if (name === 'PutCommand') calls.puts += 1;
    else throw new Error(`${name} is not counted`);
    return await send(command);
  };
  return { client: { send: countingSend } as unknown as DynamoDBDocumentClient, calls };
}

let number = 0;

/** The whole way of a message's answers and receipts, one after the other as they come in the field; the calls of each program. */
async function calls(
  segmentCount: number,
  matching: IdMatching,
): Promise<{ binder: Calls; apply: Calls; message: Message }> {
  number += 1;
  const account = `account-${number}`;
  const messageId = `msg_${String(number).padStart(26, '0')}`;
  const table = new MessageStore(database.document, 'Messages');
  await table.create(queuedMessage({ messageId, account, segmentCount }));
  await table.change(messageId, { kind: 'claimed', owner: 'b', fence: 1, at: AT });
  for (let index = 1; index < segmentCount; index += 1)
    await table.change(messageId, { kind: 'segment_submitting', index, at: AT });
  const binder = counting();
  const messages = new MessageStore(binder.client, 'Messages');
  const written = new ReceiptStore(binder.client, 'Receipts');
  const apply = counting();
  const receipts = new ReceiptStore(apply.client, 'Receipts');
  const handler = applyReceiptsHandler({
    messages: new MessageStore(apply.client, 'Messages'),
    receipts,
    matchings: new Matchings({ receipts, configured: () => matching, now: () => AT }),
    inbound: noInbound,
    tellUnheardOf: () => undefined,
    parked: new ParkedList(),
    log: quietLog(),
    now: () => AT,
  });
  const rowsUnder = async (id: string) =>
    (await database.items('Receipts')).filter(
      (row) => row['key'] === `${account}#${canonicalMcMessageId(id, matching)}`,
    );
  const ids = Array.from({ length: segmentCount }, (_, index) => String(700_000_001 + index));
  let known = await table.get(messageId);
  for (const [index, mcMessageId] of ids.entries()) {
    await written.putSegment(mcMessageId, { kind: 'segment', account, mcMessageId, messageId, index, at: AT });
    const result = await messages.change(messageId, { kind: 'segment_accepted', index, mcMessageId, at: AT }, known);
    known = result.kind === 'missing' ? undefined : result.message;
    await handler(streamEvent(...(await rowsUnder(mcMessageId)).map((row) => streamRecord('1', row))));
  }
  for (const mcMessageId of ids) {
    const raw = new Uint8Array(120);
    const row = {
      kind: 'receipt',
      account,
      mcMessageId,
      intermediate: false,
      stat: 'DELIVRD',
      raw,
      at: AT + 1,
    } as const;
    await written.putReceipt(mcMessageId, row, { unique: '1' });
    const stored = (await rowsUnder(mcMessageId)).filter(({ kind }) => kind === 'receipt');
    await handler(streamEvent(...stored.map((record) => streamRecord('1', record))));
  }
  const message = await table.get(messageId);
  if (message?.status !== 'delivered') throw new Error('it was not delivered');
  return { binder: binder.calls, apply: apply.calls, message };
}

/** Read and write units of the function's and the binder's calls together, for rows and messages of this size. */
function units({ binder, apply, message }: { binder: Calls; apply: Calls; message: Message }) {
  const octets = Buffer.byteLength(JSON.stringify(message));
  const readUnits = Math.ceil(octets / ITEM_OCTETS.readUnit);
  const writeUnits = Math.ceil(octets / ITEM_OCTETS.writeUnit) * (1 + WHOLE_INDEXES);
  const reads = apply.queries + (apply.gets + apply.halfPriceGets / 2) * readUnits;
  // `due` loses its entry when a message is sent, gets it again, and loses it when it is final.
  const writes = binder.puts + (binder.updates + apply.updates) * writeUnits + 3;
  return { reads, writes, dollarsPerMillion: reads * PRICE.read + writes * PRICE.write };
}

test.each([
  { segmentCount: 1, apply: { queries: 2, halfPriceGets: 2, gets: 0, updates: 1, puts: 0 } },
  { segmentCount: 3, apply: { queries: 6, halfPriceGets: 6, gets: 0, updates: 3, puts: 0 } },
])('a message of $segmentCount segments costs as few calls as this', async ({ segmentCount, apply }) => {
  const counted = await calls(segmentCount, 'same_number');
  const { reads, writes, dollarsPerMillion } = units(counted);
  console.log(
    `receipts of a message of ${segmentCount}: apply-receipts ${JSON.stringify(counted.apply)}, ` +
      `binder ${JSON.stringify(counted.binder)}: ${reads} reads, ${writes} writes, ` +
      `$${dollarsPerMillion.toFixed(2)} a million messages`,
  );
  expect(counted.apply).toEqual(apply);
  expect(counted.binder).toEqual({
    queries: 0,
    halfPriceGets: 0,
    gets: 0,
    updates: segmentCount,
    puts: 2 * segmentCount,
  });
});

test('until it is learnt how the ids of an account relate, each notation costs a query', async () => {
  const notations = candidateIds('700000001', 'receipt', 'match_any').length;
  const { apply } = await calls(1, 'match_any');
  // One more to read what was learnt so far; its evidence is one more update.
  expect(apply).toMatchObject({ queries: 2 * notations + 1, updates: 2 });
});
