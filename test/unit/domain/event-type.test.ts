import { expect, test } from 'vitest';
import { EVENT_TYPES, wantsEvent } from '../../../shared/domain/event-type.ts';

test('without filters every event is wanted', () => {
  expect(EVENT_TYPES.filter((type) => !wantsEvent(type, undefined))).toEqual([]);
  expect(EVENT_TYPES.filter((type) => !wantsEvent(type, ['*']))).toEqual([]);
});

test('a filter wants its own type, or all of its kind', () => {
  expect(EVENT_TYPES.filter((type) => wantsEvent(type, ['message.sent', 'batch.*']))).toEqual([
    'message.sent',
    'batch.started',
    'batch.paused',
    'batch.resumed',
    'batch.canceled',
    'batch.completed',
  ]);
});

test('a type that begins like another is not taken for it', () => {
  expect(wantsEvent('message.sent_twice', ['message.sent'])).toBe(false);
  expect(wantsEvent('messages.sent', ['message.*'])).toBe(false);
});

test('what is no event cannot be asked for: the way to the operator, and what the answer to a request said', () => {
  expect(EVENT_TYPES).not.toContain('message.sending');
  expect(EVENT_TYPES).not.toContain('message.scheduled');
});
