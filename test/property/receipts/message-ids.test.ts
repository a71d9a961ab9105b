import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  candidateIds,
  canonicalMcMessageId,
  type Half,
  type IdMatching,
} from '../../../shared/receipts/message-ids.ts';

const idsOf = (written: string, half: Half, matching: IdMatching) =>
  candidateIds(canonicalMcMessageId(written, matching), half, matching).map(({ id }) => id);

/** Whether the halves find each other, from either side. */
const find = (answer: string, receipt: string, matching: IdMatching) => {
  const fromReceipt = idsOf(receipt, 'receipt', matching).includes(canonicalMcMessageId(answer, matching));
  const fromSegment = idsOf(answer, 'segment', matching).includes(canonicalMcMessageId(receipt, matching));
  expect(fromSegment).toBe(fromReceipt);
  return fromReceipt;
};

const decorated = fc.constantFrom<(id: string) => string>(
  (id) => id,
  (id) => id.toUpperCase(),
  (id) => id.padStart(40, '0'),
  (id) => ` ${id} `,
);
const number = fc.oneof(fc.bigInt({ min: 0n, max: 300n }), fc.bigInt({ min: 0n, max: 2n ** 128n }));
const relation = fc.constantFrom('same_number' as const, 'hexadecimal_answer' as const, 'decimal_answer' as const);

const written = {
  same_number: { answer: (n: bigint) => n.toString(16), receipt: (n: bigint) => n.toString(16) },
  hexadecimal_answer: { answer: (n: bigint) => n.toString(16), receipt: (n: bigint) => n.toString(10) },
  decimal_answer: { answer: (n: bigint) => n.toString(10), receipt: (n: bigint) => n.toString(16) },
};

test('where the relation is fixed or learnt, every number finds itself and never another one', () => {
  fc.assert(
    fc.property(relation, number, number, decorated, decorated, (relation, one, other, answer, receipt) => {
      const write = written[relation];
      expect(find(answer(write.answer(one)), receipt(write.receipt(one)), relation)).toBe(true);
      expect(find(answer(write.answer(one)), receipt(write.receipt(other)), relation)).toBe(one === other);
    }),
    { numRuns: 1_000 },
  );
});

test('where it is not known yet, every long number finds itself in whatever notation', () => {
  const long = fc.bigInt({ min: 10_000_000n, max: 2n ** 128n });
  fc.assert(
    fc.property(relation, long, decorated, decorated, (relation, n, answer, receipt) => {
      const write = written[relation];
      expect(find(answer(write.answer(n)), receipt(write.receipt(n)), 'match_any')).toBe(true);
    }),
  );
});

test('whatever is written, both halves agree whether they are a pair', () => {
  const id = fc.oneof(fc.stringMatching(/^[0-9a-fA-FxX -]{1,12}$/), fc.string({ maxLength: 80 }));
  const matching = fc.constantFrom('exact' as const, 'same_number' as const, 'match_any' as const);
  fc.assert(
    fc.property(id, id, fc.oneof(matching, relation), (answer, receipt, matching) => {
      find(answer, receipt, matching);
      find(answer, answer, matching);
    }),
    { numRuns: 1_000 },
  );
});
