import { describe, expect, test } from 'vitest';
import type { Link } from '../../../binder/session/link.ts';
import type { SubmitOutcome } from '../../../binder/session/session-events.ts';
import { encodePdu } from '../../../binder/smpp/encode.ts';
import { polite, type Script, until } from '../../fixtures/scripted-peer.ts';
import { deliverBody, submitBody } from '../../fixtures/smpp-session.ts';
import { rig } from './rig.ts';

const bound = (state: { link: { status: { state: string } } }) => until(() => state.link.status.state === 'bound');
const deliver = { ...deliverBody, command: 'deliver_sm' } as const;
const deliverFrame = (sequence: number): Buffer => encodePdu({ ...deliver, status: 0, sequence });

/** As polite, but submits are left to the test. */
const noSubmits: Script = (connection, pdu) => {
  if (pdu.command !== 'submit_sm') polite(connection, pdu);
};

/** Submits PDUs of 60 kB for as long as the socket takes any, and a while longer. */
async function fill(link: Link<string>): Promise<Promise<SubmitOutcome>[]> {
  const big = { ...submitBody, tlvs: [{ tag: 0x0424, value: Buffer.alloc(60_000) }] };
  const written: Promise<SubmitOutcome>[] = [];
  let fullSinceMs = performance.now();
  await until(() => {
    if (link.submitReady() > 0) fullSinceMs = performance.now();
    while (link.submitReady() > 0) written.push(link.submit(big, 'big'));
    return performance.now() - fullSinceMs > 100;
  });
  return written;
}

describe('a message centre that is slow or silent', () => {
  test('answers after the timeout: the answer is matched, the session stays', async () => {
    const r = await rig({ script: noSubmits, account: { timers: { submitAnswerMs: 60, enquireLinkAnswerMs: 5_000 } } });
    await bound(r);
    expect(await r.link.submit(submitBody, 'slow')).toEqual({ kind: 'unknown', reason: 'timeout' });
    const sequence = r.peer.last.of('submit_sm')[0]?.sequence ?? 0;
    r.peer.last.send({ command: 'submit_sm_resp', messageId: 'late' }, sequence);
    await until(() => r.late.length === 1);
    expect(r.late).toEqual([{ context: 'slow', commandStatus: 0, messageId: 'late' }]);
    expect(r.peer.connections).toHaveLength(1);
    expect(r.link.submitReady()).toBe(10);
  });

  test('answers out of order, twice, and with an unknown sequence number: each submit gets its own answer', async () => {
    const r = await rig({ script: noSubmits });
    await bound(r);
    const outcomes = ['a', 'b', 'c'].map((mark) => r.link.submit(submitBody, mark));
    await until(() => r.peer.last.of('submit_sm').length === 3);
    const sequences = r.peer.last.of('submit_sm').map(({ sequence }) => sequence);
    for (const sequence of [...sequences.toReversed(), ...sequences, 4_711]) {
      r.peer.last.send({ command: 'submit_sm_resp', messageId: `m${sequence}` }, sequence);
    }
    const ids = (await Promise.all(outcomes)).map((outcome) => outcome.kind === 'answered' && outcome.messageId);
    expect(ids).toEqual(sequences.map((sequence) => `m${sequence}`));
    await until(() => r.link.counters.notes['unmatched_answer'] === 4);
  });

  test('says nothing at all: the link is left and made anew', async () => {
    const script: Script = (connection, pdu) => {
      if (pdu.command === 'bind_transceiver') polite(connection, pdu);
    };
    const r = await rig({ script, account: { timers: { enquireLinkMs: 40, enquireLinkAnswerMs: 40 } } });
    await until(() => r.peer.connections.length === 2);
    expect(r.peer.connections[0]?.commands()).toEqual(['bind_transceiver', 'enquire_link']);
    expect(r.link.counters.closed).toMatchObject({ enquire_link_timeout: 1 });
  });

  test('answers enquire_link and no submit: the link is left and made anew', async () => {
    const timers = { enquireLinkMs: 20, enquireLinkAnswerMs: 80, submitAnswerMs: 60 };
    const r = await rig({ script: noSubmits, account: { timers } });
    await bound(r);
    expect(await r.link.submit(submitBody, 'a')).toEqual({ kind: 'unknown', reason: 'timeout' });
    expect(await r.link.submit(submitBody, 'b')).toEqual({ kind: 'not_sent', reason: 'blocked' });
    await until(() => r.peer.connections.length === 2);
    expect(r.link.counters.closed).toEqual({ submits_unanswered: 1 });
  });

  test('stops reading: submits are held back, memory stays bounded, and the link is left', async () => {
    const script: Script = (connection, pdu) => {
      polite(connection, pdu);
      if (pdu.command === 'bind_transceiver') connection.socket.pause();
    };
    const r = await rig({ script, account: { submitWindow: 100 }, settings: { writeStallMs: 400 } });
    await bound(r);
    const written = await fill(r.link);
    // The kernel takes some megabytes; what the socket did not take was never written.
    expect(written.length).toBeLessThan(100);
    await until(() => r.link.counters.closed['peer_not_reading'] === 1);
    for (const outcome of await Promise.all(written)) expect(outcome).toEqual({ kind: 'unknown', reason: 'link_lost' });
  });

  test('reads again in time: nothing is lost', async () => {
    const script: Script = (connection, pdu) => {
      polite(connection, pdu);
      if (pdu.command === 'bind_transceiver') connection.socket.pause();
    };
    const r = await rig({ script, account: { submitWindow: 100 }, settings: { writeStallMs: 5_000 } });
    await bound(r);
    const written = await fill(r.link);
    expect(written.length).toBeLessThan(100);
    r.peer.last.socket.resume();
    for (const outcome of await Promise.all(written)) expect(outcome.kind).toBe('answered');
    expect(r.link.submitReady()).toBe(100);
    expect(r.peer.connections).toHaveLength(1);
  });
});

describe('a message centre that writes oddly', () => {
  test('one octet a write', async () => {
    const script: Script = (connection, pdu) => {
      if (pdu.command !== 'bind_transceiver' && pdu.command !== 'submit_sm') return;
      const body =
        pdu.command === 'submit_sm'
          ? ({ command: 'submit_sm_resp', messageId: 'slow-id' } as const)
          : ({ command: 'bind_transceiver_resp', systemId: 'MC' } as const);
      for (const octet of encodePdu({ ...body, status: 0, sequence: pdu.sequence })) {
        connection.socket.write(Buffer.of(octet));
      }
    };
    const r = await rig({ script });
    await bound(r);
    expect(await r.link.submit(submitBody, 'a')).toMatchObject({ messageId: 'slow-id' });
  });

  test('receipts ahead of the bind answer, and ahead of the submit answer in the same segment', async () => {
    const script: Script = (connection, pdu) => {
      if (pdu.command === 'bind_transceiver') {
        const answer = { command: 'bind_transceiver_resp', systemId: 'MC', status: 0, sequence: pdu.sequence } as const;
        connection.socket.write(Buffer.concat([deliverFrame(1), encodePdu(answer), deliverFrame(2)]));
      } else if (pdu.command === 'submit_sm') {
        const answer = { command: 'submit_sm_resp', messageId: 'x', status: 0, sequence: pdu.sequence } as const;
        connection.socket.write(Buffer.concat([deliverFrame(3), encodePdu(answer), deliverFrame(4)]));
      }
    };
    const r = await rig({ script });
    await bound(r);
    expect(await r.link.submit(submitBody, 'a')).toMatchObject({ messageId: 'x' });
    await until(() => r.peer.last.of('deliver_sm_resp').length === 4);
    expect(r.delivered.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  });

  test.each([0, 4, 10, 15, 2 ** 31, 2 ** 32 - 1])(
    'a length of %i: generic_nack 0x02, and a new connection',
    async (length) => {
      const r = await rig();
      await bound(r);
      const first = r.peer.last;
      const header = Buffer.alloc(16);
      header.writeUInt32BE(length, 0);
      first.socket.write(header);
      await until(() => r.peer.connections.length === 2);
      await bound(r);
      expect(first.of('generic_nack')).toMatchObject([{ status: 0x02, sequence: 0 }]);
      expect(await r.link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered' });
    },
  );

  test('a length that is one too many puts the stream out of step: the link is made anew', async () => {
    const r = await rig({ account: { timers: { enquireLinkMs: 40, enquireLinkAnswerMs: 40 } } });
    await bound(r);
    const frame = deliverFrame(1);
    frame.writeUInt32BE(frame.length + 1, 0);
    // Its missing octet is taken from the next PDU, whose rest then says that 4,096 octets follow.
    r.peer.last.socket.write(frame);
    r.peer.last.send({ command: 'enquire_link' }, 2);
    await until(() => r.peer.connections.length === 2);
    await bound(r);
    expect(r.link.counters).toMatchObject({ malformed: { deliver_sm: 1 }, closed: { enquire_link_timeout: 1 } });
    expect(await r.link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered' });
  });

  test('a reset in the middle of a PDU: what was unanswered is lost, and the next connection starts clean', async () => {
    const script: Script = (connection, pdu) => {
      if (pdu.command === 'submit_sm' && r.peer.connections.length === 1) {
        connection.socket.write(deliverFrame(1).subarray(0, 20), () => connection.socket.resetAndDestroy());
      } else polite(connection, pdu);
    };
    const r = await rig({ script });
    await bound(r);
    expect(await r.link.submit(submitBody, 'a')).toEqual({ kind: 'unknown', reason: 'link_lost' });
    await until(() => r.peer.connections.length === 2);
    await bound(r);
    expect(await r.link.submit(submitBody, 'b')).toMatchObject({ kind: 'answered' });
    expect(r.link.counters.closed).toEqual({ connection_lost: 1 });
  });

  test('a truncated body, an unknown command: answered, counted, logged without the number or the text, and survived', async () => {
    const r = await rig();
    await bound(r);
    const whole = deliverFrame(21);
    const cutOff = Buffer.from(whole.subarray(0, whole.length - 3));
    cutOff.writeUInt32BE(cutOff.length, 0);
    const unknown = Buffer.alloc(16);
    unknown.writeUInt32BE(16, 0);
    unknown.writeUInt32BE(0x102, 4);
    unknown.writeUInt32BE(22, 12);
    r.peer.last.socket.write(Buffer.concat([cutOff, unknown]));
    expect(await r.link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered' });
    expect(r.peer.last.of('deliver_sm_resp')).toMatchObject([{ status: 0x65, sequence: 21 }]);
    expect(r.peer.last.of('generic_nack')).toMatchObject([{ status: 0x03, sequence: 22 }]);
    expect(r.link.counters).toMatchObject({ malformed: { deliver_sm: 1 }, unknownCommands: 1 });
    const log = JSON.stringify(r.log.lines);
    for (const secret of ['09170000001', 'DELIVRD']) {
      expect(log).not.toContain(secret);
      expect(log).not.toContain(Buffer.from(secret).toString('hex'));
    }
  });

  test('rubbish without end: the log does not grow with it', async () => {
    const r = await rig();
    await bound(r);
    const unknown = Buffer.alloc(16);
    unknown.writeUInt32BE(16, 0);
    unknown.writeUInt32BE(0x80000777, 4);
    r.peer.last.socket.write(Buffer.concat(Array<Buffer>(5_000).fill(unknown)));
    await until(() => r.link.counters.unknownCommands === 5_000);
    expect(r.log.lines.filter(({ level }) => level === 'warn')).toHaveLength(20);
    expect(await r.link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered' });
  });
});

describe('handlers of ours', () => {
  test('that throw, reject or answer nonsense do not stop the reader: the message centre is told to send again', async () => {
    let calls = 0;
    const onDeliver = (): Promise<number> => {
      calls += 1;
      if (calls === 1) throw new Error('thrown');
      return calls === 2 ? Promise.reject(new Error('rejected')) : Promise.resolve(calls === 3 ? Number.NaN : 0);
    };
    const thrower = (): void => {
      throw new Error('thrown');
    };
    const r = await rig({ handlers: { onDeliver, onStatus: thrower, onLateAnswer: thrower } });
    await bound(r);
    for (const sequence of [1, 2, 3, 4]) r.peer.last.send(deliver, sequence);
    await until(() => r.peer.last.of('deliver_sm_resp').length === 4);
    const statuses = r.peer.last.of('deliver_sm_resp').toSorted((a, b) => a.sequence - b.sequence);
    expect(statuses.map(({ status }) => status)).toEqual([0x64, 0x64, 0x64, 0]);
    expect(await r.link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered' });
    expect(r.link.counters.handlerFaults).toBe(5);
  });

  test('that throw at a late answer do not stop the reader either', async () => {
    const onLateAnswer = (): void => {
      throw new Error('thrown');
    };
    const timers = { submitAnswerMs: 60, enquireLinkAnswerMs: 5_000 };
    const r = await rig({ script: noSubmits, account: { timers }, handlers: { onLateAnswer } });
    await bound(r);
    await r.link.submit(submitBody, 'slow');
    const sequence = r.peer.last.of('submit_sm')[0]?.sequence ?? 0;
    const answer = encodePdu({ command: 'submit_sm_resp', messageId: 'late', status: 0, sequence });
    r.peer.last.socket.write(Buffer.concat([answer, deliverFrame(8)]));
    await until(() => r.peer.last.of('deliver_sm_resp').length === 1);
    expect(r.link.counters).toMatchObject({ lateAnswers: 1, handlerFaults: 1 });
  });

  test('that never end are answered for, and the reader goes on', async () => {
    const onDeliver = () => new Promise<number>(() => {});
    const r = await rig({ handlers: { onDeliver }, settings: { deliverAnswerMs: 50, deliverWindow: 2 } });
    await bound(r);
    for (let sequence = 1; sequence <= 5; sequence += 1) r.peer.last.send(deliver, sequence);
    expect(await r.link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered' });
    await until(() => r.peer.last.of('deliver_sm_resp').length === 5);
    expect(r.peer.last.of('deliver_sm_resp').map(({ status }) => status)).toEqual(Array(5).fill(0x64));
  });

  test('work on no more than a hundred at a time in a storm of receipts, and every one is answered', async () => {
    let inHand = 0;
    let most = 0;
    const onDeliver = async (): Promise<number> => {
      inHand += 1;
      most = Math.max(most, inHand);
      await new Promise((resolve) => setTimeout(resolve, 2));
      inHand -= 1;
      return 0;
    };
    const r = await rig({ handlers: { onDeliver } });
    await bound(r);
    const storm = Array.from({ length: 5_000 }, (_, i) => deliverFrame(i + 1));
    r.peer.last.socket.write(Buffer.concat(storm));
    const outcomes = await Promise.all(['a', 'b', 'c'].map((mark) => r.link.submit(submitBody, mark)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['answered', 'answered', 'answered']);
    await until(() => r.peer.last.of('deliver_sm_resp').length === 5_000, 10_000);
    expect(most).toBe(100);
    const answered = r.peer.last.of('deliver_sm_resp').map(({ sequence }) => sequence);
    expect(new Set(answered).size).toBe(5_000);
  });

  test('may submit from within a status, and a submit that cannot be encoded was not sent', async () => {
    const outcomes: Promise<SubmitOutcome>[] = [];
    const r = await rig({
      handlers: {
        onStatus: ({ state }) => {
          if (state !== 'bound') return;
          outcomes.push(r.link.submit(submitBody, 'a'));
          outcomes.push(r.link.submit({ ...submitBody, shortMessage: Buffer.alloc(255) }, 'b'));
        },
      },
    });
    await until(() => outcomes.length === 2);
    expect(await Promise.all(outcomes)).toMatchObject([
      { kind: 'answered' },
      { kind: 'not_sent', reason: 'not_encodable' },
    ]);
  });
});
