import { expect, test } from 'vitest';
import { systemClock } from '../../../binder/session/clock.ts';
import type { Link } from '../../../binder/session/link.ts';
import { SubmitGate } from '../../../binder/session/pacing.ts';
import { until } from '../../fixtures/scripted-peer.ts';
import { submitBody } from '../../fixtures/smpp-session.ts';
import { rig } from './rig.ts';

/** Submits as soon as gate and window allow, until told to stop. */
function sendSteadily(link: Link<string>): () => void {
  let cancel: () => void;
  const next = (): void => {
    const nowMs = systemClock.now();
    const atMs = link.submitReady() > 0 ? link.gate.nextAt(nowMs) : nowMs + 1;
    if (atMs <= nowMs) void link.submit(submitBody, '');
    cancel = systemClock.setTimer(Math.max(0, atMs - nowMs), next);
  };
  next();
  return () => cancel();
}

const highestInSecond = (times: readonly number[]): number =>
  Math.max(0, ...times.map((from) => times.filter((time) => time >= from && time < from + 1_000).length));

test('a message centre never sees more than the rate in any second, also across a reconnect', async () => {
  const rate = 50;
  const r = await rig({
    gate: new SubmitGate({ segmentsPerSecond: rate, previousSubmitAtMs: Number.NEGATIVE_INFINITY }),
  });
  await until(() => r.link.status.canSubmit);
  const stop = sendSteadily(r.link);
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  r.peer.last.socket.destroy();
  await until(() => r.peer.connections.length === 2 && r.link.status.canSubmit);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  stop();
  const times = r.peer.connections.flatMap(({ received, receivedAtMs }) =>
    receivedAtMs.filter((_, i) => received[i]?.command === 'submit_sm'),
  );
  expect(highestInSecond(times)).toBeLessThanOrEqual(rate);
  // Generous, for the processor of a test is shared; test/bench measures.
  expect(times.length).toBeGreaterThan(2.5 * rate);
});

test('the first second after the first bind is silent where no one knows who submitted before', async () => {
  const r = await rig({ gate: new SubmitGate({ segmentsPerSecond: 50 }) });
  await until(() => r.link.status.canSubmit);
  const boundAtMs = r.link.status.since;
  expect(await r.link.submit(submitBody, 'a')).toEqual({ kind: 'not_sent', reason: 'paced' });
  const stop = sendSteadily(r.link);
  await until(() => r.peer.last.of('submit_sm').length > 0);
  stop();
  expect(systemClock.now() - boundAtMs).toBeGreaterThanOrEqual(1_003);
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
  expect(await r.link.submit(submitBody, 'a')).toMatchObject({ kind: 'answered', commandStatus: 0x58 });
  expect(await r.link.submit(submitBody, 'a')).toEqual({ kind: 'not_sent', reason: 'paced' });
  const refusedAtMs = systemClock.now();
  const stop = sendSteadily(r.link);
  await until(() => r.peer.last.of('submit_sm').length > 5);
  stop();
  const [, second] = r.peer.last.receivedAtMs.slice(1);
  expect((second ?? 0) - refusedAtMs).toBeGreaterThan(990);
  expect(r.log.lines.find(({ message }) => message.includes('throttles'))).toMatchObject({
    level: 'error',
    fields: { belowRate: true, pauseMs: 1_000 },
  });
});
