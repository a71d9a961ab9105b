import { describe, expect, test } from 'vitest';
import type { Lane } from '../../../shared/config/account.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import { Rig } from './rig.ts';
import type { Reaction } from './scripted-wire.ts';

const ok: Reaction = { status: 0, afterMs: 20 };
const refuse = (status: number): Reaction => ({ status, afterMs: 20 });
const long = { segmentCount: 3, text: 'a'.repeat(400) };

/** Answers in turn; ok after the last. */
function script(rig: Rig, ...reactions: Reaction[]): void {
  rig.wire.react = ({ ordinal }) => reactions[ordinal] ?? ok;
}

const segmentsOf = (rig: Rig, id: string) => rig.messages.of(`msg_${id}`).segments;

describe('a throttled submit', () => {
  test('goes first again after the pause, and no attempt is counted', async () => {
    const rig = Rig.bound();
    script(rig, refuse(0x58));
    rig.enqueueMany('transactional', 5);

    await rig.clock.passMs(900);
    expect(rig.sent).toEqual(['transactional0']);
    await rig.clock.passMs(2_000);

    expect(rig.sent.slice(0, 3)).toEqual(['transactional0', 'transactional0', 'transactional1']);
    expect(segmentsOf(rig, 'transactional0')[0]).toEqual({
      state: 'accepted',
      resends: 0,
      acceptedAt: expect.any(Number),
      mcMessageId: 'mc-1',
    });
    expect(rig.messages.kindsOf('msg_transactional0')).toEqual(['claimed', 'segment_accepted']);
  });

  test('several that were refused at once keep their order', async () => {
    const rig = Rig.bound();
    rig.wire.react = ({ ordinal }) => (ordinal < 3 ? { status: 0x58, afterMs: 350 } : ok);
    rig.enqueueMany('otp', 6);

    await rig.clock.passMs(6_000);

    const [first, second, third] = rig.sent;
    expect([first, second, third]).toEqual(['otp0', 'otp1', 'otp2']);
    expect(rig.sent.slice(3).filter((id) => ['otp0', 'otp1', 'otp2'].includes(id))).toEqual(['otp0', 'otp1', 'otp2']);
    expect(rig.sent.indexOf('otp5')).toBe(rig.sent.length - 1);
  });

  test('for ever is tried for ever, ever more slowly, and nothing is given up', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => refuse(0x58);
    rig.enqueue('otp', 'm');

    await rig.clock.passMs(200_000);

    expect(rig.sent.length).toBeGreaterThan(5);
    expect(rig.sent.length).toBeLessThan(15);
    expect(rig.status('m')).toBe('sending');
    expect(rig.lanes.timesReceived('msg_m')).toBe(1);
  });

  test('lets a more urgent one that came meanwhile go before it', async () => {
    const rig = Rig.bound({ bulkShare: 0 });
    script(rig, refuse(0x58));
    rig.enqueue('bulk', 'b');
    await rig.clock.passMs(200);
    rig.enqueue('otp', 'code');
    await rig.clock.passMs(2_000);

    expect(rig.sent).toEqual(['b', 'code', 'b']);
  });
});

describe('a refusal for the time being', () => {
  test.each([0x08, 0x64])('0x%s: five tries, each after twice the time, and then it is final', async (status) => {
    const rig = Rig.bound();
    rig.wire.react = () => refuse(status);
    rig.enqueue('transactional', 'm');

    await rig.clock.passMs(120_000);

    const times = rig.wire.submits.map(({ atMs }) => atMs);
    const gaps = times.slice(1).map((at, i) => Math.round((at - (times[i] ?? 0)) / 1_000));
    expect(gaps).toEqual([5, 10, 20, 40]);
    expect(rig.messages.of('msg_m')).toMatchObject({
      status: 'failed',
      error: {
        code: 'operator_temporary_failure',
        operatorCode: `0x${status.toString(16).padStart(2, '0')}`,
        retryable: true,
      },
    });
    expect(rig.lanes.left).toEqual([]);
  });

  test('leaves the wire to others in the meantime', async () => {
    const rig = Rig.bound();
    script(rig, refuse(0x08));
    rig.enqueueMany('otp', 4);
    await rig.clock.passMs(1_000);

    expect(rig.sent).toEqual(['otp0', 'otp1', 'otp2', 'otp3']);
    await rig.clock.passMs(5_000);
    expect(rig.sent.at(-1)).toBe('otp0');
    expect(rig.status('otp0')).toBe('sent');
  });

  test('a code of the operator that no table knows gets one more try', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => refuse(0x417);
    rig.enqueue('bulk', 'm');

    await rig.clock.passMs(90_000);

    expect(rig.sent).toHaveLength(2);
    expect(rig.messages.of('msg_m')).toMatchObject({ status: 'failed', error: { operatorCode: '0x417' } });
  });

  test('of one part of a message makes the rest wait as long, also when the others were accepted', async () => {
    const rig = Rig.bound();
    script(rig, refuse(0x08));
    rig.enqueue('transactional', 'long', long);
    await rig.clock.passMs(4_900);
    expect(rig.sent).toEqual(['long', 'long/1']);
    await rig.clock.passMs(2_000);

    expect(rig.sent).toEqual(['long', 'long/1', 'long', 'long/2']);
    expect(rig.status('long')).toBe('sent');
    expect(rig.lanes.left).toEqual([]);
  });

  test('whose wait is longer than its message may live ends it as expired', async () => {
    const rig = Rig.bound();
    script(rig, refuse(0x08));
    rig.enqueue('otp', 'm', { expiresAt: CREATED_AT + 2_000 });

    await rig.clock.passMs(8_000);

    expect(rig.sent).toEqual(['m']);
    expect(rig.status('m')).toBe('expired');
  });
});

describe('a refusal for good', () => {
  test.each([
    [0x0a, 'sender_not_allowed'],
    [0x0b, 'recipient_refused'],
    [0x0d, 'sender_not_allowed'],
    [0x0e, 'recipient_refused'],
    [0x65, 'operator_rejected'],
    [0x62, 'operator_rejected'],
  ])('0x%s ends the message at once: %s', async (status, code) => {
    const rig = Rig.bound();
    rig.wire.react = () => refuse(status);
    const { messageId } = rig.enqueue('transactional', 'm');

    await rig.clock.passMs(500);

    expect(rig.sent).toEqual(['m']);
    expect(rig.messages.of(messageId)).toMatchObject({
      status: 'failed',
      error: { code, retryable: false },
      segments: [{ state: 'refused', commandStatus: status }],
    });
    expect(rig.lanes.left).toEqual([]);
  });

  test('of one part keeps the parts that are still ready off the wire', async () => {
    const rig = Rig.bound();
    script(rig, refuse(0x0b));
    rig.enqueue('transactional', 'long', long);
    rig.enqueue('transactional', 'other');

    await rig.clock.passMs(2_000);

    expect(rig.sent).toEqual(['long', 'other']);
    expect(rig.status('long')).toBe('failed');
    expect(rig.lanes.left).toEqual([]);
  });

  test.each([
    ['undelivered, which was accepted', { status: 0, afterMs: 600 }, 'undelivered'],
    ['failed, which was refused too', { status: 0x0b, afterMs: 600 }, 'failed'],
    ['failed, which was refused for the time being', { status: 0x58, afterMs: 600 }, 'failed'],
  ])('of one part waits for the part that is on the wire, and ends as %s', async (_name, second, status) => {
    const rig = Rig.bound();
    script(rig, { status: 0x0b, afterMs: 150 }, second);
    rig.enqueue('transactional', 'long', long);

    await rig.clock.passMs(500);
    expect(rig.status('long')).toBe('sending');
    await rig.clock.passMs(4_000);

    expect(rig.sent).toEqual(['long', 'long/1']);
    expect(rig.messages.of('msg_long')).toMatchObject({ status, error: { code: 'recipient_refused' } });
    expect(rig.lanes.left).toEqual([]);
  });

  test('of a later part makes the message undelivered, for a part of it has arrived', async () => {
    const rig = Rig.bound();
    script(rig, ok, refuse(0x0b));
    rig.enqueue('transactional', 'long', long);

    await rig.clock.passMs(2_000);

    expect(rig.status('long')).toBe('undelivered');
    expect(rig.lanes.left).toEqual([]);
  });

  test('our own fault alarms', async () => {
    const rig = Rig.bound();
    rig.wire.react = () => refuse(0x43);
    rig.enqueue('otp', 'm');
    await rig.clock.passMs(500);

    expect(rig.log.lines).toContainEqual(expect.objectContaining({ level: 'error', commandStatus: '0x43' }));
  });
});

describe('an answer that we are not bound', () => {
  test.each([0x03, 0x04, 0x05])('0x%s: binds again and sends again, no attempt counted', async (status) => {
    const rig = Rig.bound();
    script(rig, refuse(status));
    rig.enqueue('bulk', 'm');

    await rig.clock.passMs(3_000);

    expect(rig.wire.rebinds).toEqual([status]);
    expect(rig.sent).toEqual(['m', 'm']);
    expect(segmentsOf(rig, 'm')[0]).toMatchObject({ state: 'accepted', resends: 0 });
    expect(segmentsOf(rig, 'm')[0]).not.toHaveProperty('temporaryRefusals');
  });
});

describe('a submit that is never answered', () => {
  test.each<[Lane, number, string]>([
    ['otp', 2, 'unknown'],
    ['transactional', 2, 'unknown'],
    ['bulk', 1, 'unknown'],
  ])('in the %s lane goes over the wire %d times and then is %s', async (lane, times, status) => {
    const rig = Rig.bound();
    rig.wire.react = () => 'silence';
    rig.enqueue(lane, 'm', { expiresAt: CREATED_AT + 3_600_000 });

    await rig.clock.passMs(400_000);

    expect(rig.sent).toHaveLength(times);
    expect(rig.status('m')).toBe(status);
    expect(segmentsOf(rig, 'm')[0]?.state).toBe('unanswered');
    expect(rig.lanes.left).toEqual([]);
  });

  test('and is answered the second time is sent', async () => {
    const rig = Rig.bound();
    script(rig, 'silence');
    rig.enqueue('otp', 'm', { expiresAt: CREATED_AT + 3_600_000 });

    await rig.clock.passMs(70_000);

    expect(rig.sent).toEqual(['m', 'm']);
    expect(rig.status('m')).toBe('sent');
  });

  test('of a bulk message in parts is held while its other parts go on', async () => {
    const rig = Rig.bound();
    script(rig, 'silence');
    rig.enqueue('bulk', 'long', long);

    await rig.clock.passMs(70_000);

    expect(rig.sent).toEqual(['long', 'long/1', 'long/2']);
    expect(segmentsOf(rig, 'long').map(({ state }) => state)).toEqual(['unanswered', 'accepted', 'accepted']);
    expect(rig.status('long')).toBe('unknown');
  });

  test('whose answer comes late after all does not go again, if it still waits for its turn', async () => {
    const rig = Rig.bound();
    script(rig, 'silence', refuse(0x58));
    rig.enqueue('otp', 'm', { expiresAt: CREATED_AT + 3_600_000 });
    await rig.clock.passMs(60_100);
    expect(rig.sent).toEqual(['m', 'm']);

    await Promise.all([
      rig.outbound.answeredLate({ context: { messageId: 'msg_m', index: 0 }, commandStatus: 0, messageId: 'late' }),
      rig.clock.passMs(5_000),
    ]);

    expect(rig.sent).toHaveLength(2);
    expect(rig.status('m')).toBe('sent');
    expect(segmentsOf(rig, 'm')[0]?.mcMessageId).toBe('late');
    expect(rig.messages.segmentRows).toMatchObject([{ canonicalId: 'late', messageId: 'msg_m' }]);
    expect(rig.lanes.left).toEqual([]);
  });

  test('whose answer comes late is settled by it also when its message is out of our hands', async () => {
    const rig = Rig.bound();
    script(rig, 'silence');
    rig.enqueue('bulk', 'long', { segmentCount: 2, text: 'a'.repeat(200) });
    await rig.clock.passMs(70_000);
    expect(rig.status('long')).toBe('unknown');

    await Promise.all([
      rig.outbound.answeredLate({ context: { messageId: 'msg_long', index: 0 }, commandStatus: 0, messageId: 'late' }),
      rig.clock.passMs(100),
    ]);

    expect(segmentsOf(rig, 'long')[0]).toMatchObject({ state: 'accepted', mcMessageId: 'late' });
  });

  test('and is refused late leaves all as it was', async () => {
    const rig = Rig.bound();
    script(rig, 'silence');
    rig.enqueue('bulk', 'm');
    await rig.clock.passMs(70_000);
    const before = rig.messages.of('msg_m');

    await rig.outbound.answeredLate({ context: { messageId: 'msg_m', index: 0 }, commandStatus: 0x0b });

    expect(rig.messages.of('msg_m')).toEqual(before);
  });
});

describe('a message of which no submit can be made', () => {
  test('fails, and touches no other', async () => {
    const rig = Rig.bound();
    rig.enqueue('otp', 'broken', { text: 'ş', encoding: 'gsm7' });
    rig.enqueue('otp', 'sound');

    await rig.clock.passMs(500);

    expect(rig.sent).toEqual(['sound']);
    expect(rig.messages.of('msg_broken')).toMatchObject({ status: 'failed', error: { code: 'internal_error' } });
    expect(segmentsOf(rig, 'broken')[0]).not.toHaveProperty('commandStatus');
    expect(rig.lanes.left).toEqual([]);
  });

  test('ends as undelivered where a part of it has arrived', async () => {
    const rig = Rig.bound();
    rig.enqueue('otp', 'm', {
      status: 'sending',
      segments: [
        { state: 'accepted', resends: 0 },
        { state: 'waiting', resends: 0 },
      ],
    });

    await rig.clock.passMs(500);

    expect(rig.sent).toEqual([]);
    expect(rig.status('m')).toBe('undelivered');
    expect(rig.lanes.left).toEqual([]);
  });
});
