import { describe, expect, test } from 'vitest';
import { CREATED_AT } from '../../fixtures/message.ts';
import { Rig } from './rig.ts';

const nonZero = (values: Iterable<readonly [string, number]>) =>
  Object.fromEntries([...values].filter(([, value]) => value !== 0));
const counted = (rig: Rig) => nonZero(rig.tally.take(rig.clock.now()));

describe('the wait of a lane', () => {
  test('is from the queueing of a message to its first submit, and each message counts once', async () => {
    const rig = Rig.bound();
    await rig.clock.passMs(5_000);
    rig.enqueue('otp', 'a', {
      queuedAt: rig.wallClock() - 700,
      text: 'long '.repeat(80),
      segmentCount: 3,
    });
    await rig.clock.passMs(2_000);

    expect(rig.sent).toEqual(['a', 'a/1', 'a/2']);
    const { LaneWaitOtpP50, LaneWaitOtpP99, ...others } = Object.fromEntries(rig.tally.takeWaits());
    expect(LaneWaitOtpP50).toBe(LaneWaitOtpP99);
    expect(LaneWaitOtpP50).toBeGreaterThanOrEqual(700);
    expect(LaneWaitOtpP50).toBeLessThan(750);
    expect(others).toEqual({});
  });

  test('is long for those far back in a long queue, and another lane’s is not', async () => {
    const rig = Rig.bound();
    for (let n = 0; n < 50; n += 1) rig.enqueue('bulk', `b${n}`, { queuedAt: rig.wallClock() });
    await rig.clock.passMs(3_000);
    rig.enqueue('otp', 'urgent', { queuedAt: rig.wallClock() });
    await rig.clock.passMs(5_000);

    const waits = Object.fromEntries(rig.tally.takeWaits());
    expect(waits['LaneWaitBulkP50']).toBeGreaterThan(2_000);
    expect(waits['LaneWaitBulkP99']).toBeGreaterThan(4_500);
    expect(waits['LaneWaitOtpP99']).toBeLessThan(250);
  });

  test('ends with the first submit, whatever is done again after that', async () => {
    const rig = Rig.bound();
    rig.wire.react = ({ ordinal }) => ({ status: ordinal === 0 ? 0x58 : ordinal === 1 ? 0x08 : 0, afterMs: 20 });
    rig.enqueue('transactional', 'a', { queuedAt: rig.wallClock() });
    await rig.clock.passMs(30_000);

    expect(rig.sent).toEqual(['a', 'a', 'a']);
    const waits = Object.fromEntries(rig.tally.takeWaits());
    expect(waits['LaneWaitTransactionalP99']).toBeLessThan(100);
  });

  test('does not count for a message that an earlier owner had on the wire', async () => {
    const rig = new Rig();
    const message = rig.enqueue('otp', 'a', { queuedAt: CREATED_AT - 60_000 });
    rig.messages.apply(message.messageId, { kind: 'claimed', owner: 'before', fence: 1, at: CREATED_AT });
    rig.bind();
    await rig.clock.passMs(2_000);

    expect(rig.sent).toEqual(['a']);
    expect([...rig.tally.takeWaits()]).toEqual([]);
  });
});

describe('what the operator refuses', () => {
  test('counts where a person should look', async () => {
    const rig = Rig.bound();
    rig.wire.react = ({ ordinal }) => ({ status: ordinal === 0 ? 0x43 : 0x0b, afterMs: 20 });
    rig.enqueueMany('otp', 2);
    await rig.clock.passMs(1_000);

    expect(counted(rig)).toMatchObject({ AnswersAlarming: 1 });
  });

  test('counts once for a sender id that is refused in a row, and once for a wave of numbers', async () => {
    const sender = Rig.bound();
    sender.wire.react = () => ({ status: 0x0a, afterMs: 20 });
    sender.enqueueMany('otp', 40);
    const numbers = Rig.bound();
    numbers.wire.react = () => ({ status: 0x0b, afterMs: 20 });
    numbers.enqueueMany('otp', 80);
    await sender.clock.passMs(10_000);
    await numbers.clock.passMs(10_000);

    expect(counted(sender)['SendersBlocked']).toBe(1);
    expect(counted(numbers)['RefusalWaves']).toBe(1);
  });
});

describe('the log of the outbound side', () => {
  const told = (rig: Rig) => rig.log.lines.filter(({ message }) => message.startsWith('outbound'));

  test('has a line when it opens and one when it closes, with the reason and what went back', async () => {
    const rig = Rig.bound();
    rig.enqueueMany('bulk', 8);
    await rig.clock.passMs(50);
    rig.outbound.close('session waiting: peer_unbound');

    expect(told(rig)).toEqual([
      { level: 'info', message: 'outbound open' },
      {
        level: 'info',
        message: 'outbound closed',
        reason: 'session waiting: peer_unbound',
        givenBack: expect.any(Number),
      },
    ]);
    expect(told(rig)[1]?.['givenBack']).toBeGreaterThan(0);
  });

  test('has no second line for what is no change', async () => {
    const rig = Rig.bound();
    rig.outbound.open();
    rig.outbound.close();
    rig.outbound.close();

    expect(told(rig)).toHaveLength(2);
  });
});

describe('a turn that should have come by itself', () => {
  test('is never overdue while timers work, in a pause that the operator asked for neither', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status: 0x58, afterMs: 20 });
    rig.enqueueMany('otp', 5);
    let overdueMs = 0;
    rig.clock.onStep = () => {
      overdueMs = Math.max(overdueMs, rig.outbound.overdueMs);
    };
    await rig.clock.passMs(60_000);

    expect(overdueMs).toBe(0);
  });

  test('is not overdue when everything is done', async () => {
    const rig = Rig.bound();
    rig.enqueueMany('otp', 5);
    await rig.clock.passMs(600_000);

    expect(rig.sent).toHaveLength(5);
    expect(rig.outbound.overdueMs).toBe(0);
  });

  test('is overdue for as long as it has not come, and only while there is something to do', async () => {
    const rig = Rig.bound();
    expect(rig.outbound.overdueMs).toBe(0);
    rig.enqueueMany('otp', 5);
    await rig.clock.passMs(150);
    const setTimer = rig.clock.setTimer.bind(rig.clock);
    rig.clock.setTimer = (delayMs, fn) => setTimer(delayMs, () => (delayMs > 150 ? fn() : undefined));
    await rig.clock.passMs(45_000);

    expect(rig.outbound.overdueMs).toBeGreaterThan(30_000);
    rig.outbound.close();
    expect(rig.outbound.overdueMs).toBe(0);
  });
});
