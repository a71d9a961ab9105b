import { describe, expect, test } from 'vitest';
import { MessageInHand } from '../../../binder/outbound/message-in-hand.ts';
import { LeaseGoneError } from '../../../binder/outbound/until-stored.ts';
import type { Message, Segment } from '../../../shared/domain/message.ts';
import { quietLog } from '../../fixtures/log.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';
import { MemoryMessages } from './memory-messages.ts';

const at = CREATED_AT;

/** A message of three segments, claimed for its first. */
function inHand(different: Partial<Message> = {}) {
  const clock = new SimulatedClock();
  const messages = new MemoryMessages(clock);
  const claim = { owner: 'us', fence: 7, at };
  const states = ['submitting', 'waiting', 'waiting'] as const;
  const segments = states.map((state): Segment => ({ state, resends: 0 }));
  const message = queuedMessage({ status: 'sending', claim, segments, ...different });
  messages.add(message);
  const item = {
    lane: 'otp',
    messageId: message.messageId,
    receiptHandle: 'h',
    body: '',
    receives: 1,
    hiddenSince: 0,
  } as const;
  const context = { messages, clock, log: quietLog(), gone: new AbortController().signal };
  return { clock, messages, hand: new MessageInHand(item, { message, fence: 7 }, context) };
}

describe('a message in hand', () => {
  test('is changed by one write after the other, so that its view is never an older one', async () => {
    const { clock, messages, hand } = inHand();
    const took = [300, 5];
    messages.fate = () => ({ tookMs: took.shift() ?? 0, outcome: 'ok' });

    const changes = [
      hand.change({ kind: 'segment_accepted', index: 0, mcMessageId: 'a', at }),
      hand.change({ kind: 'segment_submitting', index: 1, at }),
    ];
    await clock.passMs(400);
    await Promise.all(changes);

    expect(messages.changes.map(({ change }) => change.kind)).toEqual(['segment_accepted', 'segment_submitting']);
    expect(hand.message).toEqual(messages.of(hand.message.messageId));
  });

  test('goes on with its writes after one that was given up', async () => {
    const { messages, hand } = inHand();
    messages.fate = () => ({ tookMs: 0, outcome: 'ok' });
    const apply = messages.apply.bind(messages);
    await hand.change({ kind: 'segment_accepted', index: 0, at });
    messages.apply = () => ({ kind: 'missing' });
    await hand.change({ kind: 'segment_submitting', index: 1, at });
    messages.apply = apply;

    await hand.change({ kind: 'segment_submitting', index: 1, at });

    expect(hand.message.segments.map(({ state }) => state)).toEqual(['accepted', 'submitting', 'waiting']);
  });

  test('prepares one segment ahead of the one on the wire', () => {
    const { hand } = inHand();
    hand.ahead(0);
    expect(hand.nextToPrepare()).toBeUndefined();
    hand.onWire(0);
    expect(hand.nextToPrepare()).toBe(1);
    hand.ahead(1);
    expect(hand.nextToPrepare()).toBeUndefined();
    hand.onWire(1);
    expect(hand.nextToPrepare()).toBe(2);
  });

  test('prepares nothing once it is to go back, for the longest time that was asked for', () => {
    const { hand } = inHand();
    hand.onWire(0);
    hand.returnAfter(5);
    hand.returnAfter(1);

    expect(hand.nextToPrepare()).toBeUndefined();
    expect(hand.returnAfterSeconds).toBe(5);
  });

  test('prepares nothing once work on it has failed, and says when the last of it has ended', async () => {
    const { hand } = inHand();
    hand.onWire(0);
    const answer = Promise.withResolvers<void>();
    const first = hand.work(() => answer.promise);
    const fault = new TypeError('no such field');

    expect(await hand.work(() => Promise.reject(fault))).toBe(false);
    expect(hand.fault).toEqual({ error: fault });
    expect(hand.nextToPrepare()).toBeUndefined();
    answer.reject(new LeaseGoneError('no longer the owner'));
    expect(await first).toBe(true);
    expect(hand.fault?.error).toBeInstanceOf(LeaseGoneError);
  });

  test('has begun while a segment is on the wire, and when one may have arrived', () => {
    const { hand } = inHand();
    hand.ahead(0);
    expect(hand.hasBegun).toBe(false);
    hand.onWire(0);
    expect(hand.hasBegun).toBe(true);
    hand.ended(0);
    expect(hand.hasBegun).toBe(false);
    expect(hand.isIdle).toBe(true);
    expect(inHand({ segments: [{ state: 'unanswered', resends: 0 }] }).hand.hasBegun).toBe(true);
  });

  test.each<[Message['status'], boolean]>([
    ['sending', true],
    ['queued', true],
    ['failed', false],
    ['sent', false],
    ['unknown', false],
  ])('that is %s with segments that wait is unfinished: %s', (status, is) => {
    expect(inHand({ status }).hand.isUnfinished).toBe(is);
  });
});
