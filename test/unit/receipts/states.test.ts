import { expect, test } from 'vitest';
import { meaningOf } from '../../../shared/receipts/states.ts';

test.each([
  ['DELIVRD', 'delivered'],
  ['EXPIRED', 'expired'],
  ['DELETED', 'undelivered'],
  ['UNDELIV', 'undelivered'],
  ['REJECTD', 'undelivered'],
  ['UNKNOWN', 'unknown'],
])('stat %s is final', (stat, state) => {
  expect(meaningOf({ stat })).toEqual({ kind: 'final', state });
});

test.each(['ACCEPTD', 'ENROUTE', 'BUFFRED'])('stat %s is on its way', (stat) => {
  expect(meaningOf({ stat })).toEqual({ kind: 'intermediate', word: stat });
});

test.each([
  [1, 'ENROUTE'],
  [6, 'ACCEPTD'],
])('message_state %i is on its way', (messageState, word) => {
  expect(meaningOf({ messageState })).toEqual({ kind: 'intermediate', word });
});

test.each([
  [2, 'delivered'],
  [3, 'expired'],
  [4, 'undelivered'],
  [5, 'undelivered'],
  [7, 'unknown'],
  [8, 'undelivered'],
])('message_state %i is final', (messageState, state) => {
  expect(meaningOf({ messageState })).toEqual({ kind: 'final', state });
});

test('stat is asked before message_state, and message_state where stat is unheard of', () => {
  expect(meaningOf({ stat: 'UNDELIV', messageState: 2 })).toEqual({ kind: 'final', state: 'undelivered' });
  expect(meaningOf({ stat: 'DELIV', messageState: 2 })).toEqual({ kind: 'final', state: 'delivered' });
});

test('an intermediate notification is never final', () => {
  expect(meaningOf({ stat: 'DELIVRD', intermediate: true })).toEqual({ kind: 'intermediate', word: 'DELIVRD' });
});

test.each([
  [{ stat: 'DELIV' }, 'DELIV'],
  [{ stat: 'constructor' }, 'constructor'],
  [{ messageState: 0 }, '0'],
  [{ messageState: 200 }, '200'],
  [{}, 'none'],
])('%o is unheard of and not guessed', (receipt, word) => {
  expect(meaningOf(receipt)).toEqual({ kind: 'unheard_of', word });
});
