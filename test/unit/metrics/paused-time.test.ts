import { expect, test } from 'vitest';
import { PausedTime } from '../../../binder/metrics/paused-time.ts';

test('a pause counts as it passes, and no longer than it lasts', () => {
  const paused = new PausedTime();
  paused.begin(10_000, 4_000);

  expect(paused.total(10_000)).toBe(0);
  expect(paused.total(11_500)).toBe(1_500);
  expect(paused.total(14_000)).toBe(4_000);
  expect(paused.total(60_000)).toBe(4_000);
});

test('pauses add up, and a longer one takes over from the one before', () => {
  const paused = new PausedTime();
  paused.begin(0, 1_000);
  paused.begin(5_000, 2_000);
  paused.begin(6_000, 4_000);

  expect(paused.total(100_000)).toBe(1_000 + 1_000 + 4_000);
});

test('a pause that ends with its term counts up to then', () => {
  const paused = new PausedTime();
  paused.begin(0, 30_000);
  paused.end(2_000);

  expect(paused.total(60_000)).toBe(2_000);
});

test('nothing is paused before the first pause, wherever the clock stands', () => {
  expect(new PausedTime().total(123_456)).toBe(0);
  const paused = new PausedTime();
  paused.end(-5_000);
  expect(paused.total(-1_000)).toBe(0);
});
