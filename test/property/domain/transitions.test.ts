import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isFinal, type Message, type MessageStatus } from '../../../shared/domain/message.ts';
import { applyChange, type MessageChange } from '../../../shared/domain/transitions.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';

const SEGMENTS = 3;
const index = fc.nat(SEGMENTS - 1);
const at = fc.integer({ min: CREATED_AT, max: CREATED_AT + 1e9 });
const policy = fc.constantFrom('resend_once' as const, 'hold' as const);
const error = { code: 'operator_rejected', detail: 'refused', retryable: false };
const receiptState = fc.constantFrom('delivered', 'undelivered', 'expired', 'unknown');

/** Anything that any program may try at any time. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('claimed'), owner: fc.constantFrom('a', 'b'), fence: fc.nat(3), at }),
  fc.record({ kind: fc.constant('segment_submitting'), index, at }),
  fc.record({ kind: fc.constant('segment_accepted'), index, mcMessageId: fc.constantFrom('x', 'y', ''), at }),
  fc.record({
    kind: fc.constant('segment_refused'),
    index,
    commandStatus: fc.constant(0x66),
    error: fc.constant(error),
    at,
  }),
  fc.record({ kind: fc.constant('segment_not_accepted'), index, refused: fc.boolean(), at }),
  fc.record({ kind: fc.constant('segment_unanswered'), index, policy, at }),
  fc.record({ kind: fc.constant('abandoned'), policy, at }),
  fc.record({ kind: fc.constant('given_back'), at }),
  fc.record({ kind: fc.constant('receipt'), index, mcMessageId: fc.constant('x'), state: receiptState, at }),
  fc.record({ kind: fc.constant('reported'), index, word: fc.constantFrom('ENROUTE', 'BUFFRED'), at }),
  fc.record({ kind: fc.constant('expired'), at }),
  fc.record({ kind: fc.constant('canceled'), at }),
  fc.record({ kind: fc.constant('released'), at }),
  fc.record({ kind: fc.constant('requeued'), dueAt: at, at }),
  fc.record({ kind: fc.constant('receipt_window_passed'), at }),
  fc.record({ kind: fc.constant('failed'), error: fc.constant(error), at }),
) as fc.Arbitrary<MessageChange>;

const RANK: Record<MessageStatus, number> = {
  scheduled: 0,
  queued: 1,
  sending: 1,
  sent: 2,
  unknown: 3,
  delivered: 4,
  undelivered: 4,
  expired: 4,
  failed: 4,
  canceled: 4,
};

const start = fc.constantFrom(
  queuedMessage({ segmentCount: SEGMENTS }),
  queuedMessage({
    segmentCount: SEGMENTS,
    status: 'scheduled',
    sequence: 0,
    timeline: [{ status: 'scheduled', at: CREATED_AT }],
    sendAt: CREATED_AT + 1_000_000,
  }),
);

function apply(message: Message, change: MessageChange): Message {
  const result = applyChange(message, change);
  return result.kind === 'changed' ? result.message : message;
}

test('nothing ever goes backwards, whatever comes in whatever order', () => {
  fc.assert(
    fc.property(start, fc.array(change, { maxLength: 40 }), (first, changes) => {
      let before = first;
      for (const change of changes) {
        const after = apply(before, change);
        expect(RANK[after.status]).toBeGreaterThanOrEqual(RANK[before.status]);
        if (RANK[before.status] === 4) expect(after.status).toBe(before.status);
        if (after.status === 'failed' && before.status !== 'failed')
          expect(after.segments.every(({ state, resends }) => state !== 'accepted' && resends === 0)).toBe(true);
        const published = before.timeline.filter(({ sequence }) => sequence !== undefined);
        expect(after.timeline.filter(({ sequence }) => sequence !== undefined).slice(0, published.length)).toEqual(
          published,
        );
        // Whoever reads it subtracts one time from the next: clocks differ, and a receipt may come before its answer.
        expect(after.timeline.map(({ at }) => at)).toEqual(after.timeline.map(({ at }) => at).sort((a, b) => a - b));
        expect(after.statusAt).toBeGreaterThanOrEqual(before.statusAt);
        for (const [position, segment] of before.segments.entries()) {
          if (segment.state === 'accepted') expect(after.segments[position]?.state).toBe('accepted');
          if (segment.receipt?.state === 'delivered')
            expect(after.segments[position]?.receipt).toEqual(segment.receipt);
        }
        before = after;
      }
    }),
    { numRuns: 500 },
  );
});

test('published changes are numbered from 1 without gaps, and every write raises the version by one', () => {
  fc.assert(
    fc.property(start, fc.array(change, { maxLength: 40 }), (first, changes) => {
      let message = first;
      for (const change of changes) {
        const result = applyChange(message, change);
        if (result.kind === 'unchanged') continue;
        expect(result.message.version).toBe(message.version + 1);
        message = result.message;
        const numbers = message.timeline.flatMap(({ sequence }) => sequence ?? []);
        expect(numbers).toEqual(Array.from({ length: message.sequence }, (_, place) => place + 1));
        expect(message.timeline.at(-1)?.status).toBe(message.status);
      }
    }),
    { numRuns: 500 },
  );
});

test('the sweep looks at every message that is not final, and at no other; nobody holds what is sent or final', () => {
  fc.assert(
    fc.property(start, fc.array(change, { maxLength: 40 }), (first, changes) => {
      const message = changes.reduce(apply, first);
      expect(message.dueAt !== undefined).toBe(!isFinal(message.status));
      expect(message.finalizedAt !== undefined).toBe(isFinal(message.status));
      if (message.status !== 'sending') expect(message.claim).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

test('a one-time password is kept exactly as long as some of it may still be sent; other texts stay', () => {
  const lane = fc.constantFrom('otp' as const, 'bulk' as const);
  fc.assert(
    fc.property(start, lane, fc.array(change, { maxLength: 40 }), (first, lane, changes) => {
      let message: Message = { ...first, lane, originalText: 'Hello…' };
      for (const change of changes) {
        message = apply(message, change);
        const isOver = message.status === 'sent' || isFinal(message.status);
        const isKept = lane === 'bulk' || !isOver;
        expect([message.text, message.originalText]).toEqual(isKept ? ['Hello', 'Hello…'] : [undefined, undefined]);
      }
    }),
    { numRuns: 500 },
  );
});

test("a recipient's data goes once nothing is to be sent any more, and nothing of it comes back", () => {
  fc.assert(
    fc.property(
      start,
      fc.array(change, { maxLength: 20 }),
      fc.array(change, { maxLength: 20 }),
      (first, before, after) => {
        const whole = { ...first, clientRef: 'order-1', metadata: { name: 'Juan' }, originalText: 'Hello…' };
        const message = before.reduce(apply, whole);
        const result = applyChange(message, { kind: 'erased', at: CREATED_AT });
        expect(result.kind === 'changed').toBe(message.status === 'sent' || isFinal(message.status));
        if (result.kind === 'unchanged') return;
        const { status, segments, timeline } = message;
        expect(result.message).toMatchObject({ status, segments, timeline, to: 'erased' });
        expect(JSON.stringify(after.reduce(apply, result.message))).not.toMatch(/Hello|Juan|order-1|\+63/);
      },
    ),
    { numRuns: 500 },
  );
});

test('a change that repeats one is no change', () => {
  // These three are new each time: a claim of another binder, a resend, a later date.
  const repeatable = change.filter(({ kind }) => !['claimed', 'requeued', 'segment_unanswered'].includes(kind));
  fc.assert(
    fc.property(start, fc.array(change, { maxLength: 20 }), repeatable, (first, changes, last) => {
      const message = apply(changes.reduce(apply, first), last);
      expect(applyChange(message, last).kind).toBe('unchanged');
    }),
  );
});

test('answers and receipts come to the same end in every order, repeated or not', () => {
  const verdicts = fc.array(fc.constantFrom('delivered' as const, 'undelivered' as const), {
    minLength: SEGMENTS,
    maxLength: SEGMENTS,
  });
  const onTheWire = [1, 2].reduce<Message>(
    (message, index) => apply(message, { kind: 'segment_submitting', index, at: CREATED_AT }),
    apply(queuedMessage({ segmentCount: SEGMENTS }), { kind: 'claimed', owner: 'a', fence: 1, at: CREATED_AT }),
  );
  const story = verdicts.chain((states) => {
    const events = states.flatMap((state, index): MessageChange[] => [
      { kind: 'segment_accepted', index, mcMessageId: `mc-${index}`, at: CREATED_AT + 1 },
      { kind: 'receipt', index, mcMessageId: `mc-${index}`, state, at: CREATED_AT + 2 },
    ]);
    const repeated = fc.array(fc.constantFrom(...events), { maxLength: 4 });
    return repeated.chain((again) => {
      const all = [...events, ...again];
      return fc.record({
        states: fc.constant(states),
        events: fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
      });
    });
  });
  fc.assert(
    fc.property(story, ({ states, events }) => {
      const end = events.reduce(apply, onTheWire);
      expect(end.status).toBe(states.every((state) => state === 'delivered') ? 'delivered' : 'undelivered');
      expect(end.segments.map(({ state, receipt }) => ({ state, receipt: receipt?.state }))).toEqual(
        states.map((state) => ({ state: 'accepted', receipt: state })),
      );
    }),
    { numRuns: 500 },
  );
});
