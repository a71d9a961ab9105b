import { describe, expect, test } from 'vitest';
import type { Message, MessageStatus } from '../../../shared/domain/message.ts';
import { applyChange, type MessageChange } from '../../../shared/domain/transitions.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { trueEnds, VERDICTS, type Verdict } from '../../fixtures/verdicts.ts';

const at = CREATED_AT + 1_000;
const error = { code: 'operator_rejected', detail: 'refused', retryable: false };
const windowPassed: MessageChange = { kind: 'receipt_window_passed', at };

/** What is heard of it. A receipt proves the acceptance, so that either may be heard first. */
function heard(verdict: Verdict, index: number): MessageChange[] {
  const mcMessageId = `mc-${index}`;
  const accepted: MessageChange = { kind: 'segment_accepted', index, mcMessageId, at };
  const lost: MessageChange = { kind: 'segment_unanswered', index, policy: 'hold', at };
  switch (verdict) {
    case 'silent':
      return [accepted];
    case 'refused':
      return [{ kind: 'segment_refused', index, error, at }];
    case 'lost':
      return [lost];
    case 'lost_delivered':
      return [lost, { kind: 'receipt', index, mcMessageId, state: 'delivered', at }];
    default:
      return [accepted, { kind: 'receipt', index, mcMessageId, state: verdict, at }];
  }
}

function onTheWire(segmentCount: number): Message {
  const claimed = apply(queuedMessage({ segmentCount }), { kind: 'claimed', owner: 'a', fence: 1, at });
  return Array.from({ length: segmentCount }, (_, index) => index).reduce<Message>(
    (message, index) => apply(message, { kind: 'segment_submitting', index, at }),
    claimed,
  );
}

function apply(message: Message, change: MessageChange): Message {
  const result = applyChange(message, change);
  return result.kind === 'changed' ? result.message : message;
}

const RANK: Partial<Record<MessageStatus, number>> = { sending: 1, sent: 2, unknown: 3 };
const rank = (status: MessageStatus) => RANK[status] ?? 4;

/** Hears the rest in every order, each change that is left next in its turn. @returns how many orders there were */
function everyOrder(message: Message, left: readonly MessageChange[], end: (message: Message) => void): number {
  if (left.length === 0) {
    end(message);
    return 1;
  }
  let orders = 0;
  for (const [place, change] of left.entries()) {
    // The same change again is the same order.
    if (left.indexOf(change) < place) continue;
    const next = apply(message, change);
    if (rank(next.status) < rank(message.status) || (rank(message.status) === 4 && next.status !== message.status))
      throw new Error(`${message.status} went back to ${next.status} by ${change.kind}`);
    if (next.sequence < message.sequence || next.timeline.length < message.timeline.length)
      throw new Error('a change that was published is gone');
    orders += everyOrder(next, left.toSpliced(place, 1), end);
  }
  return orders;
}

function combinations(segments: number, verdicts: readonly Verdict[]): Verdict[][] {
  if (segments === 0) return [[]];
  return combinations(segments - 1, verdicts).flatMap((rest) => verdicts.map((verdict) => [...rest, verdict]));
}

function checkAll(stories: Verdict[][], more: (changes: MessageChange[]) => MessageChange[]): number {
  let orders = 0;
  for (const verdicts of stories) {
    const changes = more(verdicts.flatMap(heard));
    const ends = trueEnds(verdicts);
    orders += everyOrder(onTheWire(verdicts.length), changes, (end) => {
      // The sweep comes back for whatever still waits.
      const { status, timeline } = apply(end, windowPassed);
      if (!ends.includes(status)) expect({ verdicts, status, timeline }).toEqual({ verdicts, status: ends });
      const numbers = timeline.flatMap(({ sequence }) => sequence ?? []);
      if (numbers.some((number, place) => number !== place + 1)) expect(numbers).toBe('without gaps');
    });
  }
  return orders;
}

describe('whatever the operator decides, every order in which it is heard comes to that end', () => {
  test('one segment, everything twice, the window passing at any time, a word on the way', () => {
    const word: MessageChange = { kind: 'reported', index: 0, word: 'ENROUTE', at };
    const orders = checkAll(combinations(1, VERDICTS), (changes) => [...changes, ...changes, word, windowPassed]);
    expect(orders).toBeGreaterThan(700);
  });

  test('two segments, the last receipt twice, the window passing at any time', () => {
    const orders = checkAll(combinations(2, VERDICTS), (changes) => [...changes, ...changes.slice(-1), windowPassed]);
    expect(orders).toBeGreaterThan(10_000);
  });

  test('three segments', () => {
    const orders = checkAll(
      combinations(3, ['delivered', 'undelivered', 'unknown', 'silent', 'refused', 'lost']),
      (changes) => changes,
    );
    expect(orders).toBeGreaterThan(25_000);
  });
});
