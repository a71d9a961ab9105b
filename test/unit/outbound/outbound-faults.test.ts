import { describe, expect, test } from 'vitest';
import type { TableCall, TableFate } from './memory-messages.ts';
import { Rig } from './rig.ts';

const long = { segmentCount: 3, text: 'a'.repeat(400) };

/** From `fromMs` to `toMs` calls of a kind go wrong. */
function breakTable(
  rig: Rig,
  {
    fromMs,
    toMs,
    outcome,
    of,
  }: { fromMs: number; toMs: number; outcome: TableFate['outcome']; of?: (call: TableCall) => boolean },
): void {
  rig.messages.fate = (call) => {
    const now = rig.clock.now();
    const broken = now >= fromMs && now < toMs && (of?.(call) ?? true);
    return { tookMs: 4, outcome: broken ? outcome : 'ok' };
  };
}

describe('a table that fails for a while', () => {
  test.each<TableFate['outcome']>(['lost', 'unanswered'])(
    'after an accepted answer (%s): recorded in the end, and only then is the queue message deleted',
    async (outcome) => {
      const rig = Rig.bound();
      const { messageId } = rig.enqueue('otp', 'm');
      await rig.clock.passUntilTrue(() => rig.sent.length === 1);
      breakTable(rig, { fromMs: 0, toMs: 25_000, outcome, of: ({ kind }) => kind !== 'get' });
      let deletedAtMs = 0;
      rig.clock.onStep = () => {
        if (deletedAtMs === 0 && !rig.lanes.holds(messageId)) deletedAtMs = rig.clock.now();
      };

      await rig.clock.passMs(45_000);

      expect(rig.sent).toEqual(['m']);
      expect(rig.messages.of(messageId)).toMatchObject({
        status: 'sent',
        segments: [{ state: 'accepted', mcMessageId: 'mc-0' }],
      });
      expect(rig.messages.segmentRows).toHaveLength(1);
      expect(deletedAtMs).toBeGreaterThan(25_000);
    },
  );

  test('while messages are claimed: they are kept and hidden, not received again and again', async () => {
    const rig = new Rig();
    breakTable(rig, { fromMs: 0, toMs: 60_000, outcome: 'lost' });
    const ids = rig.enqueueMany('transactional', 20);
    rig.bind();
    await rig.clock.passMs(59_000);
    expect(rig.sent).toEqual([]);
    for (const id of ids) expect(rig.lanes.timesReceived(id)).toBeLessThanOrEqual(1);

    await rig.clock.passMs(12_000);

    expect(rig.sent).toHaveLength(20);
  });

  test('and does what it says it did not do: a bulk message is not held for a receipt that nobody sends', async () => {
    const rig = Rig.bound();
    const failing = new Set<string>();
    rig.messages.fate = ({ kind, messageId }) => {
      const first = kind === 'change' && !failing.has(messageId);
      if (first) failing.add(messageId);
      return { tookMs: 4, outcome: first ? 'unanswered' : 'ok' };
    };
    const ids = rig.enqueueMany('bulk', 6);

    await rig.clock.passMs(5_000);

    expect([...rig.sent].sort()).toEqual(ids.map((id) => id.slice(4)));
    expect(ids.map((id) => rig.messages.of(id).status)).toEqual(Array(6).fill('sent'));
  });

  test('or repeats every write: each counts once', async () => {
    const rig = Rig.bound();
    rig.messages.fate = () => ({ tookMs: 4, outcome: 'repeated' });
    rig.wire.react = ({ ordinal }) => (ordinal < 2 ? { status: 0x08, afterMs: 10 } : { status: 0, afterMs: 10 });
    rig.enqueue('bulk', 'long', long);
    rig.enqueue('otp', 'm');

    await rig.clock.passMs(40_000);

    expect(rig.status('m')).toBe('sent');
    expect(rig.status('long')).toBe('sent');
    const refusals = rig.messages
      .all()
      .flatMap(({ segments }) => segments.map((segment) => segment.temporaryRefusals ?? 0));
    expect(refusals.reduce((sum, count) => sum + count, 0)).toBe(2);
  });

  test('holds up nobody else when it fails for one message only', async () => {
    const rig = Rig.bound();
    breakTable(rig, { fromMs: 0, toMs: 1e9, outcome: 'lost', of: ({ messageId }) => messageId === 'msg_otp0' });
    rig.enqueueMany('otp', 20);

    await rig.clock.passMs(4_000);

    expect(rig.sent).toHaveLength(19);
  });
});

describe('a queue message that is delivered again', () => {
  test('while it waits to be claimed, is being claimed, is ready or is on the wire goes over the wire once', async () => {
    for (let revealAtMs = 0; revealAtMs < 400; revealAtMs += 17) {
      const rig = new Rig();
      rig.messages.fate = () => ({ tookMs: 40, outcome: 'ok' });
      rig.wire.react = () => ({ status: 0, afterMs: 60 });
      const ids = rig.enqueueMany('otp', 3);
      rig.bind();
      await rig.clock.passMs(revealAtMs);
      for (const id of ids) rig.lanes.reveal(id);
      await rig.clock.passMs(3_000);

      expect(rig.sent).toEqual(['otp0', 'otp1', 'otp2']);
      expect(ids.map((id) => rig.messages.of(id).status)).toEqual(['sent', 'sent', 'sent']);
      expect(ids.map((id) => rig.messages.of(id).segments[0]?.resends)).toEqual([0, 0, 0]);
      await rig.clock.passMs(40_000);
      expect(rig.lanes.left).toEqual([]);
    }
  });

  test('because the sweep queued it a second time goes over the wire once', async () => {
    const rig = Rig.bound();
    const { messageId } = rig.enqueue('bulk', 'm');
    rig.lanes.add('bulk', messageId);
    rig.lanes.add('otp', messageId);

    await rig.clock.passMs(80_000);

    expect(rig.sent).toEqual(['m']);
    expect(rig.status('m')).toBe('sent');
    expect(rig.lanes.left).toEqual([]);
  });

  test('after it was done, because its deletion failed, is deleted then', async () => {
    const rig = Rig.bound();
    let deletions = 0;
    rig.lanes.fails = (call) => call === 'delete' && ++deletions === 1;
    rig.enqueue('otp', 'm');
    await rig.clock.passMs(20_000);
    expect(rig.lanes.left).toHaveLength(1);
    await rig.clock.passMs(30_000);

    expect(rig.sent).toEqual(['m']);
    expect(rig.lanes.left).toEqual([]);
  });

  test('because giving it back failed comes again when its hidden time is over', async () => {
    const rig = Rig.bound();
    rig.lanes.fails = (call) => call === 'visibility';
    rig.wire.react = ({ ordinal }) => ({ status: ordinal === 0 ? 0x08 : 0, afterMs: 10 });
    rig.enqueue('otp', 'm');
    await rig.clock.passMs(45_000);

    expect(rig.sent).toEqual(['m', 'm']);
    expect(rig.status('m')).toBe('sent');
  });
});

describe('a queue that fails', () => {
  test('for a while is asked again, and what it holds is sent', async () => {
    const rig = new Rig();
    rig.lanes.fails = (call) => call === 'receive' && rig.clock.now() < 10_000;
    rig.enqueueMany('otp', 3);
    rig.bind();
    await rig.clock.passMs(13_000);

    expect(rig.sent).toHaveLength(3);
  });
});

describe('another writer', () => {
  test('that cancels a message before its claim keeps it off the wire', async () => {
    const rig = Rig.bound();
    const { messageId } = rig.enqueue('bulk', 'm');
    rig.messages.apply(messageId, { kind: 'canceled', at: rig.wallClock() });
    await rig.clock.passMs(1_000);

    expect(rig.sent).toEqual([]);
    expect(rig.lanes.left).toEqual([]);
  });

  test('that brings a receipt before the answer is recorded does not confuse it', async () => {
    const rig = Rig.bound();
    const { messageId } = rig.enqueue('otp', 'm');
    rig.wire.onSubmit = () => {
      const at = rig.wallClock();
      rig.messages.apply(messageId, { kind: 'receipt', index: 0, mcMessageId: 'mc-0', state: 'delivered', at });
    };
    await rig.clock.passMs(1_000);

    expect(rig.sent).toEqual(['m']);
    expect(rig.status('m')).toBe('delivered');
    expect(rig.lanes.left).toEqual([]);
  });

  test('that has taken the account over is not disturbed by what the old owner still writes', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => ({ status: 0x08, afterMs: 10 });
    const { messageId } = rig.enqueue('otp', 'm');
    await rig.clock.passUntilTrue(() => rig.sent.length === 1);
    const at = rig.wallClock();
    rig.messages.apply(messageId, { kind: 'abandoned', policy: 'resend_once', at });
    rig.messages.apply(messageId, { kind: 'claimed', owner: 'newer', fence: 8, at });
    const taken = rig.messages.of(messageId);

    await rig.clock.passMs(100);

    expect(rig.messages.of(messageId)).toEqual(taken);
  });
});
