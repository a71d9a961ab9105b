import { expect, test } from 'vitest';
import type { Message } from '../../../shared/domain/message.ts';
import { MOST_REPORTS } from '../../../shared/domain/operator-report.ts';
import { applyChange, type MessageChange } from '../../../shared/domain/transitions.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';

const at = CREATED_AT + 1_000;
const reported = (word: string, index = 0): MessageChange => ({ kind: 'reported', index, word, at });

function after(message: Message, ...changes: MessageChange[]): Message {
  return changes.reduce((before, change) => {
    const result = applyChange(before, change);
    return result.kind === 'changed' ? result.message : before;
  }, message);
}

const sent = (segmentCount = 1) =>
  Array.from({ length: segmentCount }, (_, index) => index).reduce<Message>(
    (message, index) =>
      after(
        message,
        { kind: 'segment_submitting', index, at },
        { kind: 'segment_accepted', index, mcMessageId: 'x', at },
      ),
    after(queuedMessage({ segmentCount }), { kind: 'claimed', owner: 'b', fence: 1, at }),
  );

const details = (message: Message) => message.timeline.flatMap(({ detail }) => detail ?? []);

test('a word of the operator on the way stands in the timeline, and is no change that is published', () => {
  const before = sent();
  const message = after(before, reported('ENROUTE'));
  expect(message.timeline.at(-1)).toEqual({ status: 'sent', at, detail: 'the operator reports ENROUTE' });
  expect(message).toEqual({ ...before, version: before.version + 1, timeline: message.timeline });
});

test('each word stands there once for each segment', () => {
  const message = after(
    sent(2),
    reported('ENROUTE'),
    reported('BUFFRED', 1),
    reported('ENROUTE'),
    reported('ENROUTE', 1),
  );
  expect(details(message)).toEqual([
    'the operator reports ENROUTE of segment 1',
    'the operator reports BUFFRED of segment 2',
    'the operator reports ENROUTE of segment 2',
  ]);
});

test('however much it says, the message does not grow without end', () => {
  const words = Array.from({ length: 50 }, (_, number) => reported(`${number}${'W'.repeat(10_000)}`));
  const message = after(sent(), ...words);
  expect(details(message)).toHaveLength(MOST_REPORTS);
  expect(JSON.stringify(message.timeline).length).toBeLessThan(2_000);
});

test('nothing is said of what is final any more', () => {
  const delivered = after(sent(), { kind: 'receipt', index: 0, mcMessageId: 'x', state: 'delivered', at });
  expect(applyChange(delivered, reported('ENROUTE')).kind).toBe('unchanged');
});

test('a segment that does not exist is a fault', () => {
  expect(() => applyChange(sent(), reported('ENROUTE', 4))).toThrow(RangeError);
});
