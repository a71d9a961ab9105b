import { expect, test } from 'vitest';
import { segmentOf } from '../../../shared/receipts/pairing.ts';

const segment = (name: string, at: number) => ({ kind: 'segment' as const, name, at });
const receipt = (at: number) => ({ kind: 'receipt' as const, at });
const DAY = 86_400_000;

test('a receipt belongs to the segment under its id', () => {
  expect(segmentOf(receipt(200), [segment('a', 100)])?.name).toBe('a');
});

test('a receipt may be there before the answer is stored', () => {
  expect(segmentOf(receipt(100), [segment('a', 200)])?.name).toBe('a');
});

test('where a message centre gave an id twice, each segment gets the receipts of its own time', () => {
  const segments = [segment('old', DAY), segment('new', 3 * DAY)];
  expect(segmentOf(receipt(2 * DAY), segments)?.name).toBe('old');
  expect(segmentOf(receipt(3 * DAY + 5_000), segments)?.name).toBe('new');
  expect(segmentOf(receipt(3 * DAY - 5_000), segments)?.name).toBe('new');
});

test('an id that is given again within minutes does not take the receipt of its first segment', () => {
  const segments = [segment('old', DAY), segment('new', DAY + 150_000)];
  expect(segmentOf(receipt(DAY + 5_000), segments)?.name).toBe('old');
  expect(segmentOf(receipt(DAY + 149_000), segments)?.name).toBe('new');
});

test('a receipt from long before a segment is not its own', () => {
  expect(segmentOf(receipt(DAY), [segment('a', 3 * DAY)])).toBeUndefined();
});
