import { describe, expect, test } from 'vitest';
import type { Message } from '../../../shared/domain/message.ts';
import { waitingSegments } from '../../../shared/domain/segments.ts';
import {
  applyChange,
  type MessageChange,
  RECEIPT_WINDOW_MS,
  SENDING_CHECK_MS,
} from '../../../shared/domain/transitions.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';

const at = CREATED_AT + 1_000;
const claimed: MessageChange = { kind: 'claimed', owner: 'binder-1', fence: 7, at };
const accepted = (index: number): MessageChange => ({
  kind: 'segment_accepted',
  index,
  mcMessageId: `mc-${index}`,
  at,
});
const submitting = (index: number): MessageChange => ({ kind: 'segment_submitting', index, at });
const receipt = (index: number, state: 'delivered' | 'undelivered' | 'expired' | 'unknown'): MessageChange => ({
  kind: 'receipt',
  index,
  mcMessageId: `mc-${index}`,
  state,
  stat: state.slice(0, 7).toUpperCase(),
  err: '005',
  at,
});
const error = { code: 'operator_rejected', detail: 'the operator refused the message', retryable: false };
const refused = (index: number): MessageChange => ({ kind: 'segment_refused', index, commandStatus: 0x66, error, at });
const unanswered = (policy: 'resend_once' | 'hold', index = 0): MessageChange => ({
  kind: 'segment_unanswered',
  index,
  policy,
  at,
});
const expired: MessageChange = { kind: 'expired', at };
const canceled: MessageChange = { kind: 'canceled', at };
const givenBack: MessageChange = { kind: 'given_back', at };
const failed: MessageChange = { kind: 'failed', error, at };
const windowPassed: MessageChange = { kind: 'receipt_window_passed', at };
const notAccepted: MessageChange = { kind: 'segment_not_accepted', index: 0, refused: true, at };
const abandoned = (policy: 'resend_once' | 'hold'): MessageChange => ({ kind: 'abandoned', policy, at });

function after(message: Message, ...changes: MessageChange[]): Message {
  return changes.reduce((before, change) => {
    const result = applyChange(before, change);
    return result.kind === 'changed' ? result.message : before;
  }, message);
}

const published = (message: Message) =>
  message.timeline.flatMap((entry) => (entry.sequence === undefined ? [] : [entry.status]));

describe('a message of one segment', () => {
  test.each<[string, MessageChange[], Message['status'], Message['status'][]]>([
    ['is claimed', [claimed], 'sending', ['queued']],
    ['is sent', [claimed, accepted(0)], 'sent', ['queued', 'sent']],
    ['is delivered', [claimed, accepted(0), receipt(0, 'delivered')], 'delivered', ['queued', 'sent', 'delivered']],
    [
      'is undelivered',
      [claimed, accepted(0), receipt(0, 'undelivered')],
      'undelivered',
      ['queued', 'sent', 'undelivered'],
    ],
    [
      'expires at the operator',
      [claimed, accepted(0), receipt(0, 'expired')],
      'expired',
      ['queued', 'sent', 'expired'],
    ],
    [
      'stays unknown to the operator',
      [claimed, accepted(0), receipt(0, 'unknown')],
      'unknown',
      ['queued', 'sent', 'unknown'],
    ],
    [
      'is delivered before the answer came',
      [claimed, receipt(0, 'delivered'), accepted(0)],
      'delivered',
      ['queued', 'delivered'],
    ],
    ['is refused', [claimed, refused(0)], 'failed', ['queued', 'failed']],
    ['is refused for the time being, and given back', [claimed, notAccepted, givenBack], 'queued', ['queued']],
    ['is given back and claimed again', [claimed, notAccepted, givenBack, claimed], 'sending', ['queued']],
    ['is not given back while it may be on the wire', [claimed, givenBack], 'sending', ['queued']],
    ['expires in the queue', [expired], 'expired', ['queued', 'expired']],
    ['does not expire on the wire', [claimed, expired], 'sending', ['queued']],
    ['does not expire once sent', [claimed, accepted(0), expired], 'sent', ['queued', 'sent']],
    ['is canceled in the queue', [canceled], 'canceled', ['queued', 'canceled']],
    ['is not canceled once claimed', [claimed, canceled], 'sending', ['queued']],
    ['is not claimed once canceled', [canceled, claimed], 'canceled', ['queued', 'canceled']],
    ['is not claimed twice', [claimed, { ...claimed, owner: 'other', fence: 8 }], 'sending', ['queued']],
    [
      'is sent again once after an unknown outcome, and is never called queued again: the first may have arrived',
      [claimed, unanswered('resend_once'), givenBack],
      'sending',
      ['queued'],
    ],
    [
      'is not sent again a second time',
      [claimed, unanswered('resend_once'), givenBack, claimed, unanswered('resend_once')],
      'unknown',
      ['queued', 'unknown'],
    ],
    [
      'is unknown when its second copy is refused: the first may have arrived',
      [claimed, unanswered('resend_once'), givenBack, claimed, refused(0)],
      'unknown',
      ['queued', 'unknown'],
    ],
    [
      'and is settled when the first was answered after all',
      [claimed, unanswered('resend_once'), givenBack, claimed, refused(0), accepted(0), receipt(0, 'delivered')],
      'delivered',
      ['queued', 'unknown', 'delivered'],
    ],
    ['is held where the lane says so', [claimed, unanswered('hold')], 'unknown', ['queued', 'unknown']],
    [
      'is not canceled while it waits to be sent again',
      [claimed, unanswered('resend_once'), givenBack, canceled],
      'sending',
      ['queued'],
    ],
    [
      'does not fail while it waits to be sent again',
      [claimed, unanswered('resend_once'), givenBack, failed],
      'sending',
      ['queued'],
    ],
    [
      'is unknown when its time ends while it waits to be sent again',
      [claimed, unanswered('resend_once'), givenBack, expired],
      'unknown',
      ['queued', 'unknown'],
    ],
    [
      'is sent after all when the answer comes late',
      [claimed, unanswered('resend_once'), givenBack, accepted(0)],
      'sent',
      ['queued', 'sent'],
    ],
    ['is free again when its claim is dead', [claimed, abandoned('resend_once')], 'sending', ['queued']],
    [
      'is claimed again then',
      [claimed, abandoned('resend_once'), { ...claimed, owner: 'other', fence: 8 }, accepted(0)],
      'sent',
      ['queued', 'sent'],
    ],
    [
      'is held when its claim is dead and the lane says so',
      [claimed, abandoned('hold')],
      'unknown',
      ['queued', 'unknown'],
    ],
    [
      'is unknown when its receipt does not come',
      [claimed, accepted(0), windowPassed],
      'unknown',
      ['queued', 'sent', 'unknown'],
    ],
    [
      'is settled by a receipt after that',
      [claimed, accepted(0), windowPassed, receipt(0, 'delivered')],
      'delivered',
      ['queued', 'sent', 'unknown', 'delivered'],
    ],
    [
      'keeps the first final word',
      [claimed, accepted(0), receipt(0, 'delivered'), receipt(0, 'undelivered')],
      'delivered',
      ['queued', 'sent', 'delivered'],
    ],
    [
      'keeps it against a time-out too',
      [claimed, accepted(0), receipt(0, 'delivered'), windowPassed, expired, failed],
      'delivered',
      ['queued', 'sent', 'delivered'],
    ],
    ['fails where nothing can be done', [claimed, notAccepted, failed], 'failed', ['queued', 'failed']],
    ['does not fail once it may have arrived', [claimed, accepted(0), failed], 'sent', ['queued', 'sent']],
  ])('%s', (_name, changes, status, events) => {
    const message = after(queuedMessage(), ...changes);
    expect(message.status).toBe(status);
    expect(published(message)).toEqual(events);
  });
});

describe('a message of three segments', () => {
  const three = () => after(queuedMessage({ segmentCount: 3 }), claimed, submitting(1), submitting(2));
  const sent = () => after(three(), accepted(0), accepted(1), accepted(2));

  test.each<[string, Message, MessageChange[], Message['status']]>([
    ['is sent when all are accepted', three(), [accepted(0), accepted(2)], 'sending'],
    ['', three(), [accepted(0), accepted(2), accepted(1)], 'sent'],
    ['is delivered when all are delivered', sent(), [receipt(2, 'delivered'), receipt(0, 'delivered')], 'sent'],
    ['', sent(), [receipt(2, 'delivered'), receipt(0, 'delivered'), receipt(1, 'delivered')], 'delivered'],
    ['is undelivered when one is not', sent(), [receipt(2, 'delivered'), receipt(1, 'undelivered')], 'undelivered'],
    ['is undelivered when one is refused behind others', three(), [accepted(0), refused(1)], 'undelivered'],
    ['waits for what is on the wire when one is refused', three(), [refused(0)], 'sending'],
    ['', three(), [refused(0), refused(1)], 'sending'],
    ['fails when all are refused', three(), [refused(0), refused(1), refused(2)], 'failed'],
    ['is undelivered when another was accepted meanwhile', three(), [refused(0), accepted(2)], 'undelivered'],
    [
      'fails when one is refused and none of the others went out',
      three(),
      [refused(0), { ...notAccepted, index: 1 }, { ...notAccepted, index: 2 }],
      'failed',
    ],
    [
      'is undelivered when the outcome of another stays unknown',
      three(),
      [refused(0), refused(1), unanswered('resend_once', 2)],
      'undelivered',
    ],
    [
      'is undelivered when one is refused and the binder that had the others died',
      three(),
      [refused(0), abandoned('resend_once')],
      'undelivered',
    ],
    [
      'goes on when the second copy of one is refused',
      three(),
      [unanswered('resend_once', 1), submitting(1), refused(1)],
      'sending',
    ],
    ['is unknown when one was never answered', three(), [accepted(0), accepted(1), unanswered('hold', 2)], 'unknown'],
    [
      'is delivered when a receipt settles that one',
      three(),
      [
        accepted(0),
        accepted(1),
        unanswered('hold', 2),
        receipt(0, 'delivered'),
        receipt(1, 'delivered'),
        receipt(2, 'delivered'),
      ],
      'delivered',
    ],
  ])('%s', (_name, message, changes, status) => {
    expect(after(message, ...changes).status).toBe(status);
  });

  test('sends no further segment once one is refused, and tells why that one was', () => {
    const begun = after(queuedMessage({ segmentCount: 3 }), claimed, submitting(1), refused(0));
    expect(waitingSegments(begun)).toEqual([]);
    expect(begun).toMatchObject({ status: 'sending', segments: [{ commandStatus: 0x66 }, {}, {}] });
    expect(begun.error).toBeUndefined();
    const ended = after(begun, accepted(1));
    expect(ended).toMatchObject({ status: 'undelivered', error, segments: [{}, {}, { state: 'waiting' }] });
    expect(after(begun, refused(1))).toMatchObject({ status: 'failed', error });
  });

  test('goes on where it stopped when its claim is dead', () => {
    const left = after(three(), accepted(0), abandoned('resend_once'), { ...claimed, fence: 8 });
    expect(left.segments.map(({ state }) => state)).toEqual(['accepted', 'submitting', 'waiting']);
    expect(left.claim).toMatchObject({ fence: 8 });
  });
});

describe('what a change writes', () => {
  test('the words of the operator beside ours', () => {
    const message = after(queuedMessage(), claimed, accepted(0), receipt(0, 'undelivered'));
    expect(message.error).toEqual({
      code: 'undelivered',
      detail: 'the operator reports UNDELIV',
      operatorCode: '005',
      retryable: false,
    });
    expect(message.segments[0]).toMatchObject({ mcMessageId: 'mc-0', receipt: { stat: 'UNDELIV', err: '005', at } });
  });

  test('when the sweep looks at it next: soon while sending, after the receipt window once sent, never once final', () => {
    const sending = after(queuedMessage({ expiresAt: at + 5_000 }), claimed);
    expect(sending.dueAt).toBe(at + SENDING_CHECK_MS);
    const sent = after(sending, accepted(0));
    expect(sent).toMatchObject({ dueAt: at + 5_000 + RECEIPT_WINDOW_MS, sentAt: at });
    expect(sent.claim).toBeUndefined();
    const delivered = after(sent, receipt(0, 'delivered'));
    expect(delivered).toMatchObject({ finalizedAt: at });
    expect(delivered.dueAt).toBeUndefined();
  });

  test.each([
    ['an hour', 3_600_000],
    ['35 days', 3_024_000_000],
  ])('that the receipt window is not over before its life of %s is', (_name, lifeMs) => {
    const sent = after(queuedMessage({ expiresAt: at + lifeMs }), claimed, accepted(0));
    expect(sent.dueAt).toBe(at + lifeMs + RECEIPT_WINDOW_MS);
  });

  test('that a message handed over behind its end waits for a whole window', () => {
    const late = { ...accepted(0), at: at + 9e8 };
    expect(after(queuedMessage({ expiresAt: at + 1 }), claimed, late).dueAt).toBe(at + 9e8 + RECEIPT_WINDOW_MS);
  });

  test('that the operator accepted what it sends a receipt for, and no word after the first final one', () => {
    const settled = after(queuedMessage(), claimed, unanswered('hold'), receipt(0, 'delivered'));
    expect(settled.segments[0]).toMatchObject({ state: 'accepted', acceptedAt: at, mcMessageId: 'mc-0' });
    expect(applyChange(settled, receipt(0, 'undelivered')).kind).toBe('unchanged');
  });

  test('a segment that does not exist is a fault', () => {
    expect(() => applyChange(queuedMessage(), accepted(3))).toThrow(RangeError);
  });
});

describe('queueing again', () => {
  const due = queuedMessage({ dueAt: at });

  test('puts its next date off, but not behind its end', () => {
    expect(after(due, { kind: 'requeued', dueAt: at + 240_000, at }).dueAt).toBe(at + 240_000);
    expect(after(due, { kind: 'requeued', dueAt: at + 9e9, at }).dueAt).toBe(due.expiresAt);
  });

  test('is left to the sweep that was quicker', () => {
    const requeued: MessageChange = { kind: 'requeued', dueAt: at + 240_000, at };
    expect(applyChange(after(due, requeued), requeued).kind).toBe('unchanged');
  });

  test('happens at growing distances behind its end too, while a binder holds it', () => {
    const held = { ...after(queuedMessage({ expiresAt: at + 1 }), claimed), dueAt: at + 10 };
    expect(after(held, { kind: 'requeued', dueAt: at + 500_000, at: at + 20 }).dueAt).toBe(at + 500_000);
  });

  test('is for messages that wait', () => {
    expect(
      applyChange(after(queuedMessage(), claimed, accepted(0)), { kind: 'requeued', dueAt: 9e15, at: 8e15 }).kind,
    ).toBe('unchanged');
  });
});

test('one that waits to be sent a second time is looked at again when its life ends, too', () => {
  const message = queuedMessage({ expiresAt: at + 60_000 });
  expect(after(message, claimed, unanswered('resend_once'), givenBack).dueAt).toBe(message.expiresAt);
});

test('a message that is given back is looked at again when its life ends, for it may be hidden in its queue for longer', () => {
  const message = queuedMessage({ expiresAt: at + 60_000 });
  expect(after(message, claimed).dueAt).toBeGreaterThan(message.expiresAt);
  expect(after(message, claimed, notAccepted, givenBack).dueAt).toBe(message.expiresAt);
});

describe('a message whose batch is paused', () => {
  const held = { kind: 'held', at: CREATED_AT } as const;
  const released = { kind: 'released', at: CREATED_AT + 5_000 } as const;

  test('stays where it is, is looked at again only at its end, and goes on when it is released', () => {
    const queued = queuedMessage();
    const result = applyChange(queued, held);
    expect(result).toMatchObject({ message: { status: 'queued', held: true, sequence: 1, dueAt: queued.expiresAt } });
    if (result.kind === 'unchanged') throw new Error('it was not held');
    expect(applyChange(result.message, held).kind).toBe('unchanged');
    const again = applyChange(result.message, released);
    expect(again).toMatchObject({ message: { status: 'queued', sequence: 1, dueAt: released.at + 120_000 } });
    expect(again.kind === 'changed' && again.message).not.toHaveProperty('held');
  });

  test('is not held any more once a binder has it, and is not released twice', () => {
    const sending = applyChange(queuedMessage(), { kind: 'claimed', owner: 'b', fence: 1, at: CREATED_AT });
    if (sending.kind === 'unchanged') throw new Error('it was not claimed');
    expect(applyChange(sending.message, held).kind).toBe('unchanged');
    expect(applyChange(queuedMessage(), released).kind).toBe('unchanged');
  });
});
