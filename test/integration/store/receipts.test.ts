import { beforeAll, expect, test } from 'vitest';
import { receiptWindowEnd } from '../../../shared/domain/transitions.ts';
import { ReceiptStore } from '../../../shared/store/receipts.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { startDatabase, type TestDatabase } from '../functions/database.ts';

const LONGEST_LIFE_MS = 35 * 86_400_000;
const DAY_SECONDS = 86_400;

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

async function ttlOf(account: string, retentionDays: number | undefined, kind: 'segment' | 'receipt'): Promise<number> {
  const store = new ReceiptStore(database.document, 'Receipts', retentionDays);
  const row = { account, mcMessageId: 'A1', at: CREATED_AT };
  if (kind === 'segment') await store.putSegment('a1', { ...row, kind, messageId: 'msg_1', index: 0 });
  else await store.putReceipt('a1', { ...row, kind, intermediate: false, raw: Uint8Array.of(1) }, { unique: '1' });
  const item = (await database.items('Receipts')).find((candidate) => candidate['account'] === account);
  return Number(item?.['ttl']);
}

test.each([undefined, 1])(
  'a segment outlives the receipt window of the longest message: %s days are asked for',
  async (days) => {
    const windowEnd = receiptWindowEnd({ expiresAt: CREATED_AT + LONGEST_LIFE_MS }, CREATED_AT) / 1000;
    expect(await ttlOf(`segment-${days}`, days, 'segment')).toBeGreaterThanOrEqual(windowEnd + DAY_SECONDS);
  },
);

test('a segment is kept longer where that is asked for, and a receipt as long as is asked for', async () => {
  expect(await ttlOf('segment-90', 90, 'segment')).toBe(CREATED_AT / 1000 + 90 * DAY_SECONDS);
  expect(await ttlOf('receipt-3', 3, 'receipt')).toBe(CREATED_AT / 1000 + 3 * DAY_SECONDS);
});

test('however often a receipt was repeated, the segment behind all of them is found', async () => {
  const store = new ReceiptStore(database.document, 'Receipts');
  const row = { account: 'storm', mcMessageId: 'A1', at: CREATED_AT };
  await store.putSegment('a1', { ...row, kind: 'segment', messageId: 'msg_1', index: 0 });
  // A page of a query ends at 1 MB.
  for (let unique = 0; unique < 20; unique += 1) {
    const receipt = { ...row, kind: 'receipt', intermediate: false, raw: new Uint8Array(60_000) } as const;
    await store.putReceipt('a1', receipt, { unique: String(unique).padStart(2, '0') });
  }
  const rows = await store.rows('storm', 'a1');
  expect(rows).toHaveLength(21);
  expect(rows.at(-1)).toMatchObject({ kind: 'segment', messageId: 'msg_1' });
});
