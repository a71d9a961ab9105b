import { describe, expect, test } from 'vitest';
import { SenderBreaker } from '../../../binder/outbound/sender-breaker.ts';

const rule = { refusals: 3, firstPauseMs: 60_000, longestPauseMs: 200_000 };
const message = (n: number, senderId = 'ACME') => ({ senderId, messageId: `msg_${n}` });

/** A breaker that three refusals at time 0 have opened. */
function opened(): SenderBreaker {
  const breaker = new SenderBreaker(rule);
  for (let n = 1; n <= 3; n += 1) breaker.refused(message(n), 0);
  return breaker;
}

describe('the breaker of a sender id', () => {
  test('opens at as many refusals in a row as the rule says, and tells it once', () => {
    const breaker = new SenderBreaker(rule);
    expect([1, 2, 3, 4].map((n) => breaker.refused(message(n), 0))).toEqual([
      undefined,
      undefined,
      { refusals: 3, pauseMs: 60_000 },
      undefined,
    ]);
  });

  test('holds its messages until the pause is over, and none before it opened', () => {
    const breaker = new SenderBreaker(rule);
    breaker.refused(message(1), 0);
    breaker.refused(message(2), 0);
    expect(breaker.holdMs(message(9), 0)).toBe(0);
    breaker.refused(message(3), 0);
    expect(breaker.holdMs(message(9), 1_000)).toBe(59_000);
  });

  test('lets other senders go on', () => {
    expect(opened().holdMs(message(9, 'OTHER'), 1_000)).toBe(0);
  });

  test('does not open for refusals with an acceptance between them', () => {
    const breaker = new SenderBreaker(rule);
    for (let n = 0; n < 20; n += 1) {
      expect(breaker.refused(message(n), 0)).toBeUndefined();
      if (n % 2 === 1) expect(breaker.accepted('ACME')).toBe(false);
    }
  });

  test('lets one probe go after the pause, and no other for another pause', () => {
    const breaker = opened();
    expect(breaker.holdMs(message(10), 60_000)).toBe(0);
    expect(breaker.holdMs(message(11), 60_001)).toBe(59_999);
    expect(breaker.holdMs(message(10), 60_002)).toBe(0);
    expect(breaker.holdMs(message(11), 120_000)).toBe(0);
  });

  test('closes when a probe is taken, and says so once', () => {
    const breaker = opened();
    breaker.holdMs(message(10), 60_000);
    expect(breaker.accepted('ACME')).toBe(true);
    expect(breaker.holdMs(message(11), 60_001)).toBe(0);
    expect(breaker.accepted('ACME')).toBe(false);
    expect([1, 2].map((n) => breaker.refused(message(n), 70_000))).toEqual([undefined, undefined]);
  });

  test('waits twice as long after each refused probe, up to the longest pause', () => {
    const breaker = opened();
    let nowMs = 0;
    const pauses = [1, 2, 3, 4].map((n) => {
      const waitMs = breaker.holdMs(message(99), nowMs);
      nowMs += waitMs;
      breaker.holdMs(message(n * 10), nowMs);
      breaker.refused(message(n * 10), nowMs);
      return waitMs;
    });
    expect(pauses).toEqual([60_000, 120_000, 200_000, 200_000]);
  });

  test('takes refusals of what was under way when it opened for no news', () => {
    const breaker = opened();
    for (let n = 20; n < 40; n += 1) breaker.refused(message(n), 500);
    expect(breaker.holdMs(message(9), 1_000)).toBe(59_000);
  });

  test('forgets the oldest of very many senders, not the latest', () => {
    const breaker = opened();
    for (let n = 0; n < 999; n += 1) breaker.refused(message(n, `S${n}`), 0);
    expect(breaker.holdMs(message(9), 1_000)).toBe(59_000);
    breaker.refused(message(1, 'ONE-MORE'), 0);
    expect(breaker.holdMs(message(9), 1_000)).toBe(0);
  });
});
