import { describe, expect, test } from 'vitest';
import { CREATED_AT } from '../../fixtures/message.ts';
import { Rig } from './rig.ts';
import type { Reaction } from './scripted-wire.ts';

const ok: Reaction = { status: 0, afterMs: 20 };
const hour = { expiresAt: CREATED_AT + 3_600_000 };
const BLOCKED = 'BLOCKED';

/** A message centre that refuses one sender id, for as long as it is told to. */
function refusing(status: number, refused = BLOCKED) {
  const rig = Rig.bound();
  const state = { refuses: true };
  rig.wire.react = ({ messageId }) =>
    state.refuses && rig.messages.of(messageId).from === refused ? { status, afterMs: 20 } : ok;
  const enqueue = (count: number, from: string): void => {
    for (let n = 0; n < count; n += 1) rig.enqueue('bulk', `${from}${n}`, { from, ...hour });
  };
  const sentOf = (from: string) => rig.sent.filter((id) => id.startsWith(from));
  return { rig, state, enqueue, sentOf };
}

describe('a sender id that the operator refuses', () => {
  test.each([0x0a, 0x0d])('with 0x%s again and again is not submitted any more, and others go on', async (status) => {
    const { rig, enqueue, sentOf } = refusing(status);
    enqueue(20, BLOCKED);
    enqueue(20, 'GOOD');
    await rig.clock.passMs(20_000);

    expect(sentOf('GOOD')).toHaveLength(20);
    expect(sentOf(BLOCKED)).toHaveLength(5);
    for (const id of sentOf(BLOCKED)) expect(rig.status(id)).toBe('failed');
    expect(rig.messages.all().filter(({ status: is }) => is === 'queued')).toHaveLength(15);
  });

  test('is probed with one message when a minute is over, then two, and not asked for more', async () => {
    const { rig, enqueue, sentOf } = refusing(0x0d);
    enqueue(20, BLOCKED);
    await rig.clock.passMs(55_000);
    expect(sentOf(BLOCKED)).toHaveLength(5);
    await rig.clock.passMs(30_000);
    expect(sentOf(BLOCKED)).toHaveLength(6);
    await rig.clock.passMs(90_000);
    expect(sentOf(BLOCKED)).toHaveLength(6);
    await rig.clock.passMs(30_000);
    expect(sentOf(BLOCKED)).toHaveLength(7);
  });

  test('goes on when the probe is taken, and nothing of it is lost', async () => {
    const { rig, state, enqueue, sentOf } = refusing(0x0d);
    enqueue(20, BLOCKED);
    await rig.clock.passMs(30_000);
    state.refuses = false;
    await rig.clock.passMs(200_000);

    expect(sentOf(BLOCKED)).toHaveLength(20);
    expect(rig.messages.all().map(({ status }) => status)).toEqual([
      ...Array(5).fill('failed'),
      ...Array(15).fill('sent'),
    ]);
    expect(rig.lanes.left).toEqual([]);
  });

  test('is told once when it opens and once when it closes, by name', async () => {
    const { rig, state, enqueue } = refusing(0x0d);
    enqueue(20, BLOCKED);
    await rig.clock.passMs(30_000);
    state.refuses = false;
    await rig.clock.passMs(200_000);

    expect(rig.log.lines.filter((line) => 'senderId' in line)).toMatchObject([
      { level: 'error', senderId: BLOCKED, refusals: 5, pauseMs: 60_000 },
      { level: 'info', senderId: BLOCKED },
    ]);
  });

  test.each([
    ['09171234567', '+63917•••••67'],
    ['2158', '2158'],
    ['BINDERY', 'BINDERY'],
  ])('is told without the number of a person: %s as %s', async (from, told) => {
    const { rig, enqueue } = refusing(0x0d, from);
    enqueue(20, from);
    await rig.clock.passMs(10_000);

    expect(rig.log.lines.flatMap((line) => line['senderId'] ?? [])).toEqual([told]);
  });

  test('holds no message beyond its time to live', async () => {
    const { rig, enqueue } = refusing(0x0d);
    enqueue(5, BLOCKED);
    await rig.clock.passMs(2_000);
    rig.enqueue('otp', 'late', { from: BLOCKED, expiresAt: CREATED_AT + 30_000 });
    await rig.clock.passMs(90_000);

    expect(rig.status('late')).toBe('expired');
    expect(rig.lanes.left).toEqual([]);
  });

  test('keeps off the wire also what was ready when it was refused', async () => {
    const { rig, enqueue, sentOf } = refusing(0x0d);
    rig.wire.react = ({ messageId }) => ({ status: messageId.includes(BLOCKED) ? 0x0d : 0, afterMs: 20 });
    enqueue(5, BLOCKED);
    await rig.clock.passMs(450);
    rig.wire.window = 0;
    for (let n = 5; n < 7; n += 1) rig.enqueue('bulk', `${BLOCKED}${n}`, { from: BLOCKED, ...hour });
    await rig.clock.passMs(200);
    rig.wire.window = 10;
    await rig.clock.passMs(1_000);

    expect(sentOf(BLOCKED)).toHaveLength(5);
    expect(rig.messages.all().filter(({ status, claim }) => status === 'queued' && claim === undefined)).toHaveLength(
      2,
    );
  });
});

describe('numbers that the operator refuses', () => {
  test.each([0x0b, 0x0e])('in a wave, with 0x%s, raise one alarm without a number in it', async (status) => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status, afterMs: 20 });
    rig.enqueueMany('transactional', 60);
    await rig.clock.passMs(10_000);

    const alarms = rig.log.lines.filter(({ message }) => message.includes('many numbers'));
    expect(alarms).toEqual([expect.objectContaining({ level: 'error', refused: 20, answers: 20 })]);
    expect(JSON.stringify(alarms)).not.toContain('+63');
    expect(rig.sent).toHaveLength(60);
  });

  test('now and then raise none', async () => {
    const rig = Rig.bound();
    rig.wire.react = ({ ordinal }) => ({ status: ordinal % 4 === 0 ? 0x0b : 0, afterMs: 20 });
    rig.enqueueMany('transactional', 80);
    await rig.clock.passMs(12_000);

    expect(rig.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
  });
});
