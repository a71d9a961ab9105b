import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyRow, type StoredRow } from '../../../functions/apply-receipts/apply.ts';
import { Matchings } from '../../../functions/apply-receipts/matchings.ts';
import { canonicalMcMessageId, type IdMatching, type IdRelation } from '../../../shared/receipts/message-ids.ts';
import type { EvidenceRow, ReceiptTableRow } from '../../../shared/store/receipts.ts';
import { noInbound } from '../../fixtures/inbound.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';

const HEX = (n: bigint) => n.toString(16);
const DECIMAL = (n: bigint) => n.toString(10);
const WRITTEN: Record<IdRelation, { answer: (n: bigint) => string; receipt: (n: bigint) => string }> = {
  same_number: { answer: DECIMAL, receipt: DECIMAL },
  hexadecimal_answer: { answer: HEX, receipt: DECIMAL },
  decimal_answer: { answer: DECIMAL, receipt: HEX },
};

/** A number, and those that are written as it is in the other notation: the worst ids that there can be. */
function lookalikes(n: bigint): bigint[] {
  const asDecimal = /^[0-9]+$/.test(HEX(n)) ? [BigInt(HEX(n))] : [];
  return [n, BigInt(`0x${DECIMAL(n)}`), ...asDecimal];
}

/** The function over tables in memory. A receipt carries its true number in `err`, a segment in its message's id. */
function world(relation: IdRelation, matching: IdMatching) {
  const rows = new Map<string, ReceiptTableRow[]>();
  const evidence: EvidenceRow[] = [];
  const matched: { message: string; receipt: string }[] = [];
  const matchings = new Matchings({
    receipts: {
      evidence: async () => await Promise.resolve([...evidence]),
      putEvidence: async (row) => void (await Promise.resolve(evidence.push(row))),
    },
    configured: () => matching,
    now: () => CREATED_AT,
  });
  const messages = {
    get: async (messageId: string) => await Promise.resolve(queuedMessage({ messageId })),
    change: async (messageId: string, change: { kind: string; err?: string }) => {
      if (change.kind === 'receipt') matched.push({ message: messageId, receipt: `msg_${change.err}` });
      return await Promise.resolve({ kind: 'unchanged' as const, message: queuedMessage({ messageId }) });
    },
  };
  const receipts = { rows: async (_account: string, id: string) => await Promise.resolve(rows.get(id) ?? []) };
  const store = async (row: ReceiptTableRow & { mcMessageId: string }) => {
    const id = canonicalMcMessageId(row.mcMessageId, matching);
    rows.set(id, [...(rows.get(id) ?? []), row]);
    const stored: StoredRow = { ...row, key: `main#${id}` };
    const tellUnheardOf = () => undefined;
    await applyRow(stored, { messages, receipts, matchings, inbound: noInbound, tellUnheardOf, log: quietLog() });
  };
  const { answer, receipt } = WRITTEN[relation];
  const common = { account: 'main', at: CREATED_AT };
  return {
    matched,
    answered: async (n: bigint) =>
      await store({ ...common, kind: 'segment', mcMessageId: answer(n), messageId: `msg_${n}`, index: 0 }),
    received: async (n: bigint) =>
      await store({
        ...common,
        kind: 'receipt',
        mcMessageId: receipt(n),
        stat: 'DELIVRD',
        err: String(n),
        intermediate: false,
        raw: Uint8Array.of(),
      }),
  };
}

const relation = fc.constantFrom<IdRelation>('same_number', 'hexadecimal_answer', 'decimal_answer');
const worst = fc
  .array(fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: 2n ** 66n })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((numbers) => [...new Set(numbers.flatMap(lookalikes))]);

/** Half of the ids are ours, the receipts of the others are for ids never heard of; answers and receipts come in any order. */
const story = worst.chain((numbers) =>
  fc.tuple(...numbers.map(() => fc.boolean())).chain((isOurs) => {
    const ours = numbers.filter((_, place) => isOurs[place]);
    const steps = [
      ...ours.map((n) => ({ kind: 'answered' as const, n })),
      ...numbers.map((n) => ({ kind: 'received' as const, n })),
    ];
    const order = fc.shuffledSubarray(steps, { minLength: steps.length, maxLength: steps.length });
    return fc.record({ ours: fc.constant(ours), order });
  }),
);

async function check(
  at: ReturnType<typeof world>,
  { ours, order }: { ours: bigint[]; order: { kind: 'answered' | 'received'; n: bigint }[] },
): Promise<void> {
  at.matched.length = 0;
  for (const { kind, n } of order) await at[kind](n);
  expect(at.matched.filter(({ message, receipt }) => message !== receipt)).toEqual([]);
  expect(new Set(at.matched.map(({ message }) => message))).toEqual(new Set(ours.map((n) => `msg_${n}`)));
}

test('where the relation is fixed no receipt settles another message than its own, and each of ours finds it', async () => {
  await fc.assert(
    fc.asyncProperty(relation, story, async (relation, story) => {
      await check(world(relation, relation), story);
    }),
    { numRuns: 300 },
  );
});

test('nor where it was learnt from three messages', async () => {
  await fc.assert(
    fc.asyncProperty(relation, story, async (relation, story) => {
      const learning = world(relation, 'match_any');
      for (const n of [700_000_000_001n, 700_000_000_002n, 700_000_000_003n]) {
        await learning.answered(n);
        await learning.received(n);
      }
      await check(learning, story);
    }),
    { numRuns: 300 },
  );
});

test('nor, before that, where ids are long and come from a counter or from chance', async () => {
  const counter = fc.tuple(fc.bigInt({ min: 10n ** 9n, max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 5_000n }));
  const numbers = fc.oneof(
    counter.map(([first, step]) => [0n, 1n, 2n, 3n].map((place) => first + place * step)),
    fc.uniqueArray(fc.bigInt({ min: 2n ** 60n, max: 2n ** 64n }), { minLength: 4, maxLength: 4 }),
  );
  const early = numbers.chain((all) => {
    const steps = all.flatMap((n) => [
      { kind: 'received' as const, n },
      { kind: 'answered' as const, n },
    ]);
    const order = fc.shuffledSubarray(steps, { minLength: steps.length, maxLength: steps.length });
    return fc.record({ ours: fc.constant(all), order });
  });
  await fc.assert(
    fc.asyncProperty(relation, early, async (relation, story) => {
      await check(world(relation, 'match_any'), story);
    }),
    { numRuns: 300 },
  );
});
