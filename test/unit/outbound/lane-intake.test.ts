import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { LaneIntake } from '../../../binder/outbound/lane-intake.ts';
import { type Delivery, type QueuedItem, SqsLaneQueue } from '../../../binder/outbound/lane-queue.ts';
import { laneBody } from '../../../shared/queue/lanes.ts';
import { quietLog } from '../../fixtures/log.ts';
import { SimulatedClock } from '../../fixtures/simulated-clock.ts';
import { MemoryLanes } from './memory-lanes.ts';

function intake() {
  const clock = new SimulatedClock(0);
  const lanes = new MemoryLanes(clock);
  const log = quietLog();
  const items: QueuedItem[] = [];
  const unreadable: Delivery[] = [];
  const state = { credits: 10 };
  const lane = new LaneIntake({
    lane: 'bulk',
    queueUrl: MemoryLanes.url('bulk'),
    sqs: lanes.sqs,
    clock,
    log,
    credits: () => state.credits,
    onItem: (item) => {
      items.push(item);
      state.credits -= 1;
    },
    onUnreadable: (delivery) => void unreadable.push(delivery),
  });
  const queue = new SqsLaneQueue({ sqs: lanes.sqs, queueUrl: MemoryLanes.url, log });
  const fill = (count: number): void => {
    for (let i = 0; i < count; i += 1) lanes.add('bulk', `msg_${i}`);
  };
  return { clock, lanes, log, items, unreadable, state, lane, queue, fill };
}

/** One poll and one timer, both ended by the test. */
function pollingByHand() {
  const log = quietLog();
  const items: QueuedItem[] = [];
  const answered = Promise.withResolvers<unknown>();
  const timers: (() => void)[] = [];
  const send = async (_command: unknown, { abortSignal }: { abortSignal: AbortSignal }): Promise<unknown> => {
    abortSignal.addEventListener('abort', () => answered.reject(new Error('aborted')));
    return await answered.promise;
  };
  const lane = new LaneIntake({
    lane: 'bulk',
    queueUrl: MemoryLanes.url('bulk'),
    sqs: { send } as unknown as Pick<SQSClient, 'send'>,
    clock: { now: () => 0, setTimer: (_ms, fn) => (timers.push(fn), () => undefined) },
    log,
    credits: () => 10,
    onItem: (item) => void items.push(item),
    onUnreadable: () => undefined,
  });
  return { log, items, lane, poll: { answer: answered.resolve }, fire: () => timers.shift()?.() };
}

describe('receiving a lane', () => {
  test('never takes more than there are credits for, nor more than ten at once', async () => {
    const { clock, items, state, lane, fill, lanes } = intake();
    fill(40);
    state.credits = 13;
    lane.start();
    await clock.passMs(10_000);

    expect(items).toHaveLength(13);
    expect(lanes.calls.filter(({ call }) => call === 'receive')).toHaveLength(2);
  });

  test('goes on as soon as it is woken with credits', async () => {
    const { clock, items, state, lane, fill } = intake();
    fill(20);
    state.credits = 5;
    lane.start();
    await clock.passMs(100);
    state.credits = 3;
    lane.wake();
    await clock.passMs(10);

    expect(items).toHaveLength(8);
  });

  test('hands over what comes while it waits', async () => {
    const { clock, items, lane, lanes } = intake();
    lane.start();
    await clock.passMs(7_000);
    lanes.add('bulk', 'msg_late');
    await clock.passMs(30);

    expect(items).toMatchObject([{ lane: 'bulk', messageId: 'msg_late', receiptHandle: 'handle-1' }]);
  });

  test('counts the hidden time of a message from before it was asked for', async () => {
    const { clock, items, lane, lanes } = intake();
    lane.start();
    await clock.passMs(1_000);
    lanes.add('bulk', 'msg_1');
    await clock.passMs(100);

    expect(items[0]?.hiddenSince).toBe(0);
  });

  test('a fault is followed by a pause and another try', async () => {
    const { clock, items, lane, lanes, fill, log } = intake();
    fill(1);
    let faults = 3;
    lanes.fails = (call) => call === 'receive' && faults-- > 0;
    lane.start();
    await clock.passMs(2_900);
    expect(items).toHaveLength(0);
    await clock.passMs(300);

    expect(items).toHaveLength(1);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(3);
  });

  test.each(['', 'not json', '{}', '{"message_id":7}', '{"message_id":"7"}', 'null'])(
    'a body that is none of ours is told as such: %j',
    async (body) => {
      const { clock, items, unreadable, lane, lanes } = intake();
      lanes.addBody('bulk', body);
      lane.start();
      await clock.passMs(100);

      expect(items).toEqual([]);
      expect(unreadable).toEqual([{ lane: 'bulk', receiptHandle: 'handle-1', body }]);
    },
  );

  test('tells how often a message was delivered', async () => {
    const { clock, items, lane, lanes, fill } = intake();
    fill(1);
    lane.start();
    await clock.passMs(20);
    lanes.reveal('msg_0');
    await clock.passMs(20);

    expect(items.map(({ receives }) => receives)).toEqual([1, 2]);
  });
});

describe('stopping', () => {
  test('waits for the poll under way, which still hands over what it brings', async () => {
    const { clock, items, lane, lanes } = intake();
    lane.start();
    await clock.passMs(500);
    let stopped = false;
    void lane.stop().then(() => {
      stopped = true;
    });
    await clock.passMs(1_000);
    expect(stopped).toBe(false);
    lanes.add('bulk', 'msg_last');
    await clock.passMs(20);

    expect(items.map(({ messageId }) => messageId)).toEqual(['msg_last']);
    expect(stopped).toBe(true);
    lanes.add('bulk', 'msg_after');
    await clock.passMs(10_000);
    expect(items).toHaveLength(1);
  });

  test('is done at once where nothing was to be received', async () => {
    const { state, lane } = intake();
    state.credits = 0;
    lane.start();

    await lane.stop();
  });

  test('is done at once where nothing was begun', async () => {
    await intake().lane.stop();
  });

  test('cuts a poll off that does not end, but not one whose answer this process was too busy to read', async () => {
    const { poll, items, log, lane, fire } = pollingByHand();
    lane.start();
    const stopped = lane.stop();
    // The timers come first, then the sockets.
    fire();
    poll.answer({ Messages: [{ Body: laneBody('msg_1'), ReceiptHandle: 'h' }] });
    await stopped;
    expect(items.map(({ messageId }) => messageId)).toEqual(['msg_1']);

    const other = pollingByHand();
    other.lane.start();
    const otherStopped = other.lane.stop();
    other.fire();
    await otherStopped;
    expect(log.lines).toEqual([]);
    expect(other.log.lines).toMatchObject([
      { level: 'warn', message: 'poll cut off; what it brought becomes visible again by itself' },
    ]);
  });

  test('leaves no timer behind', async () => {
    const { clock, lane } = intake();
    lane.start();
    void lane.stop();
    await clock.passMs(10_000);

    expect(clock.pending).toBe(0);
  });
});

describe('a received message', () => {
  const received = async () => {
    const parts = intake();
    parts.fill(1);
    parts.lane.start();
    await parts.clock.passMs(20);
    const [item] = parts.items;
    if (!item) throw new Error('nothing was received');
    parts.state.credits = 0;
    return { ...parts, item };
  };

  test('is gone when it is removed', async () => {
    const { clock, lanes, queue, item } = await received();
    void queue.remove(item);
    await clock.passMs(10);

    expect(lanes.left).toEqual([]);
  });

  test('shows again after the delay with which it is given back', async () => {
    const { clock, lanes, queue, item } = await received();
    void queue.giveBack(item, 20);
    await clock.passMs(2);

    expect(lanes.visibleAtMs('msg_0')).toBe(clock.now() + 20_000);
  });

  test('stays hidden for another while when that is extended, and it is said whether it was', async () => {
    const { clock, lanes, queue, item } = await received();
    const first = queue.extend(item);
    await clock.passMs(2);
    expect(lanes.visibleAtMs('msg_0')).toBe(clock.now() + 30_000);
    lanes.fails = () => true;
    const second = queue.extend(item);
    await clock.passMs(2);

    expect(await Promise.all([first, second])).toEqual([true, false]);
  });

  test('a queue that fails is told to nobody but the log', async () => {
    const { clock, lanes, queue, item, log } = await received();
    lanes.fails = () => true;
    void Promise.all([queue.remove(item), queue.giveBack(item, 0)]);
    await clock.passMs(10);

    expect(log.lines).toMatchObject([
      { level: 'warn', messageId: 'msg_0' },
      { level: 'warn', messageId: 'msg_0' },
    ]);
  });

  test('is moved to the dead-letter queue with the reason, and only then deleted', async () => {
    const { clock, lanes, queue, item } = await received();
    const parked = queue.park(item, { reason: 'work_failed', detail: 'TypeError' });
    await clock.passMs(3);
    expect(lanes.deadLetters).toEqual([
      { queue: 'queue-bulk-dlq', body: item.body, attributes: { reason: 'work_failed', detail: 'TypeError' } },
    ]);
    expect(lanes.left).toEqual([item.body]);
    await clock.passMs(10);

    expect(await parked).toBe(true);
    expect(lanes.left).toEqual([]);
  });

  test('stays where it is when it could not be moved', async () => {
    const { clock, lanes, queue, item } = await received();
    lanes.fails = (call) => call === 'park';
    const parked = queue.park(item, { reason: 'work_failed', detail: 'TypeError' });
    await clock.passMs(10);

    expect(await parked).toBe(false);
    expect(lanes.left).toEqual([item.body]);
  });
});
