import { describe, expect, test } from 'vitest';
import type { Message } from '../../../shared/domain/message.ts';
import { applyChange, type MessageChange } from '../../../shared/domain/transitions.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';

const at = CREATED_AT + 1_000;
const claimed: MessageChange = { kind: 'claimed', owner: 'binder-1', fence: 7, at };
const submitting = (index: number): MessageChange => ({ kind: 'segment_submitting', index, at });
const accepted = (index: number): MessageChange => ({
  kind: 'segment_accepted',
  index,
  mcMessageId: `mc-${index}`,
  at,
});
const refused: MessageChange = {
  kind: 'segment_refused',
  index: 0,
  error: { code: 'operator_rejected', detail: 'the operator refused the message', retryable: false },
  at,
};
const unanswered = (policy: 'resend_once' | 'hold'): MessageChange => ({
  kind: 'segment_unanswered',
  index: 0,
  policy,
  at,
});
const delivered: MessageChange = { kind: 'receipt', index: 0, mcMessageId: 'mc-0', state: 'delivered', at };
const expired: MessageChange = { kind: 'expired', at };
const canceled: MessageChange = { kind: 'canceled', at };

function after(message: Message, ...changes: MessageChange[]): Message {
  return changes.reduce((before, change) => {
    const result = applyChange(before, change);
    return result.kind === 'changed' ? result.message : before;
  }, message);
}

describe('the text of a one-time password', () => {
  const otp = queuedMessage({ lane: 'otp', originalText: 'Hello…' });
  const long = queuedMessage({ lane: 'otp', segmentCount: 2, originalText: 'Hello…' });

  test.each<[string, Message, MessageChange[], string | undefined]>([
    ['stays while it waits', otp, [], 'Hello'],
    ['stays while it is on the wire', otp, [claimed], 'Hello'],
    ['stays while a part is left to be sent', long, [claimed, accepted(0)], 'Hello'],
    ['stays while it may be sent again', otp, [claimed, unanswered('resend_once')], 'Hello'],
    ['goes when the operator has taken all of it', long, [claimed, accepted(0), submitting(1), accepted(1)], undefined],
    ['goes when the operator has refused it', otp, [claimed, refused], undefined],
    ['goes when nobody knows whether it arrived', otp, [claimed, unanswered('hold')], undefined],
    ['goes when it is canceled', otp, [canceled], undefined],
    ['goes when it expires', otp, [expired], undefined],
  ])('%s', (_when, message, changes, text) => {
    const end = after(message, ...changes);
    expect(end.text).toBe(text);
    expect(end.originalText === undefined).toBe(text === undefined);
  });

  test('is the only one that goes: others are kept as long as their message', () => {
    const end = after(queuedMessage(), claimed, accepted(0), delivered);
    expect(end).toMatchObject({ status: 'delivered', text: 'Hello' });
  });
});

describe('a message that is scheduled', () => {
  const scheduled = queuedMessage({ status: 'scheduled', sequence: 0, timeline: [], sendAt: at, dueAt: CREATED_AT });
  const requeued: MessageChange = { kind: 'requeued', dueAt: at, at: CREATED_AT };
  const released: MessageChange = { kind: 'released', at };

  test('is looked at again at its time, and then queued, which is its first event', () => {
    expect(after(scheduled, requeued)).toMatchObject({ status: 'scheduled', dueAt: at, sequence: 0 });
    const queued = after(scheduled, requeued, released);
    expect(queued).toMatchObject({ status: 'queued', queuedAt: at, sequence: 1, dueAt: at + 120_000 });
    expect(applyChange(queued, released).kind).toBe('unchanged');
  });

  test('can be canceled, can expire, and is not claimed before it is released', () => {
    expect(after(scheduled, canceled).status).toBe('canceled');
    expect(after(scheduled, expired).status).toBe('expired');
    expect(applyChange(scheduled, claimed).kind).toBe('unchanged');
    expect(after(after(scheduled, canceled), released).status).toBe('canceled');
  });
});
