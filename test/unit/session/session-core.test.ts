import { describe, expect, test } from 'vitest';
import { bindPdu, deliverBody, submitBody } from '../../fixtures/smpp-session.ts';
import { Core, settled, written } from './core.ts';

describe('from closed to bound', () => {
  test('the bind is written when the connection stands, and only its answer makes the session bound', () => {
    const core = new Core();
    expect(core.send({ kind: 'start', bind: bindPdu })).toEqual([{ kind: 'connect' }]);
    expect(core.phase).toBe('connecting');
    expect(written(core.send({ kind: 'connected' }))).toEqual([{ ...bindPdu, status: 0, sequence: 1 }]);
    expect(core.phase).toBe('binding');
    core.receive({ command: 'bind_transceiver_resp', systemId: 'MC' }, 1);
    expect(core.phase).toBe('bound');
  });

  test('a connection that does not come about in its time is given up', () => {
    const core = new Core({ connectMs: 10_000 });
    core.send({ kind: 'start', bind: bindPdu });
    expect(core.passMs(9_999)).toEqual([]);
    expect(core.passMs(1)).toEqual([{ kind: 'destroy' }]);
    expect(core.state.phase).toEqual({ name: 'closed', reason: { reason: 'connect_timeout' } });
  });

  test('a bind that is never answered is given up', () => {
    const core = new Core({ bindMs: 10_000 });
    core.send({ kind: 'start', bind: bindPdu });
    core.send({ kind: 'connected' });
    core.passMs(10_000);
    expect(core.state.phase).toEqual({ name: 'closed', reason: { reason: 'bind_timeout' } });
  });

  test.each([0x05, 0x0d, 0x0e, 0x58, 0x400])('a bind answered with 0x%s is not a bind', (status) => {
    const core = new Core();
    core.send({ kind: 'start', bind: bindPdu });
    core.send({ kind: 'connected' });
    expect(core.receive({ command: 'bind_transceiver_resp' }, 1, status)).toEqual([{ kind: 'end' }]);
    expect(core.state.phase).toMatchObject({ name: 'open', reason: { reason: 'bind_refused', commandStatus: status } });
  });

  test('the answer to another sequence number or of another bind type does not bind', () => {
    const core = new Core();
    core.send({ kind: 'start', bind: bindPdu });
    core.send({ kind: 'connected' });
    core.receive({ command: 'bind_transceiver_resp', systemId: 'MC' }, 7);
    expect(core.phase).toBe('binding');
    core.receive({ command: 'bind_receiver_resp', systemId: 'MC' }, 1);
    expect(core.state.phase).toMatchObject({ name: 'open', reason: { reason: 'bind_mismatched' } });
  });

  test('a generic_nack to the bind refuses it', () => {
    const core = new Core();
    core.send({ kind: 'start', bind: bindPdu });
    core.send({ kind: 'connected' });
    core.receive({ command: 'generic_nack' }, 1, 0x03);
    expect(core.state.phase).toMatchObject({ reason: { reason: 'bind_refused', commandStatus: 0x03 } });
  });

  test('an accepted bind whose body does not parse is accepted', () => {
    const core = new Core();
    core.send({ kind: 'start', bind: bindPdu });
    core.send({ kind: 'connected' });
    const command = 'bind_transceiver_resp' as const;
    const commandId = 0x80000009;
    const inbound = { kind: 'malformed', command, commandId, sequence: 1, status: 0, reason: 'no NUL' } as const;
    core.send({ kind: 'inbound', inbound });
    expect(core.phase).toBe('bound');
  });

  test('a deliver_sm that overtakes the bind answer is handed on and answered', () => {
    const core = new Core();
    core.send({ kind: 'start', bind: bindPdu });
    core.send({ kind: 'connected' });
    expect(core.deliver(900)).toMatchObject([{ kind: 'deliver', ticket: 1 }]);
    expect(written(core.send({ kind: 'delivered', ticket: 1, status: 0 }))).toEqual([
      { command: 'deliver_sm_resp', status: 0, sequence: 900 },
    ]);
  });
});

describe('submits', () => {
  test('are written with rising sequence numbers and end with their answers, in whatever order these come', () => {
    const core = Core.bound();
    const [a, b] = [core.submit('a'), core.submit('b')];
    expect(b).toBe(a + 1);
    core.nowMs += 40;
    const answers = [
      ...core.receive({ command: 'submit_sm_resp', messageId: 'B' }, b),
      ...core.receive({ command: 'submit_sm_resp', messageId: 'A' }, a),
    ];
    expect(settled(answers)).toEqual([
      ['b', { kind: 'answered', commandStatus: 0, messageId: 'B', answeredInMs: 40 }],
      ['a', { kind: 'answered', commandStatus: 0, messageId: 'A', answeredInMs: 40 }],
    ]);
  });

  test('an error answer without a body and an OK without an id are answers', () => {
    const core = Core.bound();
    const [a, b] = [core.submit('a'), core.submit('b')];
    expect(settled(core.receive({ command: 'submit_sm_resp' }, a, 0x58))).toMatchObject([
      ['a', { commandStatus: 0x58 }],
    ]);
    expect(settled(core.receive({ command: 'submit_sm_resp' }, b))).toEqual([
      ['b', { kind: 'answered', commandStatus: 0, answeredInMs: 0 }],
    ]);
  });

  test('an answer whose body does not parse still answers, by its header', () => {
    const core = Core.bound();
    const sequence = core.submit('a');
    const command = 'submit_sm_resp' as const;
    const commandId = 0x80000004;
    const malformed = { kind: 'malformed', command, commandId, sequence, status: 0, reason: 'no NUL' } as const;
    expect(settled(core.send({ kind: 'inbound', inbound: malformed }))).toMatchObject([
      ['a', { kind: 'answered', commandStatus: 0 }],
    ]);
  });

  test('a generic_nack is an error answer, even with status 0', () => {
    const core = Core.bound();
    const [a, b] = [core.submit('a'), core.submit('b')];
    expect(settled(core.receive({ command: 'generic_nack' }, a, 0x03))).toMatchObject([['a', { commandStatus: 0x03 }]]);
    expect(settled(core.receive({ command: 'generic_nack' }, b, 0))).toMatchObject([['b', { commandStatus: 0xff }]]);
  });

  test('a second answer and one to an unknown sequence number change nothing', () => {
    const core = Core.bound();
    const sequence = core.submit('a');
    core.receive({ command: 'submit_sm_resp', messageId: 'A' }, sequence);
    const note = [{ kind: 'note', note: 'unmatched_answer' }];
    expect(core.receive({ command: 'submit_sm_resp', messageId: 'A' }, sequence)).toEqual(note);
    expect(core.receive({ command: 'submit_sm_resp', messageId: 'A' }, 4_711)).toEqual(note);
  });

  test('no more are written than the window holds', () => {
    const core = Core.bound({ submitWindow: 2 });
    core.submit('a');
    core.submit('b');
    const refused = core.send({ kind: 'submit', pdu: submitBody, request: 'c' });
    expect(written(refused)).toEqual([]);
    expect(settled(refused)).toEqual([['c', { kind: 'not_sent', reason: 'window_full' }]]);
  });

  test('are not written before the bind answer, nor on a receiver', () => {
    const core = new Core();
    core.send({ kind: 'start', bind: bindPdu });
    core.send({ kind: 'connected' });
    core.submit('early');
    const receiver = Core.bound({ bindType: 'receiver' });
    receiver.submit('receiver');
    for (const effects of [core.effects, receiver.effects]) {
      expect(effects).toMatchObject([{ kind: 'settle', outcome: { kind: 'not_sent', reason: 'not_bound' } }]);
    }
  });

  test('one that cannot be encoded was not sent and takes no place in the window', () => {
    const core = Core.bound({ submitWindow: 1 });
    const sequence = core.submit('a');
    expect(settled(core.send({ kind: 'unwritable', sequence }))).toEqual([
      ['a', { kind: 'not_sent', reason: 'not_encodable' }],
    ]);
    core.submit('b');
    expect(written(core.effects)).toHaveLength(1);
  });

  test('what is unanswered when the link dies is lost with it, each once', () => {
    const core = Core.bound();
    core.submit('a');
    core.submit('b');
    const effects = core.send({ kind: 'disconnected', reason: { reason: 'connection_lost', detail: 'ECONNRESET' } });
    const lost = { kind: 'unknown', reason: 'link_lost' };
    expect(settled(effects)).toEqual([
      ['a', lost],
      ['b', lost],
    ]);
    expect(core.send({ kind: 'disconnected', reason: { reason: 'peer_closed' } })).toEqual([]);
    expect(core.state.phase).toMatchObject({ reason: { detail: 'ECONNRESET' } });
  });
});

describe('submits without an answer', () => {
  test('time out one by one while others are answered, and the session goes on', () => {
    const core = Core.bound({ submitAnswerMs: 60_000, enquireLinkMs: 600_000 });
    core.submit('lost');
    core.passMs(100);
    core.receive({ command: 'submit_sm_resp', messageId: 'B' }, core.submit('b'));
    core.passMs(1);
    expect(settled(core.passMs(59_899))).toEqual([['lost', { kind: 'unknown', reason: 'timeout' }]]);
    expect(core.phase).toBe('bound');
    core.submit('c');
    expect(written(core.effects)).toHaveLength(1);
  });

  test('an answer after its time is matched to its request', () => {
    const core = Core.bound({ submitAnswerMs: 60_000, enquireLinkAnswerMs: 10_000, enquireLinkMs: 600_000 });
    const sequence = core.submit('late');
    core.passMs(65_000);
    expect(core.receive({ command: 'submit_sm_resp', messageId: 'L' }, sequence)).toEqual([
      { kind: 'late_answer', request: 'late', commandStatus: 0, messageId: 'L' },
    ]);
    expect(core.receive({ command: 'submit_sm_resp', messageId: 'L' }, sequence)).toMatchObject([{ kind: 'note' }]);
  });

  test('a link that answers enquire_link but no submit is left, after a while of listening without sending', () => {
    const core = Core.bound({ submitAnswerMs: 60_000, enquireLinkAnswerMs: 10_000, enquireLinkMs: 5_000 });
    core.submit('a');
    for (let elapsedMs = 0; elapsedMs < 62_000; elapsedMs += 1_000) {
      for (const { command, sequence } of written(core.passMs(1_000))) {
        if (command === 'enquire_link') core.receive({ command: 'enquire_link_resp' }, sequence);
      }
    }
    core.submit('b');
    expect(core.effects).toMatchObject([{ outcome: { kind: 'not_sent', reason: 'blocked' } }]);
    core.receive({ command: 'enquire_link' }, 5);
    core.passMs(8_000);
    expect(core.state.phase).toEqual({ name: 'closed', reason: { reason: 'submits_unanswered' } });
  });

  test('a late answer lifts the suspicion, and submits go on', () => {
    const core = Core.bound({ submitAnswerMs: 60_000, enquireLinkAnswerMs: 10_000, enquireLinkMs: 600_000 });
    const sequence = core.submit('a');
    core.passMs(62_000);
    core.receive({ command: 'submit_sm_resp', messageId: 'A' }, sequence);
    core.submit('b');
    expect(written(core.effects)).toHaveLength(1);
    core.passMs(20_000);
    expect(core.phase).toBe('bound');
  });
});

describe('signs of life', () => {
  test('enquire_link goes out after silence, and silence after it ends the session', () => {
    const core = Core.bound({ enquireLinkMs: 30_000, enquireLinkAnswerMs: 10_000 });
    expect(core.passMs(29_999)).toEqual([]);
    expect(written(core.passMs(1))).toMatchObject([{ command: 'enquire_link' }]);
    core.passMs(9_999);
    expect(core.phase).toBe('bound');
    core.passMs(1);
    expect(core.state.phase).toEqual({ name: 'closed', reason: { reason: 'enquire_link_timeout' } });
  });

  test.each([
    ['its answer', { kind: 'pdu', pdu: { command: 'enquire_link_resp', status: 0, sequence: 2 } }],
    ['any other PDU', { kind: 'pdu', pdu: { ...deliverBody, command: 'deliver_sm', status: 0, sequence: 9 } }],
    ['a PDU that is not known', { kind: 'unknown_command', commandId: 0x102, sequence: 3 }],
  ] as const)('%s is a sign of life', (_, inbound) => {
    const core = Core.bound({ enquireLinkMs: 30_000, enquireLinkAnswerMs: 10_000, deliverAnswerMs: 1_000_000 });
    core.passMs(35_000);
    core.send({ kind: 'inbound', inbound });
    expect(written(core.passMs(29_999))).toEqual([]);
    expect(core.phase).toBe('bound');
    expect(written(core.passMs(1))).toMatchObject([{ command: 'enquire_link' }]);
  });

  test('a busy session never asks', () => {
    const core = Core.bound({ enquireLinkMs: 30_000 });
    for (let i = 0; i < 10; i += 1) {
      core.passMs(29_000);
      core.receive({ command: 'enquire_link' }, i + 1);
    }
    const commands = written(core.history).map(({ command }) => command);
    expect(commands.filter((command) => command === 'enquire_link')).toEqual([]);
    expect(commands.filter((command) => command === 'enquire_link_resp')).toHaveLength(10);
  });
});

describe('what the peer asks for', () => {
  test("enquire_link and unbind are answered with the peer's sequence number; after unbind the connection ends", () => {
    const core = Core.bound();
    expect(written(core.receive({ command: 'enquire_link' }, 77))).toEqual([
      { command: 'enquire_link_resp', status: 0, sequence: 77 },
    ]);
    const effects = core.receive({ command: 'unbind' }, 78);
    expect(effects).toEqual([
      { kind: 'write', pdu: { command: 'unbind_resp', status: 0, sequence: 78 } },
      { kind: 'end' },
    ]);
    expect(core.state.phase).toMatchObject({ name: 'open', reason: { reason: 'peer_unbound' } });
  });

  test('an answer that comes behind the unbind still counts; what has none by the end is lost', () => {
    const core = Core.bound({ lingerMs: 1_000 });
    const sequence = core.submit('a');
    core.submit('b');
    core.receive({ command: 'unbind' }, 78);
    expect(settled(core.receive({ command: 'submit_sm_resp', messageId: 'A' }, sequence))).toMatchObject([
      ['a', { kind: 'answered' }],
    ]);
    expect(settled(core.passMs(1_000))).toEqual([['b', { kind: 'unknown', reason: 'link_lost' }]]);
    expect(core.state.phase).toEqual({ name: 'closed', reason: { reason: 'peer_unbound' } });
  });

  test('an unknown command and one that an ESME does not take are refused with generic_nack 0x03', () => {
    const core = Core.bound();
    const nack = (sequence: number) => [{ command: 'generic_nack', status: 0x03, sequence }];
    const inbound = { kind: 'unknown_command', commandId: 0x102, sequence: 5 } as const;
    expect(written(core.send({ kind: 'inbound', inbound }))).toEqual(nack(5));
    expect(written(core.receive({ ...submitBody, command: 'submit_sm' }, 6))).toEqual(nack(6));
    expect(written(core.receive(bindPdu, 7))).toEqual(nack(7));
  });

  test('an unknown answer and an outbind are not answered', () => {
    const core = Core.bound();
    const inbound = { kind: 'unknown_command', commandId: 0x80000103, sequence: 5 } as const;
    expect(written(core.send({ kind: 'inbound', inbound }))).toEqual([]);
    expect(written(core.receive({ command: 'outbind', systemId: 'MC', password: 'x' }, 6))).toEqual([]);
    expect(core.phase).toBe('bound');
  });

  test('an impossible length is refused with generic_nack 0x02, and the connection ends', () => {
    const core = Core.bound();
    const effects = core.send({ kind: 'inbound', inbound: { kind: 'bad_length', length: 4 } });
    expect(effects).toEqual([
      { kind: 'write', pdu: { command: 'generic_nack', status: 0x02, sequence: 0 } },
      { kind: 'end' },
    ]);
    expect(core.state.phase).toMatchObject({ reason: { reason: 'bad_length', detail: '4' } });
  });
});

describe('deliver_sm', () => {
  test('is answered with what its handler said, however late and in whatever order', () => {
    const core = Core.bound();
    core.deliver(10);
    core.deliver(11);
    expect(written(core.send({ kind: 'delivered', ticket: 2, status: 0x64 }))).toEqual([
      { command: 'deliver_sm_resp', status: 0x64, sequence: 11 },
    ]);
    expect(written(core.send({ kind: 'delivered', ticket: 1, status: 0 }))).toEqual([
      { command: 'deliver_sm_resp', status: 0, sequence: 10 },
    ]);
    expect(core.send({ kind: 'delivered', ticket: 1, status: 0 })).toEqual([]);
  });

  test('two with one sequence number are two', () => {
    const core = Core.bound();
    core.deliver(10);
    core.deliver(10);
    core.send({ kind: 'delivered', ticket: 1, status: 0 });
    expect(written(core.send({ kind: 'delivered', ticket: 2, status: 0 }))).toHaveLength(1);
  });

  test('one that does not parse is answered with an error, and the session goes on', () => {
    const core = Core.bound();
    const command = 'deliver_sm' as const;
    const inbound = { kind: 'malformed', command, commandId: 5, sequence: 12, status: 0, reason: 'short' } as const;
    expect(written(core.send({ kind: 'inbound', inbound }))).toEqual([
      { command: 'deliver_sm_resp', status: 0x65, sequence: 12 },
    ]);
    expect(core.phase).toBe('bound');
  });

  test('a handler that takes too long is answered for with a temporary error, once', () => {
    const core = Core.bound({ deliverAnswerMs: 10_000 });
    core.deliver(10);
    expect(written(core.passMs(10_000))).toEqual([{ command: 'deliver_sm_resp', status: 0x64, sequence: 10 }]);
    expect(core.send({ kind: 'delivered', ticket: 1, status: 0 })).toEqual([]);
  });

  test('with as many in hand as are allowed nothing more is read, until one is done', () => {
    const core = Core.bound({ deliverWindow: 2 });
    core.deliver(1);
    expect(core.deliver(2)).toMatchObject([{ kind: 'deliver' }, { kind: 'pause_reading' }]);
    expect(core.send({ kind: 'delivered', ticket: 1, status: 0 })).toMatchObject([
      { kind: 'write' },
      { kind: 'resume_reading' },
    ]);
  });

  test('answers that lie unread in our own buffers are not held against the peer', () => {
    const core = Core.bound({
      deliverWindow: 1,
      deliverAnswerMs: 100_000,
      submitAnswerMs: 60_000,
      enquireLinkMs: 30_000,
      enquireLinkAnswerMs: 10_000,
    });
    core.submit('a');
    core.passMs(20_000);
    core.deliver(1);
    expect(core.passMs(90_000)).toEqual([]);
    core.send({ kind: 'delivered', ticket: 1, status: 0 });
    expect(settled(core.passMs(29_999))).toEqual([]);
    core.receive({ command: 'enquire_link' }, 2);
    expect(settled(core.passMs(10_001))).toEqual([['a', { kind: 'unknown', reason: 'timeout' }]]);
  });
});

describe('back-pressure', () => {
  test('while the socket is full nothing is submitted and nothing read', () => {
    const core = Core.bound();
    expect(core.send({ kind: 'write_blocked' })).toEqual([{ kind: 'pause_reading' }]);
    core.submit('a');
    expect(core.effects).toMatchObject([{ outcome: { kind: 'not_sent', reason: 'blocked' } }]);
    expect(core.send({ kind: 'write_drained' })).toEqual([{ kind: 'resume_reading' }]);
    core.submit('b');
    expect(written(core.effects)).toHaveLength(1);
  });

  test('a peer that has stopped reading is left', () => {
    const core = Core.bound({ writeStallMs: 10_000 });
    core.send({ kind: 'write_blocked' });
    core.passMs(9_999);
    expect(core.phase).toBe('bound');
    core.passMs(1);
    expect(core.state.phase).toEqual({ name: 'closed', reason: { reason: 'peer_not_reading' } });
  });
});

describe('closing', () => {
  test('takes no more submits, waits for the window, unbinds and waits for the answer', () => {
    const core = Core.bound();
    const sequence = core.submit('a');
    expect(core.send({ kind: 'close', drainMs: 5_000 })).toEqual([]);
    core.submit('b');
    expect(core.effects).toMatchObject([{ outcome: { kind: 'not_sent', reason: 'closing' } }]);
    const effects = core.receive({ command: 'submit_sm_resp', messageId: 'A' }, sequence);
    expect(effects).toMatchObject([
      { kind: 'settle', request: 'a' },
      { kind: 'write', pdu: { command: 'unbind' } },
    ]);
    expect(core.receive({ command: 'unbind_resp' }, core.sequence)).toEqual([{ kind: 'end' }]);
    core.send({ kind: 'disconnected', reason: { reason: 'peer_closed' } });
    expect(core.state.phase).toEqual({ name: 'closed', reason: { reason: 'requested' } });
  });

  test('waits for the window no longer than it is allowed to, and for nothing longer than its time', () => {
    const core = Core.bound({ unbindAnswerMs: 2_000, lingerMs: 1_000 });
    core.submit('a');
    core.send({ kind: 'close', drainMs: 5_000 });
    expect(written(core.passMs(5_000))).toMatchObject([{ command: 'unbind' }]);
    expect(core.passMs(2_000)).toEqual([{ kind: 'end' }]);
    expect(settled(core.passMs(1_000))).toEqual([['a', { kind: 'unknown', reason: 'link_lost' }]]);
    expect(core.state.phase).toEqual({ name: 'closed', reason: { reason: 'requested' } });
  });

  test('deliver_sm are answered until the unbind is', () => {
    const core = Core.bound();
    core.deliver(1);
    core.send({ kind: 'close', drainMs: 5_000 });
    expect(core.phase).toBe('unbinding');
    core.deliver(2);
    core.send({ kind: 'delivered', ticket: 1, status: 0 });
    expect(written(core.send({ kind: 'delivered', ticket: 2, status: 0 }))).toHaveLength(1);
    core.receive({ command: 'unbind_resp' }, core.sequence);
    expect(core.deliver(3)).toEqual([]);
  });

  test('both sides unbinding at once end in peace', () => {
    const core = Core.bound();
    core.send({ kind: 'close', drainMs: 0 });
    expect(written(core.receive({ command: 'unbind' }, 5))).toMatchObject([{ command: 'unbind_resp' }]);
    expect(core.phase).toBe('unbinding');
    core.receive({ command: 'unbind_resp' }, core.sequence);
    expect(core.phase).toBe('open');
  });

  test('destroying cuts at once and loses what is unanswered', () => {
    const core = Core.bound();
    core.submit('a');
    const effects = core.send({ kind: 'destroy' });
    expect(effects[0]).toEqual({ kind: 'destroy' });
    expect(settled(effects)).toHaveLength(1);
    expect(core.phase).toBe('closed');
  });
});
