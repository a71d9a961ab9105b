import { beforeAll, describe, expect, test } from 'vitest';
import { Matchings } from '../../../functions/apply-receipts/matchings.ts';
import type { IdMatching } from '../../../shared/receipts/message-ids.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import { startDatabase, type TestDatabase } from './database.ts';
import { AT, receiptsWorld } from './receipts-world.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDatabase();
});

const setUp = async (different: Parameters<typeof receiptsWorld>[1] = {}) => await receiptsWorld(database, different);

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

  test.each<[IdMatching, string, string, string[]]>([
    ['same_number', '0010', '10', ['16', 'a']],
    ['hexadecimal_answer', '10', '16', ['10', 'a']],
    ['decimal_answer', '16', '0x10', ['16', '22']],
    ['hexadecimal_answer', 'F81D4FAE-7DEC', 'f81d4fae-7dec', ['f81d4fae']],
  ])('find each other by the relation that is fixed, %s, and by no other', async (matching, answer, right, wrong) => {
    for (const early of [false, true]) {
      const { submitted, received, apply, message } = await setUp({ matching });
      if (early) await received(right);
      await apply();
      await submitted(answer);
      for (const id of wrong) await received(id, { stat: 'UNDELIV' });
      await apply();
      expect((await message()).status).toBe(early ? 'delivered' : 'sent');
      await received(right);
      await apply();
      expect((await message()).status).toBe('delivered');
    }
  });

  test('are not joined where an id could mean two segments, until it is learnt what the ids of the account mean', async () => {
    const { submitted, received, apply, messages, message, account, log } = await setUp();
    const other = queuedMessage({ messageId: 'msg_0000000000000000000000EXACT', account, segmentCount: 4 });
    await messages.create(other);
    await submitted('a000', { ofMessage: other.messageId, index: 3 });
    await submitted('40960');
    await received('40960');
    await apply();
    expect((await message()).status).toBe('sent');
    expect((await messages.get(other.messageId))?.segments[3]?.receipt).toBeUndefined();
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'warn', mcMessageId: '40960' }));

    for (const index of [0, 1, 2]) await submitted(`b${index}`, { ofMessage: other.messageId, index });
    for (const index of [0, 1, 2]) await received(`b${index}`);
    await apply();
    await received('40960', { stat: 'DELIVRD', at: AT + 6_000 });
    await apply();
    expect((await message()).status).toBe('delivered');
    expect((await messages.get(other.messageId))?.segments[3]?.receipt).toBeUndefined();
  });

  test('do not find a segment by another notation where it has a receipt in its own', async () => {
    const { submitted, received, apply, message } = await setUp();
    await submitted('a000');
    await received('A000', { stat: 'ENROUTE' });
    await received('40960', { stat: 'UNDELIV' });
    await apply();
    expect((await message()).status).toBe('sent');
  });
});

describe('what three pairs have shown', () => {
  test.each<[IdMatching, (n: number) => string, (n: number) => string]>([
    ['hexadecimal_answer', (n) => n.toString(16), String],
    ['decimal_answer', String, (n) => n.toString(16)],
    ['same_number', String, String],
  ])('counts from then on, in every environment, whichever half came first: %s', async (learnt, answer, receipt) => {
    for (const answerFirst of [true, false]) {
      const { submitted, received, apply, receipts, account } = await setUp({ segmentCount: 3 });
      const ofEnvironment = () => new Matchings({ receipts, configured: () => 'match_any', now: () => AT });
      const first = 0x1234abcd;
      for (const index of [0, 1, 2]) {
        expect(await ofEnvironment().of(account)).toBe('match_any');
        if (answerFirst) await submitted(answer(first + index), { index });
        else await received(receipt(first + index));
        await apply();
        if (answerFirst) await received(receipt(first + index));
        else await submitted(answer(first + index), { index });
        await apply();
      }
      expect(await ofEnvironment().of(account)).toBe(learnt);
      expect(await receipts.evidence(account)).toHaveLength(3);
    }
  });

  test('is not asked where the relation is fixed, nor believed where it contradicts itself', async () => {
    const { submitted, received, apply, receipts, account, messageId } = await setUp({ segmentCount: 4 });
    for (const [index, id] of ['aa', 'ab'].entries()) {
      await submitted(id, { index });
      await received(id);
    }
    await apply();
    await receipts.putEvidence({ kind: 'evidence', account, relation: 'decimal_answer', messageId, index: 2, at: AT });
    const as = async (configured: IdMatching) =>
      await new Matchings({ receipts, configured: () => configured, now: () => AT }).of(account);
    expect(await as('match_any')).toBe('match_any');
    expect(await as('exact')).toBe('exact');
  });

  test('is not collected for ever where it contradicts itself', async () => {
    const { receipts, account, messageId } = await setUp();
    const matchings = new Matchings({ receipts, configured: () => 'match_any', now: () => AT });
    const segment = { kind: 'segment', account, messageId, mcMessageId: 'aa', at: AT } as const;
    for (const index of [0, 1, 2, 3])
      await matchings.showed(index === 1 ? 'decimal_answer' : 'same_number', { ...segment, index });
    expect(await receipts.evidence(account)).toHaveLength(3);
  });

  test('is read again after five minutes, and no more often', async () => {
    const { receipts, account, messageId } = await setUp();
    let now = AT;
    const matchings = new Matchings({ receipts, configured: () => 'match_any', now: () => now });
    expect(await matchings.of(account)).toBe('match_any');
    for (const index of [0, 1, 2])
      await receipts.putEvidence({ kind: 'evidence', account, relation: 'same_number', messageId, index, at: AT });
    now += 299_999;
    expect(await matchings.of(account)).toBe('match_any');
    now += 1;
    expect(await matchings.of(account)).toBe('same_number');
  });
});
