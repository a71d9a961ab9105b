import { describe, expect, test } from 'vitest';
import { CREATED_AT } from '../../fixtures/message.ts';
import { Rig } from './rig.ts';

const long = { segmentCount: 4, text: 'a'.repeat(600) };

describe('a link that goes down', () => {
  test('gives back at once what is not on the wire, and nothing is claimed or marked any more', async () => {
    const rig = Rig.bound();
    const ids = rig.enqueueMany('transactional', 10);
    await rig.clock.passMs(120);
    const onWire = new Set(rig.wire.submits.map(({ messageId }) => messageId));
    expect(onWire.size).toBeLessThan(4);

    rig.lose();
    await rig.clock.passMs(20);

    expect(rig.outbound.heldByLane).toEqual({ otp: 0, transactional: 0, bulk: 0 });
    for (const messageId of ids.filter((id) => !onWire.has(id))) {
      expect(rig.lanes.visibleAtMs(messageId)).toBeLessThanOrEqual(rig.clock.now());
      expect(rig.messages.of(messageId)).toMatchObject({
        status: 'queued',
        segments: [{ state: 'waiting', resends: 0 }],
      });
      expect(rig.messages.of(messageId).claim).toBeUndefined();
    }
  });

  test('loses nothing and sends nothing twice but what had no answer', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status: 0, afterMs: 250 });
    const ids = [...rig.enqueueMany('otp', 10), ...rig.enqueueMany('bulk', 10)];
    for (let i = 0; i < 4; i += 1) {
      await rig.clock.passMs(370);
      rig.lose();
      await rig.clock.passMs(500);
      rig.bind();
    }
    await rig.clock.passMs(10_000);

    for (const messageId of ids) {
      const outcomes = rig.wire.submits
        .filter((submit) => submit.messageId === messageId)
        .map(({ outcome }) => outcome?.kind);
      expect(outcomes.slice(0, -1)).toEqual(outcomes.length > 1 ? ['unknown'] : []);
      expect(rig.messages.of(messageId).status).toBe(outcomes.at(-1) === 'unknown' ? 'unknown' : 'sent');
      if (messageId.startsWith('msg_bulk')) expect(outcomes).toHaveLength(1);
    }
    expect(rig.lanes.left).toEqual([]);
  });

  test('that comes back while everything is still being given back goes on as if nothing had been', async () => {
    const rig = Rig.bound();
    const ids = rig.enqueueMany('transactional', 8);
    await rig.clock.passMs(130);
    rig.outbound.close();
    rig.outbound.open();
    await rig.clock.passMs(3);
    rig.outbound.close();
    await rig.clock.passMs(1);
    rig.outbound.open();

    await rig.clock.passMs(5_000);

    expect([...rig.sent].sort()).toEqual(ids.map((id) => id.slice(4)).sort());
    expect(ids.map((id) => rig.messages.of(id).status)).toEqual(Array(8).fill('sent'));
  });

  test('keeps what a long message has reached, and the rest follows', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status: 0, afterMs: 30 });
    rig.enqueue('bulk', 'long', long);
    await rig.clock.passUntilTrue(() => rig.sent.length === 2);
    await rig.clock.passMs(60);

    rig.lose();
    await rig.clock.passMs(1_000);
    expect(rig.messages.of('msg_long')).toMatchObject({ status: 'sending' });
    expect(rig.messages.of('msg_long').claim).toBeUndefined();
    expect(rig.messages.of('msg_long').segments.map(({ state }) => state)).toEqual([
      'accepted',
      'accepted',
      'waiting',
      'waiting',
    ]);
    rig.bind();
    await rig.clock.passMs(1_000);

    expect(rig.sent).toEqual(['long', 'long/1', 'long/2', 'long/3']);
    expect(rig.status('long')).toBe('sent');
  });

  test('a poll under way does not keep to itself what it still brings', async () => {
    const rig = Rig.bound();
    await rig.clock.passMs(100);
    rig.lose();
    const { messageId } = rig.enqueue('otp', 'm');
    await rig.clock.passMs(30);

    expect(rig.lanes.timesReceived(messageId)).toBe(1);
    expect(rig.lanes.visibleAtMs(messageId)).toBeLessThanOrEqual(rig.clock.now());
  });

  test('what was given back after its time has passed is expired there and then', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status: 0x58, afterMs: 5 });
    rig.enqueue('otp', 'm', { expiresAt: CREATED_AT + 900 });
    await rig.clock.passMs(950);
    rig.lose();
    await rig.clock.passMs(20);

    expect(rig.status('m')).toBe('expired');
    expect(rig.lanes.left).toEqual([]);
  });
});

describe('segments that are marked ahead of their turn', () => {
  /** Stored as perhaps on the wire, by the number that really are. */
  const marked = (rig: Rig): number =>
    rig.messages
      .all()
      .reduce((sum, { segments }) => sum + segments.filter(({ state }) => state === 'submitting').length, 0);

  test('are two a lane at ten a second, and one for each long message on the wire, however long the link is paused', async () => {
    const rig = Rig.bound();
    rig.wire.react = ({ ordinal }) => ({ status: ordinal < 12 ? 0 : 0x58, afterMs: 150 });
    for (const lane of ['otp', 'transactional', 'bulk'] as const) rig.enqueueMany(lane, 30);
    let most = 0;
    rig.clock.onStep = () => {
      most = Math.max(most, marked(rig) - rig.wire.unanswered);
    };
    await rig.clock.passMs(20_000);

    expect(most).toBeGreaterThan(5);
    // Those that were refused for the rate wait with them.
    expect(most).toBeLessThanOrEqual(3 * 2 + rig.wire.window);
  });

  test('are unmarked as soon as the link is lost, so that no crash after that makes them doubtful', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status: 0x58, afterMs: 20 });
    for (const lane of ['otp', 'transactional', 'bulk'] as const) rig.enqueueMany(lane, 10);
    rig.enqueue('bulk', 'long', long);
    await rig.clock.passMs(1_500);
    expect(rig.wire.unanswered).toBe(0);
    expect(marked(rig)).toBeGreaterThan(5);

    rig.lose();
    await rig.clock.passMs(20);

    expect(marked(rig)).toBe(0);
  });
});

describe('handing over', () => {
  test('gives back what is throttled only after it has begun', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status: 0x58, afterMs: 300 });
    const { messageId } = rig.enqueue('otp', 'm');
    await rig.clock.passUntilTrue(() => rig.sent.length === 1);
    rig.outbound.close();
    let settled = false;
    void rig.outbound.settled().then(() => {
      settled = true;
    });
    await rig.clock.passMs(400);

    expect(settled).toBe(true);
    expect(rig.status('m')).toBe('queued');
    expect(rig.lanes.visibleAtMs(messageId)).toBeLessThanOrEqual(rig.clock.now());
  });

  test('settles what is on the wire before it is done, and leaves nothing half done', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status: 0, afterMs: 400 });
    const ids = rig.enqueueMany('transactional', 12);
    await rig.clock.passMs(330);
    rig.outbound.close();
    let settled = false;
    void rig.outbound.settled().then(() => {
      settled = true;
    });
    await rig.clock.passMs(50);
    expect(settled).toBe(false);
    await rig.clock.passUntilTrue(() => settled);

    const sent = new Set(rig.wire.submits.map(({ messageId }) => messageId));
    expect(sent.size).toBeGreaterThan(2);
    for (const id of ids) expect(rig.messages.of(id).status).toBe(sent.has(id) ? 'sent' : 'queued');
    expect(rig.lanes.left).toHaveLength(12 - sent.size);
    await rig.clock.passMs(10);
    for (const id of ids.filter((id) => !sent.has(id)))
      expect(rig.lanes.visibleAtMs(id)).toBeLessThanOrEqual(rig.clock.now());
  });

  test('waits for claims that are being written', async () => {
    const rig = Rig.bound();
    rig.messages.fate = () => ({ tookMs: 300, outcome: 'ok' });
    const { messageId } = rig.enqueue('otp', 'm');
    await rig.clock.passUntilTrue(() => rig.outbound.heldByLane.otp > 0);

    rig.outbound.close();
    let settled = false;
    void rig.outbound.settled().then(() => {
      settled = true;
    });
    await rig.clock.passUntilTrue(() => settled);

    // A poll that is still under way may get it once more.
    await rig.clock.passMs(10);
    expect(rig.messages.kindsOf(messageId)).toEqual(['claimed', 'segment_not_accepted', 'given_back']);
    expect(rig.messages.of(messageId)).toMatchObject({
      status: 'queued',
      segments: [{ state: 'waiting', resends: 0 }],
    });
    expect(rig.lanes.visibleAtMs(messageId)).toBeLessThanOrEqual(rig.clock.now());
  });

  test('is at once where nothing is in hand, whatever polls are under way', async () => {
    const rig = Rig.bound();
    await rig.clock.passMs(500);
    rig.outbound.close();

    await rig.outbound.settled();
  });

  test('ends when the last poll has ended', async () => {
    const rig = Rig.bound();
    await rig.clock.passMs(500);
    let stopped = false;
    void rig.outbound.stop().then(() => {
      stopped = true;
    });
    await rig.clock.passMs(2_500);

    expect(stopped).toBe(true);
    expect(rig.clock.pending).toBe(0);
  });
});

describe('a lease that is gone', () => {
  test('stops all writes, and gives the queue its messages for the next owner', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => 'silence';
    const ids = rig.enqueueMany('transactional', 8);
    await rig.clock.passMs(330);
    const changes = rig.messages.changes.length;
    const submits = rig.sent.length;

    rig.gone.abort();
    rig.lose();
    await rig.clock.passMs(60_000);

    expect(rig.messages.changes).toHaveLength(changes);
    expect(rig.sent).toHaveLength(submits);
    expect(rig.outbound.heldByLane.transactional).toBe(0);
    for (const id of ids) expect(rig.lanes.visibleAtMs(id)).toBeLessThan(1_000);
  });

  test('ends also what waits for a table that fails', async () => {
    const rig = Rig.bound();
    rig.enqueueMany('otp', 3);
    await rig.clock.passUntilTrue(() => rig.sent.length === 1);
    rig.messages.fate = () => ({ tookMs: 4, outcome: 'lost' });
    await rig.clock.passMs(9_000);

    rig.gone.abort();
    rig.lose();
    let settled = false;
    void rig.outbound.settled().then(() => {
      settled = true;
    });
    await rig.clock.passMs(100);

    expect(settled).toBe(true);
  });

  test('begins nothing, in the moments before it is known to be lost', async () => {
    const rig = Rig.bound();
    rig.enqueueMany('otp', 12);
    await rig.clock.passUntilTrue(() => rig.sent.length === 2);
    rig.mayLead = false;
    await rig.clock.passMs(30);
    const changes = rig.messages.changes.length;
    await rig.clock.passMs(1_000);

    expect(rig.sent).toHaveLength(2);
    expect(rig.messages.changes.length).toBe(changes);
    rig.mayLead = true;
    await rig.clock.passMs(3_000);
    expect(rig.sent).toHaveLength(12);
  });
});
