import { describe, expect, test } from 'vitest';
import { CREATED_AT } from '../../fixtures/message.ts';
import { Rig } from './rig.ts';

/** Highest number of submits in any window of 1.000 s. */
function worstSecond(times: readonly number[]): number {
  return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
}

describe('the way of a message', () => {
  test('it is claimed, submitted, recorded and deleted from its queue', async () => {
    const rig = Rig.bound();
    const { messageId } = rig.enqueue('transactional', 'hello');

    await rig.clock.passMs(200);

    expect(rig.sent).toEqual(['hello']);
    expect(rig.messages.of(messageId)).toMatchObject({
      status: 'sent',
      segments: [{ state: 'accepted', mcMessageId: 'mc-0' }],
    });
    expect(rig.messages.segmentRows).toEqual([{ canonicalId: 'mc-0', messageId, index: 0 }]);
    expect(rig.lanes.left).toEqual([]);
    expect(rig.outbound.heldByLane).toEqual({ otp: 0, transactional: 0, bulk: 0 });
  });

  test('nothing is on the wire before its segment is stored as about to be', async () => {
    const rig = Rig.bound();
    rig.messages.fate = () => ({ tookMs: 30, outcome: 'ok' });
    const unmarked: string[] = [];
    rig.wire.onSubmit = ({ messageId, index }) => {
      if (rig.messages.of(messageId).segments[index]?.state !== 'submitting') unmarked.push(messageId);
    };
    rig.enqueueMany('otp', 5);
    rig.enqueue('bulk', 'long', { segmentCount: 3, text: 'a'.repeat(400) });

    await rig.clock.passMs(2_000);

    expect(rig.sent).toHaveLength(8);
    expect(unmarked).toEqual([]);
  });

  test('its queue message goes only after the answer is recorded', async () => {
    const rig = Rig.bound();
    const { messageId } = rig.enqueue('otp', 'm');
    rig.messages.fate = ({ kind }) => ({ tookMs: kind === 'change' ? 500 : 4, outcome: 'ok' });

    await rig.clock.passUntilTrue(() => !rig.lanes.holds(messageId));

    expect(rig.messages.of(messageId).status).toBe('sent');
  });

  test('the Receipts table knows the id before the message is sent, so that no receipt can come too early', async () => {
    const rig = Rig.bound();
    rig.messages.fate = () => ({ tookMs: 50, outcome: 'ok' });
    rig.enqueue('otp', 'm');

    await rig.clock.passUntilTrue(() => rig.status('m') === 'sent');

    expect(rig.messages.segmentRows).toHaveLength(1);
  });

  test('an acceptance without an id is sent, without a row that a receipt could find', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status: 0, id: '', afterMs: 5 });
    rig.enqueue('otp', 'm');

    await rig.clock.passMs(200);

    expect(rig.status('m')).toBe('sent');
    expect(rig.messages.segmentRows).toEqual([]);
  });
});

describe('the order of the wire', () => {
  test('a waiting otp is next on the wire, however deep the other lanes are', async () => {
    const rig = Rig.bound({ bulkShare: 0 });
    rig.enqueueMany('transactional', 60);
    rig.enqueueMany('bulk', 60);
    await rig.clock.passMs(3_000);

    for (let i = 0; i < 20; i += 1) {
      const sentBefore = rig.sent.length;
      rig.enqueue('otp', `code${i}`);
      await rig.clock.passUntilTrue(() => rig.sent.includes(`code${i}`), 200);
      // At most the one whose turn came while it was received and claimed.
      expect(rig.sent.indexOf(`code${i}`) - sentBefore).toBeLessThanOrEqual(1);
      await rig.clock.passMs(37 * i);
    }
  });

  test('otp goes before transactional, and that before bulk', async () => {
    const rig = new Rig({ bulkShare: 0 });
    rig.enqueueMany('bulk', 5);
    rig.enqueueMany('transactional', 5);
    rig.enqueueMany('otp', 5);
    rig.bind();
    await rig.clock.passMs(3_000);

    const lanes = rig.sent.map((id) => id.replace(/\d+$/, ''));
    // What is ready first may go first; from then on urgency decides.
    expect(lanes.slice(1, 5)).toEqual(['otp', 'otp', 'otp', 'otp']);
    expect(lanes.slice(10)).toEqual(Array(5).fill('bulk'));
  });

  test('bulk keeps its share while the others have more than the wire can take', async () => {
    const rig = Rig.bound({ bulkShare: 0.2 });
    rig.enqueueMany('otp', 200);
    rig.enqueueMany('bulk', 200);

    await rig.clock.passUntilTrue(() => rig.sent.length >= 151);

    const bulk = rig.sent.slice(1, 151).filter((id) => id.startsWith('bulk')).length;
    expect(bulk).toBe(30);
  });

  test('within a lane the order is that of the queue', async () => {
    const rig = Rig.bound();
    const ids = rig.enqueueMany('transactional', 30);

    await rig.clock.passMs(4_000);

    expect(rig.sent).toEqual(ids.map((id) => id.slice(4)));
  });

  test('the parts of a long message follow each other, ahead of what has not begun', async () => {
    const rig = Rig.bound();
    rig.enqueue('bulk', 'long', { segmentCount: 4, text: 'a'.repeat(600) });
    rig.enqueueMany('bulk', 6);

    await rig.clock.passMs(3_000);

    const parts = ['long', 'long/1', 'long/2', 'long/3'];
    expect(rig.sent.filter((id) => id.startsWith('long'))).toEqual(parts);
    expect(rig.sent.indexOf('long/3')).toBeLessThanOrEqual(5);
    expect(rig.status('long')).toBe('sent');
  });

  test('of a long message one part at a time is marked ahead of its turn: a crash leaves no more than that open', async () => {
    const rig = Rig.bound({ segmentsPerSecond: 2 });
    const { messageId } = rig.enqueue('bulk', 'long', { segmentCount: 8, text: 'a'.repeat(8 * 153) });
    let most = 0;
    rig.clock.onStep = () => {
      const marked = rig.messages.of(messageId).segments.filter(({ state }) => state === 'submitting').length;
      most = Math.max(most, marked - rig.wire.unanswered);
    };

    await rig.clock.passMs(6_000);

    expect(rig.sent).toHaveLength(8);
    expect(most).toBe(2);
  });
});

describe('the rate', () => {
  test.each([1, 10, 37, 100])(
    'at %d a second nothing is over the rate, and with work waiting it is used',
    async (rate) => {
      const rig = Rig.bound({ segmentsPerSecond: rate });
      rig.wire.window = Math.max(10, Math.ceil(rate / 5));
      rig.enqueueMany('bulk', rate * 14);
      await rig.clock.passMs(500);
      const before = rig.sent.length;

      await rig.clock.passMs(10_000);

      const times = rig.wire.submits.map(({ atMs }) => atMs);
      expect(worstSecond(times)).toBeLessThanOrEqual(rate);
      expect((rig.sent.length - before) / (10 * rate)).toBeGreaterThanOrEqual(rate === 1 ? 0.9 : 0.99);
    },
  );

  test('a table that takes 150 ms for each call costs nothing of it', async () => {
    const rig = Rig.bound();
    rig.messages.fate = ({ kind }) => ({ tookMs: kind === 'get' ? 30 : 150, outcome: 'ok' });
    rig.enqueueMany('transactional', 120);
    await rig.clock.passMs(1_000);
    const before = rig.sent.length;

    await rig.clock.passMs(10_000);

    expect(rig.sent.length - before).toBeGreaterThanOrEqual(99);
  });

  test('slow answers do not hold it up while the window has room', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status: 0, afterMs: 900 });
    rig.enqueueMany('transactional', 120);
    await rig.clock.passMs(1_000);
    const before = rig.sent.length;

    await rig.clock.passMs(10_000);

    expect(rig.sent.length - before).toBeGreaterThanOrEqual(99);
  });

  test('a full window is respected, and left as soon as there is an answer', async () => {
    const rig = Rig.bound();
    rig.wire.window = 2;
    rig.wire.react = () => ({ status: 0, afterMs: 1_000 });
    rig.enqueueMany('otp', 6);
    let most = 0;
    rig.wire.onSubmit = () => {
      most = Math.max(most, rig.wire.unanswered + 1);
    };

    await rig.clock.passMs(4_000);

    expect(most).toBeLessThanOrEqual(2);
    expect(rig.sent).toHaveLength(6);
  });
});

describe('credits', () => {
  test('of each lane no more is held than a second of the rate and what is on its way', async () => {
    const rig = Rig.bound();
    rig.enqueueMany('transactional', 200);
    rig.enqueueMany('bulk', 200);
    const most = { transactional: 0, bulk: 0 };
    rig.clock.onStep = () => {
      const { transactional, bulk } = rig.outbound.heldByLane;
      most.transactional = Math.max(most.transactional, transactional);
      most.bulk = Math.max(most.bulk, bulk);
    };

    await rig.clock.passMs(10_000);

    // Ten held, two ready, those that wait for their answer or their record.
    expect(most.transactional).toBeLessThanOrEqual(15);
    expect(most.bulk).toBeLessThanOrEqual(15);
    expect(most.transactional).toBeGreaterThanOrEqual(10);
  });

  test('come back in lots: a lane with work waiting is not polled for each message', async () => {
    const rig = Rig.bound({ segmentsPerSecond: 10 });
    rig.enqueueMany('bulk', 60);

    await rig.clock.passMs(5_000);

    expect(rig.sent.length).toBeGreaterThanOrEqual(49);
    const full = rig.lanes.calls.filter(({ call, atMs }) => call === 'receive' && atMs < 5_000).length;
    // Ten at the beginning, then five or more each time; the two other lanes poll every two seconds.
    expect(full).toBeLessThanOrEqual(1 + 10 + 2 * 3);
  });

  test('what is held long is kept hidden, so nothing is received twice', async () => {
    const rig = Rig.bound({ bulkShare: 0 });
    const bulk = rig.enqueueMany('bulk', 12);
    rig.enqueueMany('otp', 900);

    await rig.clock.passMs(80_000);

    expect(rig.sent.slice(20).every((id) => id.startsWith('otp'))).toBe(true);
    const received = bulk.map((messageId) => rig.lanes.timesReceived(messageId)).filter((times) => times > 0);
    expect(received.length).toBeGreaterThanOrEqual(10);
    expect(Math.max(...received)).toBe(1);
  });
});

describe('time to live', () => {
  test('is looked at again right before the submit', async () => {
    const rig = Rig.bound();
    rig.enqueueMany('otp', 8);
    await rig.clock.passMs(20);
    rig.enqueue('transactional', 'late', { expiresAt: CREATED_AT + 400 });

    await rig.clock.passMs(2_000);

    expect(rig.sent).not.toContain('late');
    expect(rig.status('late')).toBe('expired');
    expect(rig.lanes.left).toEqual([]);
  });

  test('a part that is ready when the time passes does not go, and the message ends as expired', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status: 0x58, afterMs: 5 });
    rig.enqueue('bulk', 'long', { segmentCount: 3, text: 'a'.repeat(400), expiresAt: CREATED_AT + 1_500 });

    await rig.clock.passMs(40_000);

    expect(rig.sent.length).toBeGreaterThanOrEqual(1);
    expect(rig.wire.submits.every(({ atMs }) => atMs < 1_500)).toBe(true);
    expect(rig.status('long')).toBe('expired');
    expect(rig.messages.of('msg_long').segments.map(({ state }) => state)).toEqual(['waiting', 'waiting', 'waiting']);
    expect(rig.lanes.left).toEqual([]);
  });

  test('what has begun is finished after its time', async () => {
    const rig = Rig.bound({ segmentsPerSecond: 1 });
    rig.enqueue('bulk', 'long', { segmentCount: 3, text: 'a'.repeat(400), expiresAt: CREATED_AT + 1_500 });

    await rig.clock.passMs(5_000);

    expect(rig.sent).toEqual(['long', 'long/1', 'long/2']);
    expect(rig.status('long')).toBe('sent');
  });

  test('what is on the wire and not answered yet has begun', async () => {
    const rig = Rig.bound({ segmentsPerSecond: 1 });
    rig.wire.react = () => ({ status: 0, afterMs: 3_000 });
    rig.enqueue('bulk', 'long', { segmentCount: 2, text: 'a'.repeat(200), expiresAt: CREATED_AT + 500 });

    await rig.clock.passMs(8_000);

    expect(rig.sent).toEqual(['long', 'long/1']);
    expect(rig.status('long')).toBe('sent');
  });

  test('what is left of it goes to the operator', async () => {
    const rig = Rig.bound();
    rig.enqueue('otp', 'm', { expiresAt: CREATED_AT + 60_000 });
    await rig.clock.passMs(200);

    expect(rig.wire.submits[0]?.pdu.validityPeriod).toBe('000000000100000R');
  });
});
