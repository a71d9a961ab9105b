import { expect, test } from 'vitest';
import { systemClock } from '../../../binder/session/clock.ts';
import type { Link } from '../../../binder/session/link.ts';
import { SubmitGate } from '../../../binder/session/pacing.ts';
import { polite, until } from '../../fixtures/scripted-peer.ts';
import { submitBody } from '../../fixtures/smpp-session.ts';
import { rig } from './rig.ts';

interface Sent {
  /** The clock right before and right after the submit: it was written in between, or later in the same turn. */
  beforeMs: number;
  afterMs: number;
}

/** Submits as soon as gate and window allow, until told to stop. */
function sendSteadily(link: Link<string>): { sent: Sent[]; stop: () => void } {
  const sent: Sent[] = [];
  let cancel: () => void;
  const next = (): void => {
    const beforeMs = systemClock.now();
    const atMs = link.submitReady() > 0 ? link.gate.nextAt(beforeMs) : beforeMs + 1;
    if (atMs <= beforeMs) {
      void link.submit(submitBody, '');
      sent.push({ beforeMs, afterMs: systemClock.now() });
    }
    cancel = systemClock.setTimer(Math.max(0, atMs - beforeMs), next);
  };
  next();
  return { sent, stop: () => cancel() };
}

test('no second ever holds more than the rate, also across a reconnect', async () => {
  const rate = 50;
  const gate = new SubmitGate({ segmentsPerSecond: rate, previousSubmitAtMs: Number.NEGATIVE_INFINITY });
  const r = await rig({ gate });
  await until(() => r.link.status.canSubmit);
  const { sent, stop } = sendSteadily(r.link);
  await new Promise((resolve) => setTimeout(resolve, 1_300));
  r.peer.last.socket.destroy();
  await until(() => r.peer.connections.length === 2 && r.link.status.canSubmit);
  await new Promise((resolve) => setTimeout(resolve, 2_300));
  stop();
  const apart = sent.slice(rate).map(({ beforeMs }, n) => beforeMs - (sent[n]?.afterMs ?? 0));
  expect(Math.min(...apart)).toBeGreaterThanOrEqual(1_000);
  // Generous, for the processor of a test is shared.
  expect(r.peer.connections.flatMap((connection) => connection.of('submit_sm')).length).toBeGreaterThan(1.5 * rate);
});

test('the first second after the first bind is silent where no one knows who submitted before', async () => {
  const r = await rig({ gate: new SubmitGate({ segmentsPerSecond: 50 }) });
  await until(() => r.link.status.canSubmit);
  const boundAtMs = r.link.status.since;
  expect(await r.link.submit(submitBody, 'a')).toEqual({ kind: 'not_sent', reason: 'paced' });
  const { stop } = sendSteadily(r.link);
  await until(() => r.peer.last.of('submit_sm').length > 0);
  stop();
  expect(systemClock.now() - boundAtMs).toBeGreaterThanOrEqual(1_003);
});

test('what was unanswered when the link was lost may have arrived only then: the second of silence counts from there', async () => {
  const gate = new SubmitGate({ segmentsPerSecond: 50, previousSubmitAtMs: Number.NEGATIVE_INFINITY });
  const r = await rig({ gate, script: (connection, pdu) => pdu.command !== 'submit_sm' && polite(connection, pdu) });
  await until(() => r.link.status.canSubmit);
  const outcome = r.link.submit(submitBody, 'a');
  await new Promise((resolve) => setTimeout(resolve, 60));
  const lostAtMs = systemClock.now();
  r.peer.last.socket.destroy();
  expect(await outcome).toEqual({ kind: 'unknown', reason: 'link_lost' });
  await until(() => r.peer.connections.length === 2 && r.link.status.canSubmit);
  expect(gate.nextAt(systemClock.now())).toBeGreaterThanOrEqual(lostAtMs + 1_000);
});

test('a message centre that throttles is left alone for a second', async () => {
  let refused = 0;
  const r = await rig({
    gate: new SubmitGate({ segmentsPerSecond: 50, previousSubmitAtMs: Number.NEGATIVE_INFINITY }),
    script: (connection, { command, sequence }) => {
      if (command === 'bind_transceiver') connection.send({ command: `${command}_resp`, systemId: 'MC' }, sequence);
      if (command !== 'submit_sm') return;
      refused += 1;
      connection.send({ command: 'submit_sm_resp' }, sequence, refused === 1 ? 0x58 : 0);
    },
  });
  await until(() => r.link.status.canSubmit);
  const beforeMs = systemClock.now();
  expect(await r.link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered', commandStatus: 0x58 });
  expect(await r.link.submit(submitBody, 'a')).toEqual({ kind: 'not_sent', reason: 'paced' });
  const { stop } = sendSteadily(r.link);
  await until(() => r.peer.last.of('submit_sm').length > 5);
  stop();
  const [, second] = r.peer.last.receivedAtMs.slice(1);
  expect((second ?? 0) - beforeMs).toBeGreaterThanOrEqual(1_000);
  expect(r.log.lines.find(({ message }) => message.includes('throttles'))).toMatchObject({
    level: 'error',
    fields: { belowRate: true, pauseMs: 1_000 },
  });
});
