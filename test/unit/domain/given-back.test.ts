import { expect, test } from 'vitest';
import { MOST_RETURNS } from '../../../shared/domain/given-back.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { applyChange, type MessageChange } from '../../../shared/domain/transitions.ts';
import { CREATED_AT, queuedMessage } from '../../fixtures/message.ts';

/** An operator whose queue is full for one recipient: nothing is accepted, and it is tried again until its life ends. */
function triedFor(times: number): Message {
  return Array.from({ length: times }, (_, index) => CREATED_AT + (index + 1) * 300_000).reduce((message, at) => {
    const changes: MessageChange[] = [
      { kind: 'claimed', owner: 'b', fence: 1, at },
      { kind: 'segment_not_accepted', index: 0, refused: false, at: at + 1 },
      { kind: 'given_back', at: at + 2 },
    ];
    return changes.reduce((before, change) => {
      const result = applyChange(before, change);
      if (result.kind === 'unchanged') throw new Error(`${change.kind} changes nothing`);
      return result.message;
    }, message);
  }, queuedMessage());
}

test('what is tried every five minutes for 35 days does not grow: its timeline tells of the first times, and of the last', () => {
  const message = triedFor(10_080);
  const returns = message.timeline.filter(({ detail }) => detail !== undefined);
  expect(returns).toHaveLength(MOST_RETURNS);
  expect(returns.slice(0, -1)).toEqual(
    triedFor(MOST_RETURNS - 1).timeline.filter(({ detail }) => detail !== undefined),
  );
  expect(returns.at(-1)).toMatchObject({ status: 'queued', at: message.statusAt });
  expect(message.statusAt).toBe(CREATED_AT + 10_080 * 300_000 + 2);
  expect(message.timeline).toHaveLength(1 + 2 * MOST_RETURNS);
  expect(message.timeline.map(({ status }) => status)).toEqual([
    'queued',
    ...Array.from({ length: MOST_RETURNS }, () => ['sending', 'queued']).flat(),
  ]);
});

test('what the operator said of it on the way stays', () => {
  const tried = triedFor(MOST_RETURNS);
  const told = applyChange(tried, { kind: 'reported', index: 0, word: 'ENROUTE', at: tried.statusAt + 1 });
  if (told.kind === 'unchanged') throw new Error('nothing was told');
  const changes: MessageChange[] = [
    { kind: 'claimed', owner: 'b', fence: 1, at: tried.statusAt + 2 },
    { kind: 'segment_not_accepted', index: 0, refused: false, at: tried.statusAt + 3 },
    { kind: 'given_back', at: tried.statusAt + 4 },
  ];
  const message = changes.reduce((before, change) => {
    const result = applyChange(before, change);
    return result.kind === 'changed' ? result.message : before;
  }, told.message);
  expect(message.timeline.map(({ detail }) => detail)).toContain('the operator reports ENROUTE');
  expect(message.timeline).toHaveLength(tried.timeline.length + 1);
});

test('by a clock that is behind it goes back when it was taken, not before', () => {
  const [sending, queued] = triedFor(1).timeline.slice(-2);
  const taken = applyChange(triedFor(1), { kind: 'claimed', owner: 'b', fence: 1, at: CREATED_AT });
  if (taken.kind === 'unchanged') throw new Error('it was not taken');
  const free = { ...taken.message, segments: queuedMessage().segments };
  const back = applyChange(free, { kind: 'given_back', at: CREATED_AT + 1 });
  const { statusAt, timeline } = back.kind === 'changed' ? back.message : free;
  expect(timeline.slice(-2)).toMatchObject([sending, queued].map((entry) => ({ ...entry, at: queued?.at })));
  expect(statusAt).toBe(queued?.at);
});
