import { describe, expect, test } from 'vitest';
import type { Lane } from '../../../shared/config/account.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { Rig } from './rig.ts';
import type { Reaction } from './scripted-wire.ts';

const hour = { expiresAt: CREATED_AT + 3_600_000 };
const long = { segmentCount: 5, text: 'a'.repeat(700), ...hour };
const ok: Reaction = { status: 0, afterMs: 20 };

const segmentsOf = (rig: Rig, id: string) => rig.messages.of(`msg_${id}`).segments;

/** A submit that was never answered in time, sent again, and the second one as `reaction` says. */
async function resent(reaction: Reaction): Promise<Rig> {
  const rig = Rig.bound();
  rig.wire.react = ({ ordinal }) => (ordinal === 0 ? 'silence' : reaction);
  rig.enqueue('otp', 'm', hour);
  await rig.clock.passUntilTrue(() => rig.sent.length === 2, 70_000);
  return rig;
}

const lateAnswer = (rig: Rig, messageId = 'late') =>
  rig.outbound.answeredLate({ context: { messageId: 'msg_m', index: 0 }, commandStatus: 0, messageId });

const receipt = (rig: Rig, mcMessageId: string, { id = 'm', index = 0 } = {}) =>
  rig.messages.apply(`msg_${id}`, { kind: 'receipt', index, mcMessageId, state: 'delivered', at: rig.wallClock() });

describe('a late answer while the resend is on the wire', () => {
  test('settles the segment, and receipts of either submit find it', async () => {
    const rig = await resent({ status: 0, afterMs: 400 });
    await Promise.all([lateAnswer(rig), rig.clock.passMs(2_000)]);

    expect(rig.sent).toEqual(['m', 'm']);
    expect(rig.status('m')).toBe('sent');
    expect(segmentsOf(rig, 'm')).toMatchObject([{ state: 'accepted', resends: 1, mcMessageId: 'late' }]);
    expect(rig.messages.segmentRows.map(({ canonicalId }) => canonicalId)).toEqual(['late', 'mc-1']);
    expect(rig.lanes.left).toEqual([]);
  });

  test.each([0x0b, 0x08])('stands whatever becomes of the resend: 0x%s', async (status) => {
    const rig = await resent({ status, afterMs: 400 });
    await Promise.all([lateAnswer(rig), rig.clock.passMs(60_000)]);

    expect(rig.sent).toEqual(['m', 'm']);
    expect(rig.status('m')).toBe('sent');
    expect(rig.messages.of('msg_m').error).toBeUndefined();
    expect(rig.lanes.left).toEqual([]);
  });

  test('stands when the resend is not answered either', async () => {
    const rig = await resent('silence');
    await Promise.all([lateAnswer(rig), rig.clock.passMs(100_000)]);

    expect(rig.sent).toEqual(['m', 'm']);
    expect(rig.status('m')).toBe('sent');
  });
});

describe('a receipt for a submit that was not answered', () => {
  test('keeps the resend off the wire, where that still waits for its turn', async () => {
    const rig = await resent({ status: 0x58, afterMs: 20 });
    await rig.clock.passMs(100);
    receipt(rig, 'mc-0');
    await rig.clock.passMs(10_000);

    expect(rig.sent).toEqual(['m', 'm']);
    expect(rig.status('m')).toBe('delivered');
    expect(rig.lanes.left).toEqual([]);
  });

  test.each<Reaction>([ok, { status: 0x0b, afterMs: 20 }, 'silence'])(
    'stands whatever becomes of the resend on the wire: %j',
    async (reaction) => {
      const rig = await resent(reaction);
      receipt(rig, 'mc-0');
      await rig.clock.passMs(100_000);

      expect(rig.status('m')).toBe('delivered');
      expect(rig.sent).toEqual(['m', 'm']);
      expect(rig.lanes.left).toEqual([]);
    },
  );

  test('settles a bulk message that was held for it', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => 'silence';
    rig.enqueue('bulk', 'm', hour);
    await rig.clock.passMs(70_000);
    expect(rig.status('m')).toBe('unknown');
    receipt(rig, 'mc-0');

    expect(rig.status('m')).toBe('delivered');
    expect(rig.sent).toEqual(['m']);
  });
});

describe('a binder that dies in the middle of a long message', () => {
  /** Two parts are accepted, the third is on the wire without an answer, the fourth marked as next, and the process is gone. */
  async function died(lane: Lane): Promise<Rig> {
    const rig = Rig.bound();
    rig.wire.react = ({ index }) => (index < 2 ? ok : 'silence');
    rig.enqueue(lane, 'long', long);
    await rig.clock.passUntilTrue(() => rig.sent.length === 3);
    await rig.clock.passMs(50);
    rig.gone.abort();
    rig.lose();
    await rig.clock.passMs(100);
    return rig;
  }

  async function succeeded(before: Rig): Promise<Rig> {
    const rig = new Rig({}, before);
    rig.wire.react = ({ index }) => ({ status: 0, id: `new-${index}`, afterMs: 20 });
    rig.bind();
    await rig.clock.passMs(40_000);
    return rig;
  }

  test.each<Lane>(['otp', 'transactional'])(
    'in the %s lane: the next one sends once more what may have been on the wire, then the rest, and nothing that was accepted',
    async (lane) => {
      const rig = await succeeded(await died(lane));

      expect(rig.sent).toEqual(['long/2', 'long/3', 'long/4']);
      expect(rig.status('long')).toBe('sent');
      expect(segmentsOf(rig, 'long').map(({ resends }) => resends)).toEqual([0, 0, 1, 1, 0]);
      expect(rig.lanes.left).toEqual([]);
    },
  );

  test('in the bulk lane: what may have been on the wire is held for its receipts, and the next one sends the rest', async () => {
    const rig = await succeeded(await died('bulk'));

    expect(rig.sent).toEqual(['long/4']);
    expect(rig.status('long')).toBe('unknown');
    expect(segmentsOf(rig, 'long').map(({ state }) => state)).toEqual([
      'accepted',
      'accepted',
      'unanswered',
      'unanswered',
      'accepted',
    ]);
    for (const [index, mcMessageId] of ['mc-0', 'mc-1', 'mc-2', 'mc-3', 'new-4'].entries()) {
      receipt(rig, mcMessageId, { id: 'long', index });
    }
    expect(rig.status('long')).toBe('delivered');
  });

  test('and whose third part is delivered before anyone takes over: that is not sent again', async () => {
    const before = await died('otp');
    receipt(before, 'mc-2', { id: 'long', index: 2 });
    const rig = await succeeded(before);

    expect(rig.sent).toEqual(['long/3', 'long/4']);
    expect(rig.status('long')).toBe('sent');
  });
});
