import { describe, expect, test } from 'vitest';
import { faultDetail } from '../../../binder/outbound/poison.ts';
import type { MessageChange } from '../../../shared/domain/message-change.ts';
import { laneBody } from '../../../shared/queue/lanes.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { Rig } from './rig.ts';

/** Changes of a kind fail, as if the stored message were broken. */
function failing(rig: Rig, broken: (change: MessageChange) => boolean): void {
  const change = rig.messages.change.bind(rig.messages);
  rig.messages.change = async (id, wanted) => {
    if (broken(wanted)) throw new TypeError('no such field');
    return await change(id, wanted);
  };
}

const hour = { expiresAt: CREATED_AT + 3_600_000 };
const letter = (queue: string, body: string, attributes: Record<string, string>) => ({ queue, body, attributes });

describe('a queue message', () => {
  test('that is none of ours goes to the dead-letter queue of its lane, at once and as it was', async () => {
    const rig = Rig.bound();
    rig.lanes.addBody('otp', '{"to":"+639171234567"}');
    rig.enqueue('otp', 'm');
    await rig.clock.passMs(1_000);

    expect(rig.sent).toEqual(['m']);
    expect(rig.lanes.left).toEqual([]);
    expect(rig.lanes.deadLetters).toEqual([
      letter('queue-otp-dlq', '{"to":"+639171234567"}', { reason: 'unreadable', detail: 'the body is none of ours' }),
    ]);
    expect(rig.outbound.parked).toEqual({ unreadable: 1 });
    expect(JSON.stringify(rig.log.lines)).not.toContain('+63917');
  });

  test('whose message is nowhere goes there after three receives, and holds up nobody', async () => {
    const rig = new Rig();
    for (let i = 0; i < 30; i += 1) rig.lanes.add('bulk', `msg_ghost${i}`);
    rig.enqueue('bulk', 'm');
    rig.bind();
    await rig.clock.passMs(3_000);
    expect(rig.sent).toEqual(['m']);
    expect(rig.lanes.left).toHaveLength(30);
    expect(rig.lanes.deadLetters).toEqual([]);
    expect(rig.outbound.heldByLane.bulk).toBe(0);
    await rig.clock.passMs(70_000);

    expect(rig.lanes.left).toEqual([]);
    expect(rig.lanes.deadLetters).toHaveLength(30);
    expect(rig.lanes.deadLetters[0]).toEqual(
      letter('queue-bulk-dlq', laneBody('msg_ghost0'), { reason: 'no_such_message', detail: 'received 3 times' }),
    );
  });

  test('whose message is stored between two receives is sent after all', async () => {
    const rig = Rig.bound();
    const message = rig.enqueue('otp', 'm', hour);
    rig.messages.hide(message.messageId);
    await rig.clock.passMs(1_000);
    expect(rig.sent).toEqual([]);
    rig.messages.add(message);
    await rig.clock.passMs(35_000);

    expect(rig.sent).toEqual(['m']);
    expect(rig.lanes.deadLetters).toEqual([]);
  });

  test("that names another account's message is not sent with our credentials", async () => {
    const rig = Rig.bound();
    rig.enqueue('otp', 'm', { account: 'other', ...hour });
    await rig.clock.passMs(70_000);

    expect(rig.sent).toEqual([]);
    expect(rig.status('m')).toBe('queued');
    expect(rig.lanes.deadLetters).toMatchObject([{ attributes: { reason: 'other_account' } }]);
  });

  test('that came back very often is not worked on any more', async () => {
    const rig = new Rig();
    rig.enqueue('otp', 'm', hour);
    rig.lanes.receivedBefore('msg_m', 44);
    rig.bind();
    await rig.clock.passMs(1_000);

    expect(rig.sent).toEqual([]);
    expect(rig.lanes.left).toEqual([]);
    expect(rig.lanes.deadLetters).toMatchObject([
      { attributes: { reason: 'received_too_often', detail: 'received 45 times' } },
    ]);
    expect(rig.messages.changes).toEqual([]);
  });

  test('that came back less often than that is sent', async () => {
    const rig = new Rig();
    rig.enqueue('otp', 'm', hour);
    rig.lanes.receivedBefore('msg_m', 43);
    rig.bind();
    await rig.clock.passMs(1_000);

    expect(rig.sent).toEqual(['m']);
  });
});

test('a message that a newer owner has claimed is soon back in its queue, and not at once again with us', async () => {
  const rig = Rig.bound();
  const claim = { owner: 'newer', fence: rig.fence + 1, at: CREATED_AT };
  const { messageId } = rig.enqueue('otp', 'm', { ...hour, status: 'sending', claim });
  await rig.clock.passMs(500);

  expect(rig.lanes.timesReceived(messageId)).toBe(1);
  expect(rig.lanes.visibleAtMs(messageId)).toBeLessThanOrEqual(2_100);
  expect(rig.sent).toEqual([]);
});

describe('work that fails again and again', () => {
  test('before the claim, on a stored message that is broken: it comes again soon, ever more slowly, and the fifth receive ends it', async () => {
    const rig = Rig.bound();
    rig.enqueue('otp', 'broken', { ...hour, segments: undefined as never });
    rig.enqueueMany('otp', 3);
    await rig.clock.passMs(3_000);
    expect(rig.sent).toEqual(['otp0', 'otp1', 'otp2']);
    expect(rig.lanes.timesReceived('msg_broken')).toBe(2);
    await rig.clock.passMs(40_000);
    expect(rig.lanes.timesReceived('msg_broken')).toBe(4);
    expect(rig.lanes.deadLetters).toEqual([]);
    expect(rig.log.lines.filter(({ level }) => level === 'error')[0]).toMatchObject({
      message: 'work on a message failed',
      messageId: 'msg_broken',
      fault: 'TypeError',
      againInSeconds: 1,
    });
    await rig.clock.passMs(30_000);

    expect(rig.lanes.left).toEqual([]);
    expect(rig.lanes.deadLetters).toMatchObject([{ attributes: { reason: 'work_failed', detail: 'TypeError' } }]);
    expect(rig.outbound.parked).toEqual({ work_failed: 1 });
    expect(rig.outbound.heldByLane.otp).toBe(0);
  });

  test('after the claim, where the table never takes a change: the same, and it is not submitted again beyond its policy', async () => {
    const rig = Rig.bound();
    const refusal = Object.assign(new Error('Item size has exceeded the maximum'), { name: 'ValidationException' });
    const { messageId } = rig.enqueue('bulk', 'm', hour);
    const change = rig.messages.change.bind(rig.messages);
    rig.messages.change = async (id, wanted) => {
      if (wanted.kind === 'segment_accepted') throw refusal;
      return await change(id, wanted);
    };
    await rig.clock.passMs(100_000);

    expect(rig.sent).toEqual(['m']);
    // Whether it was accepted could not be recorded: the lane's policy holds it for the receipt.
    expect(rig.messages.of(messageId).status).toBe('unknown');
    expect(rig.lanes.left).toEqual([]);
  });

  test('holds nothing back of an answer under way: the message comes again when that is recorded, and goes on', async () => {
    const rig = Rig.bound();
    rig.wire.react = ({ index }) => ({ status: 0, afterMs: index === 0 ? 4_000 : 20 });
    const { messageId } = rig.enqueue('otp', 'long', { segmentCount: 3, text: 'a'.repeat(400), ...hour });
    failing(rig, (change) => change.kind === 'segment_submitting' && rig.clock.now() < 3_000);
    await rig.clock.passMs(3_900);
    expect(rig.lanes.visibleAtMs(messageId)).toBeGreaterThan(10_000);
    expect(rig.messages.of(messageId).segments[0]).toMatchObject({ state: 'submitting' });

    await rig.clock.passMs(3_000);

    expect(rig.sent).toEqual(['long', 'long/1', 'long/2']);
    expect(rig.messages.of(messageId)).toMatchObject({
      status: 'sent',
      segments: [{ resends: 0 }, { resends: 0 }, { resends: 0 }],
    });
    expect(rig.lanes.left).toEqual([]);
  });

  test('takes what is ready of the message back, so that it is not taken for written', async () => {
    const rig = Rig.bound({ segmentsPerSecond: 1 });
    const { messageId } = rig.enqueue('bulk', 'long', { segmentCount: 2, text: 'a'.repeat(250), ...hour });
    failing(rig, (change) => change.kind === 'segment_accepted' && rig.clock.now() < 1_500);
    await rig.clock.passMs(900);
    expect(rig.sent).toEqual(['long']);
    expect(rig.messages.of(messageId).segments[1]).toMatchObject({ state: 'waiting', resends: 0 });

    await rig.clock.passMs(5_000);

    // Whether the first was accepted could not be recorded: the lane's policy holds it for the receipt.
    expect(rig.sent).toEqual(['long', 'long/1']);
    expect(rig.messages.of(messageId).segments).toMatchObject([{ state: 'unanswered' }, { state: 'accepted' }]);
    expect(rig.lanes.left).toEqual([]);
  });

  test('takes back also what is being made ready', async () => {
    const rig = Rig.bound({ segmentsPerSecond: 1 });
    rig.messages.fate = ({ change }) => ({ tookMs: change?.kind === 'segment_submitting' ? 1_200 : 4, outcome: 'ok' });
    const putSegment = rig.messages.putSegment.bind(rig.messages);
    rig.messages.putSegment = async (...row) => {
      if (rig.clock.now() < 700) throw new TypeError('no such field');
      await putSegment(...row);
    };
    const { messageId } = rig.enqueue('bulk', 'long', { segmentCount: 2, text: 'a'.repeat(250), ...hour });
    await rig.clock.passMs(1_350);

    expect(rig.sent).toEqual(['long']);
    expect(rig.messages.of(messageId).segments[1]).toMatchObject({ state: 'waiting', resends: 0 });
    expect(rig.lanes.visibleAtMs(messageId)).toBeLessThan(3_000);
  });

  test('while the table merely fails is none of that: it is waited for', async () => {
    const rig = Rig.bound();
    rig.messages.fate = () => ({ tookMs: 4, outcome: rig.clock.now() < 200_000 ? 'lost' : 'ok' });
    rig.enqueue('otp', 'm', hour);
    await rig.clock.passMs(220_000);

    expect(rig.sent).toEqual(['m']);
    expect(rig.lanes.deadLetters).toEqual([]);
  });
});

describe('what is told of a fault', () => {
  test('is its kind and code, never its words', () => {
    expect(faultDetail(new TypeError('no +639171234567'))).toBe('TypeError');
    expect(faultDetail(Object.assign(new Error('secret'), { code: 'message_not_composable' }))).toBe(
      'Error message_not_composable',
    );
    expect(faultDetail('+639171234567')).toBe('no error object');
  });

  test('is short and fit for a message attribute', () => {
    expect(faultDetail(Object.assign(new Error(''), { code: `x\u0000${'y'.repeat(999)}` }))).toMatch(
      /^Error x\?y{192}$/,
    );
  });
});
