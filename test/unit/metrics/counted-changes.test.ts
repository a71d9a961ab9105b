import { expect, test } from 'vitest';
import { CountedChanges } from '../../../binder/metrics/counted-changes.ts';
import type { MessageChange } from '../../../shared/domain/message-change.ts';
import { queuedMessage } from '../../fixtures/message.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';
import { MemoryMessages, SOUND } from '../outbound/memory-messages.ts';

const at = 1_800_000_000_000;
const error = (code: string) => ({ code, detail: '', retryable: false });
const claimed: MessageChange = { kind: 'claimed', owner: 'us', fence: 1, at };

function counted() {
  const stored = new MemoryMessages(new SimulatedClock());
  stored.fate = () => ({ ...SOUND, tookMs: 0 });
  stored.add(queuedMessage({ messageId: 'msg_1' }));
  const counts: Record<string, number> = {};
  const messages = new CountedChanges(stored, (name, times) => {
    counts[name] = (counts[name] ?? 0) + times;
  });
  return { messages, counts, stored };
}

test.each<[string, MessageChange, Record<string, number>]>([
  ['refused because of its sender', refused('sender_not_allowed'), { RefusedSender: 1 }],
  ['refused because of its number', refused('recipient_refused'), { RefusedRecipient: 1 }],
  ['refused for anything else', refused('operator_rejected'), { RefusedOtherwise: 1 }],
  ['refused for now', { kind: 'segment_not_accepted', index: 0, refused: true, at }, { RefusedForNow: 1 }],
  ['never written', { kind: 'segment_not_accepted', index: 0, refused: false, at }, {}],
  ['unanswered, to be sent again', { kind: 'segment_unanswered', index: 0, policy: 'resend_once', at }, { Resends: 1 }],
  ['unanswered, to be held', { kind: 'segment_unanswered', index: 0, policy: 'hold', at }, {}],
  [
    'left on the wire by a binder that is gone',
    { kind: 'abandoned', policy: 'resend_once', at },
    { ClaimsAbandoned: 1, Resends: 1 },
  ],
  ['accepted', { kind: 'segment_accepted', index: 0, at }, {}],
])('a segment %s', async (_what, change, expected) => {
  const { messages, counts } = counted();
  await messages.change('msg_1', claimed);

  await messages.change('msg_1', change);

  expect(counts).toEqual(expected);
});

test('a message given back counts, and one whose life ended', async () => {
  const { messages, counts } = counted();
  await messages.change('msg_1', claimed);
  await messages.change('msg_1', { kind: 'segment_not_accepted', index: 0, refused: false, at });

  await messages.change('msg_1', { kind: 'given_back', at });
  await messages.change('msg_1', { kind: 'expired', at });

  expect(counts).toEqual({ ClaimsGivenBack: 1, ExpiredWaiting: 1 });
});

test('what is stored once counts once, what comes too late or to nothing does not, and what fails does not', async () => {
  const { messages, counts, stored } = counted();
  await messages.change('msg_1', claimed);

  await messages.change('msg_1', refused('recipient_refused'));
  await messages.change('msg_1', refused('recipient_refused'));
  await messages.change('msg_none', refused('recipient_refused'));
  stored.fate = () => ({ tookMs: 0, outcome: 'lost' });
  await expect(messages.change('msg_1', refused('recipient_refused'))).rejects.toThrow();

  expect(counts).toEqual({ RefusedRecipient: 1 });
});

function refused(code: string): MessageChange {
  return { kind: 'segment_refused', index: 0, commandStatus: 0x45, error: error(code), at };
}
