import { describe, expect, test } from 'vitest';
import { Custody } from '../../../binder/outbound/custody.ts';
import type { LaneQueue, QueuedItem } from '../../../binder/outbound/lane-queue.ts';
import type { Lane } from '../../../shared/config/account.ts';
import { laneBody } from '../../../shared/queue/lanes.ts';
import { quietLog } from '../../fixtures/log.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';

function custody() {
  const clock = new SimulatedClock(0);
  const calls: string[] = [];
  let extended = true;
  let parks = true;
  const wait = () => new Promise<void>((resolve) => void clock.setTimer(5, resolve));
  const queue: LaneQueue = {
    remove: async ({ receiptHandle }) => {
      await wait();
      calls.push(`remove ${receiptHandle}`);
    },
    giveBack: async ({ receiptHandle }, delaySeconds) => {
      await wait();
      calls.push(`give back ${receiptHandle} ${delaySeconds}`);
    },
    park: async ({ receiptHandle }, { reason }) => {
      await wait();
      calls.push(`park ${receiptHandle} ${reason}`);
      return parks;
    },
    extend: async ({ receiptHandle }) => {
      calls.push(`extend ${receiptHandle} at ${clock.now()}`);
      return await Promise.resolve(extended);
    },
  };
  const item = (messageId: string, receiptHandle: string, lane: Lane = 'otp'): QueuedItem => ({
    lane,
    messageId,
    receiptHandle,
    body: laneBody(messageId),
    receives: 1,
    hiddenSince: clock.now(),
  });
  const failToExtend = (fails: boolean): void => {
    extended = !fails;
  };
  const failToPark = (): void => {
    parks = false;
  };
  const log = quietLog();
  return { clock, calls, item, failToExtend, failToPark, log, custody: new Custody({ queue, clock, log }) };
}

describe('queue messages in our hands', () => {
  test('a message is in hand once, and its newest handle is the one that counts', async () => {
    const { custody: hands, item, calls, clock } = custody();
    const first = item('m', 'h1');
    expect(hands.take(first)).toBe(true);
    expect(hands.take({ ...item('m', 'h2'), receives: 2 })).toBe(false);
    expect([...hands.items]).toMatchObject([{ receives: 2 }]);

    void hands.remove(first);
    await clock.passMs(10);

    expect(calls).toEqual(['remove h2']);
  });

  test('a copy in another lane does not touch the handle', async () => {
    const { custody: hands, item, calls, clock } = custody();
    const first = item('m', 'h1', 'otp');
    hands.take(first);
    expect(hands.take(item('m', 'h2', 'bulk'))).toBe(false);

    void hands.giveBack(first, 7);
    await clock.passMs(10);

    expect(calls).toEqual(['give back h1 7']);
  });

  test('it leaves our hands once', async () => {
    const { custody: hands, item, calls, clock } = custody();
    const first = item('m', 'h1');
    hands.take(first);

    void hands.giveBack(first);
    void hands.remove(first);
    hands.letGo(first);
    await clock.passMs(10);

    expect(calls).toEqual(['give back h1 0']);
  });

  test('what comes in again after it has left is another item', async () => {
    const { custody: hands, item, calls, clock } = custody();
    const first = item('m', 'h1');
    hands.take(first);
    hands.letGo(first);
    const second = item('m', 'h2');
    expect(hands.take(second)).toBe(true);

    void hands.remove(first);
    await clock.passMs(10);

    expect(calls).toEqual([]);
    expect([...hands.items]).toEqual([second]);
  });

  test('it can come in again while its queue is still being told', () => {
    const { custody: hands, item } = custody();
    const first = item('m', 'h1');
    hands.take(first);
    void hands.giveBack(first);

    expect(hands.take(item('m', 'h2'))).toBe(true);
  });

  test('they are empty when everything has left and every queue has been told', async () => {
    const { custody: hands, item, clock } = custody();
    const [a, b] = [item('a', 'h1'), item('b', 'h2')];
    hands.take(a);
    hands.take(b);
    let empty = 0;
    for (const _ of [1, 2]) void hands.empty().then(() => (empty += 1));

    void hands.remove(a);
    await clock.passMs(10);
    expect(empty).toBe(0);
    void hands.giveBack(b);
    await clock.passMs(4);
    expect(empty).toBe(0);
    await clock.passMs(1);
    expect(empty).toBe(2);
  });

  test('empty hands are empty at once, and keep no timer', async () => {
    const { custody: hands, item, clock } = custody();
    await hands.empty();
    const first = item('m', 'h1');
    hands.take(first);
    hands.letGo(first);

    await hands.empty();
    expect(clock.pending).toBe(0);
  });
});

describe('poison', () => {
  const poison = { reason: 'work_failed', detail: 'TypeError' } as const;

  test('leaves our hands for the dead-letter queue, is counted by its reason and told once', async () => {
    const { custody: hands, item, calls, clock, log } = custody();
    const first = item('msg_1', 'a');
    hands.take(first);
    void hands.park(first, poison);
    expect([...hands.items]).toEqual([]);
    await clock.passMs(10);
    void hands.park(first, poison);
    void hands.parkUnreadable({ lane: 'bulk', receiptHandle: 'b', body: 'rubbish' });
    await clock.passMs(10);

    expect(calls).toEqual(['park a work_failed', 'park b unreadable']);
    expect(hands.parked).toEqual({ work_failed: 1, unreadable: 1 });
    expect(log.lines).toMatchObject([
      { level: 'error', lane: 'otp', messageId: 'msg_1', ...poison },
      { level: 'error', lane: 'bulk', reason: 'unreadable' },
    ]);
  });

  test('that its queue could not move is not counted: it comes again', async () => {
    const { custody: hands, item, failToPark, clock, log } = custody();
    failToPark();
    const first = item('msg_1', 'a');
    hands.take(first);
    void hands.park(first, poison);
    await clock.passMs(10);

    expect(hands.parked).toEqual({});
    expect(log.lines).toEqual([]);
    expect(hands.take(item('msg_1', 'b'))).toBe(true);
  });

  test('is waited for where everything is to have left', async () => {
    const { custody: hands, clock, calls } = custody();
    void hands.parkUnreadable({ lane: 'bulk', receiptHandle: 'b', body: 'rubbish' });
    const empty = hands.empty().then(() => calls.push('empty'));
    await clock.passMs(10);
    await empty;

    expect(calls).toEqual(['park b unreadable', 'empty']);
  });
});

describe('keeping hidden what is held long', () => {
  test('begins after a third of the hidden time and goes on', async () => {
    const { custody: hands, item, calls, clock } = custody();
    hands.take(item('m', 'h1'));
    await clock.passMs(40_000);

    expect(calls).toEqual(['extend h1 at 10000', 'extend h1 at 20000', 'extend h1 at 30000', 'extend h1 at 40000']);
  });

  test('is tried again soon where it fails, three times before the message shows', async () => {
    const { custody: hands, item, calls, clock, failToExtend } = custody();
    hands.take(item('m', 'h1'));
    failToExtend(true);
    await clock.passMs(29_999);

    expect(calls).toHaveLength(4);
  });

  test('ends with the holding', async () => {
    const { custody: hands, item, calls, clock } = custody();
    const first = item('m', 'h1');
    hands.take(first);
    await clock.passMs(12_000);
    hands.letGo(first);
    await clock.passMs(60_000);

    expect(calls).toHaveLength(1);
  });
});
