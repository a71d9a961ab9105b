import { describe, expect, test } from 'vitest';
import {
  candidateIds,
  canonicalMcMessageId,
  type Half,
  type IdMatching,
} from '../../../shared/receipts/message-ids.ts';

const canonical = (id: string) => canonicalMcMessageId(id, 'match_any');

const idsOf = (written: string, half: Half, matching: IdMatching = 'match_any') =>
  candidateIds(canonical(written), half, matching).map(({ id }) => id);

/** Whether a receipt with one id finds a segment stored under the other. */
const finds = (receiptId: string, segmentId: string) =>
  idsOf(receiptId, 'receipt').includes(canonical(segmentId)) &&
  idsOf(segmentId, 'segment').includes(canonical(receiptId));

describe('ids that mean the same', () => {
  test.each([
    ['the same', '8a3f', '8a3f'],
    ['case', '8A3F', '8a3f'],
    ['padding', '00000042', '42'],
    ['a padded answer', '42', '0000000042'],
    ['hex answer, decimal receipt', '1A2B', '6699'],
    ['decimal answer, hex receipt', '6699', '1a2b'],
    ['padded hex, decimal', '00001A2B', '6699'],
    ['hex of digits only', '12345678', '305419896'],
    ['0x', '0x1A2B', '6699'],
    ['64 bits', 'FFFFFFFFFFFFFFFF', '18446744073709551615'],
    ['128 bits', 'DEADBEEFDEADBEEFDEADBEEFDEADBEEF', '295990755083049101712519384020072382191'],
    ['zero', '0000', '0'],
    ['space around', ' 42 ', '42'],
    ['a UUID in another case', 'F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6'],
  ])('%s', (_name, answer, receipt) => {
    expect(finds(receipt, answer)).toBe(true);
    expect(finds(answer, receipt)).toBe(true);
  });
});

describe('ids that do not', () => {
  test.each([
    ['neighbours that a float would join', '18446744073709551615', '18446744073709551616'],
    ['one digit more', '421', '42'],
    ['zeros inside', '4002', '42'],
    ['zeros that are no padding of a number', '00-xyz', '-xyz'],
    ['a number and a word with it', '42', 'sms42'],
  ])('%s', (_name, one, other) => {
    expect(finds(one, other)).toBe(false);
    expect(finds(other, one)).toBe(false);
  });
});

test('an account whose ids are exact gets no candidates and no change', () => {
  expect(canonicalMcMessageId('00AB', 'exact')).toBe('00AB');
  expect(candidateIds('00AB', 'receipt', 'exact')).toEqual([{ id: '00AB', relation: 'same_number' }]);
});

test('the id itself comes first, and each candidate says what it would show', () => {
  expect(candidateIds('66996699', 'receipt', 'match_any')).toEqual([
    { id: '66996699', relation: 'same_number' },
    { id: '3fe49db', relation: 'hexadecimal_answer' },
    { id: '1721329305', relation: 'decimal_answer' },
  ]);
  expect(candidateIds('66996699', 'segment', 'match_any')).toEqual([
    { id: '66996699', relation: 'same_number' },
    { id: '1721329305', relation: 'hexadecimal_answer' },
    { id: '3fe49db', relation: 'decimal_answer' },
  ]);
});

test('a short number is read one way only: its other reading is a neighbour of a counting message centre', () => {
  expect(idsOf('10', 'receipt')).toEqual(['10', 'a']);
  expect(idsOf('16', 'receipt')).toEqual(['16']);
  expect(idsOf('a', 'receipt')).toEqual(['a', '10']);
});

test.each<[IdMatching, string, Half, string[]]>([
  ['same_number', '16', 'receipt', ['16']],
  ['hexadecimal_answer', '16', 'receipt', ['10']],
  ['hexadecimal_answer', '10', 'segment', ['16']],
  ['hexadecimal_answer', '5', 'receipt', ['5']],
  ['hexadecimal_answer', 'ff', 'receipt', []],
  ['decimal_answer', '10', 'receipt', ['16']],
  ['decimal_answer', '16', 'segment', ['10']],
  ['decimal_answer', 'ff', 'segment', []],
  ['decimal_answer', 'sms-1', 'segment', ['sms-1']],
])('where the relation is fixed, %s, the id %s of a %s stands for %j alone', (matching, id, half, ids) => {
  expect(idsOf(id, half, matching)).toEqual(ids);
});

test('an id far longer than SMPP allows costs no big arithmetic', () => {
  const id = '9'.repeat(60_000);
  expect(idsOf(id, 'receipt')).toEqual([id]);
});
