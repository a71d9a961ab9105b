import { describe, expect, test } from 'vitest';
import { polite, type Script, until } from '../../fixtures/scripted-peer.ts';
import { deliverBody, submitBody } from '../../fixtures/smpp-session.ts';
import { rig } from './rig.ts';

const bound = (state: { link: { status: { state: string } } }) => until(() => state.link.status.state === 'bound');
const deliver = { ...deliverBody, command: 'deliver_sm' } as const;

/** A peer that answers a submit_sm when it is told to. */
function answersHeld() {
  const held: (() => void)[] = [];
  const script: Script = (connection, pdu) => {
    if (pdu.command === 'submit_sm') held.push(() => polite(connection, pdu));
    else polite(connection, pdu);
  };
  return { held, script };
}

describe('a link', () => {
  test('binds with the credentials it reads, submits, hands on what comes, and says where it stands', async () => {
    const r = await rig();
    await bound(r);
    expect(r.peer.last.of('bind_transceiver')).toMatchObject([
      { systemId: 'esme', password: 'secret', interfaceVersion: 0x34 },
    ]);
    const outcome = await r.link.submit(submitBody, 'a');
    expect(outcome).toMatchObject({ kind: 'answered', commandStatus: 0, messageId: 'id-2' });
    r.peer.last.send(deliver, 70);
    await until(() => r.peer.last.of('deliver_sm_resp').length === 1);
    expect(r.peer.last.of('deliver_sm_resp')).toMatchObject([{ sequence: 70, status: 0 }]);
    expect(r.delivered[0]?.shortMessage.toString()).toBe('id:1 stat:DELIVRD');
    expect(r.statuses.map(({ state, canSubmit }) => `${state} ${canSubmit}`)).toEqual([
      'connecting false',
      'binding false',
      'bound true',
    ]);
    expect(r.link.counters).toMatchObject({
      written: { bind_transceiver: 1, submit_sm: 1, 'deliver_sm_resp 0x0': 1 },
      read: { 'bind_transceiver_resp 0x0': 1, 'submit_sm_resp 0x0': 1, deliver_sm: 1 },
      submits: { answered: 1 },
      unanswered: 0,
    });
  });

  test('reads the credentials again before each bind, so that a new secret needs no restart', async () => {
    const script: Script = (connection, pdu) => {
      if (pdu.command === 'bind_transceiver' && pdu.password === 'old') {
        return connection.send({ command: 'bind_transceiver_resp' }, pdu.sequence, 0x0e);
      }
      polite(connection, pdu);
    };
    const passwords = ['old', 'old', 'new'];
    const credentials = async () => ({ system_id: 'esme', password: passwords.shift() ?? 'new' });
    const r = await rig({ script, credentials, timeScale: 0.0001 });
    await bound(r);
    const waits = r.statuses.filter(({ state }) => state === 'waiting');
    expect(waits).toMatchObject([
      { reason: 'bind_refused', commandStatus: 0x0e, attempt: 1, alarm: true },
      { reason: 'bind_refused', commandStatus: 0x0e, attempt: 2, alarm: true },
    ]);
    expect(r.log.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
    expect(JSON.stringify(r.log.lines)).not.toContain('old');
  });

  test('waits and tries again while the secret cannot be read, or is never given', async () => {
    let reads = 0;
    const credentials = (): Promise<{ system_id: string; password: string }> => {
      reads += 1;
      if (reads === 1) return Promise.reject(Object.assign(new Error('no'), { code: 'AccessDenied' }));
      if (reads === 2) return new Promise(() => {});
      return Promise.resolve({ system_id: 'esme', password: 'secret' });
    };
    const r = await rig({ credentials, account: { timers: { connectMs: 50 } } });
    await bound(r);
    expect(r.statuses.filter(({ state }) => state === 'waiting')).toMatchObject([
      { reason: 'credentials_unavailable', detail: 'AccessDenied' },
      { reason: 'credentials_unavailable', detail: 'CREDENTIALS_OVERDUE' },
    ]);
    expect(r.peer.connections).toHaveLength(1);
  });

  test('tries until someone listens', async () => {
    const r = await rig();
    await bound(r);
    const { port } = r.peer;
    await r.peer.stop();
    await until(() => r.statuses.some(({ state, reason }) => state === 'waiting' && reason === 'connect_failed'));
    expect(r.statuses.findLast(({ state }) => state === 'waiting')?.detail).toBe('ECONNREFUSED');
    expect(r.link.submitReady()).toBe(0);
    expect(await r.link.submit(submitBody, 'a')).toEqual({ kind: 'not_sent', reason: 'not_bound' });
    expect(port).toBeGreaterThan(0);
  });

  test('gives up a bind that is never answered, and one that is closed in place of an answer', async () => {
    const script: Script = (connection, pdu) => {
      const nth = r.peer.connections.length;
      if (pdu.command === 'bind_transceiver' && nth === 1) return;
      if (pdu.command === 'bind_transceiver' && nth === 2) return void connection.socket.destroy();
      polite(connection, pdu);
    };
    const r = await rig({ script, account: { timers: { bindMs: 400 } } });
    await bound(r);
    expect(r.statuses.flatMap(({ reason }) => reason ?? [])).toEqual(['bind_timeout', 'peer_closed']);
  });

  test('comes back ever more slowly to a message centre that accepts each bind and closes', async () => {
    const script: Script = (connection, pdu) => {
      polite(connection, pdu);
      if (r.peer.connections.length < 5) connection.socket.end();
    };
    const r = await rig({ script, random: () => 0.9 });
    await until(() => r.peer.connections.length === 5);
    await bound(r);
    const attempts = r.statuses.filter(({ state }) => state === 'waiting').map(({ attempt }) => attempt);
    expect(attempts).toEqual([1, 2, 3, 4]);
  });

  test('answers the unbind of the message centre and binds again', async () => {
    const r = await rig();
    await bound(r);
    const first = r.peer.last;
    first.send({ command: 'unbind' }, 99);
    await until(() => r.peer.connections.length === 2);
    await bound(r);
    expect(first.of('unbind_resp')).toMatchObject([{ sequence: 99 }]);
    expect(r.link.counters.closed).toEqual({ peer_unbound: 1 });
  });

  test('replaces a session that its owner found to be no good, after the answers that are missing', async () => {
    const { held, script } = answersHeld();
    const r = await rig({ script });
    await bound(r);
    const outcome = r.link.submit(submitBody, 'a');
    await until(() => held.length === 1);
    r.link.rebind(0x04);
    r.link.rebind(0x04);
    expect(await r.link.submit(submitBody, 'b')).toEqual({ kind: 'not_sent', reason: 'closing' });
    held[0]?.();
    expect(await outcome).toMatchObject({ kind: 'answered' });
    await until(() => r.peer.connections.length === 2);
    await bound(r);
    expect(r.peer.connections[0]?.commands()).toEqual(['bind_transceiver', 'submit_sm', 'unbind']);
    expect(r.statuses.find(({ state }) => state === 'waiting')).toMatchObject({
      reason: 'rebind',
      commandStatus: 0x04,
      attempt: 1,
      alarm: false,
    });
    expect(r.link.counters.closed).toEqual({ rebind: 1 });
    r.peer.last.socket.destroy();
    await until(() => r.peer.connections.length === 3);
    expect(r.link.counters.closed).toMatchObject({ rebind: 1, peer_closed: 1 });
  });

  test.each([
    ['0x04', 0x04, false],
    ['0x05', 0x05, false],
    ['0x03, with an alarm and slowly', 0x03, true],
  ])('binds again after a submit that was answered with %s', async (_, commandStatus, alarm) => {
    const script: Script = (connection, pdu) => {
      if (pdu.command === 'submit_sm') connection.send({ command: 'submit_sm_resp' }, pdu.sequence, commandStatus);
      else polite(connection, pdu);
    };
    const r = await rig({ script, random: () => 0, timeScale: 0.005 });
    await bound(r);
    expect(await r.link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered', commandStatus });
    r.link.rebind(commandStatus);
    await until(() => r.statuses.some(({ state }) => state === 'waiting'));
    expect(r.statuses.find(({ state }) => state === 'waiting')).toMatchObject({
      reason: 'rebind',
      commandStatus,
      alarm,
      retryInMs: alarm ? 150 : 0,
    });
    await until(() => r.peer.connections.length === 2);
    await bound(r);
  });

  test('sends both bind types of a pair through one gate, and submits while the transmitter is bound', async () => {
    const r = await rig({ account: { bindType: 'transmitter+receiver' } });
    await bound(r);
    const types = r.peer.connections.flatMap((connection) => connection.commands()).toSorted();
    expect(types).toEqual(['bind_receiver', 'bind_transmitter']);
    const transmitter = r.peer.connections.find((connection) => connection.of('bind_transmitter').length > 0);
    const receiver = r.peer.connections.find((connection) => connection.of('bind_receiver').length > 0);
    await r.link.submit(submitBody, 'a');
    expect(transmitter?.of('submit_sm')).toHaveLength(1);
    receiver?.send(deliver, 5);
    await until(() => receiver?.of('deliver_sm_resp').length === 1);
    receiver?.socket.destroy();
    await until(() => r.link.status.state !== 'bound');
    expect(r.link.status.canSubmit).toBe(true);
    expect(await r.link.submit(submitBody, 'b')).toMatchObject({ kind: 'answered' });
    await bound(r);
    await r.link.close({ drainMs: 1_000 });
    expect(r.peer.connections.flatMap((connection) => connection.of('unbind'))).toHaveLength(2);
  });

  test('does not submit as a receiver', async () => {
    const r = await rig({ account: { bindType: 'receiver' } });
    await bound(r);
    expect(r.link.submitReady()).toBe(0);
    expect(r.link.status.canSubmit).toBe(false);
    expect(await r.link.submit(submitBody, 'a')).toEqual({ kind: 'not_sent', reason: 'not_bound' });
  });
});

describe('closing a link', () => {
  test('lets the window empty, unbinds, waits for the answer and ends', async () => {
    const { held, script } = answersHeld();
    const r = await rig({ script });
    await bound(r);
    const outcome = r.link.submit(submitBody, 'a');
    await until(() => held.length === 1);
    const closed = r.link.close({ drainMs: 5_000 });
    expect(await r.link.submit(submitBody, 'b')).toEqual({ kind: 'not_sent', reason: 'closing' });
    expect(r.peer.last.of('unbind')).toHaveLength(0);
    held[0]?.();
    await closed;
    expect(await outcome).toMatchObject({ kind: 'answered' });
    expect(r.peer.last.commands()).toEqual(['bind_transceiver', 'submit_sm', 'unbind']);
    expect(r.statuses.map(({ state }) => state)).toEqual(['connecting', 'binding', 'bound', 'unbinding', 'closed']);
    expect(r.peer.connections).toHaveLength(1);
  });

  test('is bounded however silent the message centre is', async () => {
    const script: Script = (connection, pdu) => {
      if (pdu.command === 'bind_transceiver') polite(connection, pdu);
    };
    const r = await rig({ script, settings: { unbindAnswerMs: 60, lingerMs: 40 } });
    await bound(r);
    const outcome = r.link.submit(submitBody, 'a');
    const startedAt = performance.now();
    await r.link.close({ drainMs: 100 });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(await outcome).toEqual({ kind: 'unknown', reason: 'link_lost' });
    expect(r.link.status).toMatchObject({ state: 'closed', reason: 'requested' });
  });

  test('ends a wait, a connection being made and one not begun', async () => {
    const refusing: Script = (connection, pdu) => {
      if (pdu.command === 'bind_transceiver') {
        connection.send({ command: 'bind_transceiver_resp' }, pdu.sequence, 0x05);
      }
    };
    const waiting = await rig({ script: refusing, timeScale: 1 });
    await until(() => waiting.link.status.state === 'waiting');
    await waiting.link.close({ drainMs: 1_000 });
    const reading = await rig({ credentials: () => new Promise(() => {}) });
    await reading.link.close({ drainMs: 1_000 });
    const silent = await rig({ script: () => {} });
    await until(() => silent.link.status.state === 'binding');
    await silent.link.close({ drainMs: 1_000 });
    for (const { link } of [waiting, reading, silent]) {
      expect(link.status.state).toBe('closed');
      await link.close({ drainMs: 1 });
    }
    expect(reading.peer.connections).toHaveLength(0);
  });

  test('destroying cuts the connection and settles what is unanswered', async () => {
    const script: Script = (connection, pdu) => {
      if (pdu.command === 'bind_transceiver') polite(connection, pdu);
    };
    const r = await rig({ script });
    await bound(r);
    const outcome = r.link.submit(submitBody, 'a');
    r.link.destroy();
    expect(await outcome).toEqual({ kind: 'unknown', reason: 'link_lost' });
    expect(r.link.status.state).toBe('closed');
    await until(() => r.peer.last.socket.destroyed);
    expect(r.peer.last.of('unbind')).toHaveLength(0);
  });
});

describe('what belongs to an earlier connection', () => {
  test('never reaches a later one: a handler that ends after the loss writes no answer to the next peer', async () => {
    const ends: (() => void)[] = [];
    const r = await rig({ handlers: { onDeliver: () => new Promise((resolve) => ends.push(() => resolve(0))) } });
    await bound(r);
    r.peer.last.send(deliver, 1);
    await until(() => ends.length === 1);
    r.peer.last.socket.destroy();
    await until(() => r.peer.connections.length === 2);
    await bound(r);
    ends[0]?.();
    await r.link.submit(submitBody, 'a');
    expect(r.peer.last.commands()).toEqual(['bind_transceiver', 'submit_sm']);
  });

  test('credentials that arrive after the link was closed open no connection', async () => {
    const given = Promise.withResolvers<{ system_id: string; password: string }>();
    const r = await rig({ credentials: () => given.promise });
    await r.link.close({ drainMs: 1 });
    given.resolve({ system_id: 'esme', password: 'secret' });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(r.peer.connections).toHaveLength(0);
    expect(r.link.status.state).toBe('closed');
  });
});
