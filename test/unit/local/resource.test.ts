import { expect, test } from 'vitest';
import { undeclaredProperties } from '../../../cdk/local/resources/resource.ts';

const family = { honours: ['Name', 'List.Kept', 'Whole'], ignores: { 'List.Dropped': 'no reason' } };

test('what a family declares covers everything below it', () => {
  const properties = { Name: 'a', Whole: { deep: [1] }, List: [{ Kept: 1, Dropped: { x: 1 } }] };
  expect(undeclaredProperties(family, properties)).toEqual([]);
});

test('anything else is named once, by its path, also inside of lists', () => {
  const properties = { Other: { deep: 1 }, List: [{ Kept: 1, New: 1 }, { New: 2 }], Named: 1 };
  expect(undeclaredProperties(family, properties)).toEqual(['Other', 'List.New', 'Named']);
});
