import { expect, test } from 'vitest';
import { describeReason, readSessionLine, SessionBoard } from '../../../cdk/local/sessions.ts';

const line = (account: string, state: string, more: Record<string, unknown> = {}) =>
  JSON.stringify({
    level: 'info',
    time: '2026-11-22T18:00:00.000Z',
    message: `session ${state}`,
    account,
    bindType: 'transceiver',
    state,
    ...more,
  });

test('a line of the binder says where a session stands and why', () => {
  const report = readSessionLine(line('a', 'waiting', { reason: 'bind_refused', commandStatus: 14, retryInMs: 2000 }));
  expect(report).toEqual({
    account: 'a',
    bindType: 'transceiver',
    state: 'waiting',
    reason: 'bind_refused',
    commandStatus: 14,
    retryInMs: 2000,
    sinceEpochMs: Date.UTC(2026, 10, 22, 18),
  });
  expect(describeReason(report!)).toBe('bind refused 0x0e');
});

test.each([
  'session bound',
  '{"message":"session bound"}',
  '{"message":"lease taken","state":"bound"}',
  '{broken',
  'null',
])('any other line says nothing: %s', (other) => {
  expect(readSessionLine(other)).toBeUndefined();
});

test('all accounts are waited for, whether they bind or fail', async () => {
  const board = new SessionBoard();
  const settled = board.settled(['a', 'b'], 5_000);
  board.read(line('a', 'bound'));
  board.read(line('b', 'connecting'));
  board.read(line('b', 'waiting', { reason: 'connect_failed' }));
  expect(await settled).toBe(true);
  expect(await new SessionBoard().settled(['a'], 10)).toBe(false);
});
