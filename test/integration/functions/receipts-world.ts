import { applyReceiptsHandler } from '../../../functions/apply-receipts/handler.ts';
import { Matchings } from '../../../functions/apply-receipts/matchings.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { canonicalMcMessageId, type IdMatching } from '../../../shared/receipts/message-ids.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
import { type ReceiptRow, ReceiptStore, type SegmentRow } from '../../../shared/store/receipts.ts';
import { noInbound } from '../../fixtures/inbound.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { ParkedList } from '../../fixtures/parked.ts';
import type { TestDatabase } from './database.ts';
import { streamEvent, streamRecord } from './stream-event.ts';

/** When its segments went to the wire. */
export const AT = CREATED_AT + 10_000;

let number = 0;

/** An account of its own for each test, with one message on the wire. */
export async function receiptsWorld(
  database: TestDatabase,
  {
    matching = 'match_any',
    segmentCount = 1,
  }: {
    matching?: IdMatching;
    segmentCount?: number;
  } = {},
) {
  number += 1;
  const account = `account-${number}`;
  const messageId = `msg_${String(number).padStart(26, '0')}`;
  const messages = new MessageStore(database.document, 'Messages');
  const receipts = new ReceiptStore(database.document, 'Receipts');
  const log = quietLog();
  const matchings = new Matchings({ receipts, configured: () => matching, now: () => AT });
  const parked = new ParkedList();
  const clock = { now: AT };
  const now = () => clock.now;
  const unheardOf: string[] = [];
  const handler = applyReceiptsHandler({
    messages,
    receipts,
    matchings,
    inbound: noInbound,
    tellUnheardOf: (name) => void unheardOf.push(name),
    parked,
    log,
    now,
  });
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
    receipts,
    log,
    parked,
    /** Accounts, by receipt. */
    unheardOf,
    clock,
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
