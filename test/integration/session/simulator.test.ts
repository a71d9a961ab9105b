import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../binder/session/clock.ts';
import { Link } from '../../../binder/session/link.ts';
import { type Simulator, startSimulator } from '../../../binder/simulator/simulator.ts';
import { accountSchema } from '../../../shared/config/account.ts';
import { until } from '../../fixtures/scripted-peer.ts';
import { accountInput, submitBody } from '../../fixtures/smpp-session.ts';
import { memoryLog, openGate } from './rig.ts';

let simulator: Simulator | undefined;
let link: Link<string> | undefined;
afterEach(async () => {
  link?.destroy();
  await simulator?.close();
});

async function start(password: string): Promise<{ link: Link<string>; simulator: Simulator; receipts: string[] }> {
  const system = { systemId: 'bindery', password: 'secret12', submitsPerSecond: 1_000 };
  simulator = await startSimulator({ systems: [system], receiptDelayMs: 30 });
  const receipts: string[] = [];
  link = new Link<string>({
    account: accountSchema.parse({ ...accountInput, url: simulator.url }),
    credentials: async () => ({ system_id: 'bindery', password }),
    clock: systemClock,
    random: Math.random,
    log: memoryLog(),
    gate: openGate(),
    handlers: {
      onStatus: () => {},
      onDeliver: async (pdu) => {
        receipts.push(pdu.shortMessage.toString('latin1'));
        return 0;
      },
      onLateAnswer: () => {},
    },
  });
  link.start();
  return { link, simulator, receipts };
}

describe('the session and the simulated message centre', () => {
  test('bind, submit through the window, receive and answer every receipt, and part in peace', async () => {
    const { link, simulator, receipts } = await start('secret12');
    await until(() => link.status.canSubmit);
    for (let sent = 0; sent < 100; ) {
      const room = Math.min(link.submitReady(), 100 - sent);
      const outcomes = await Promise.all(Array.from({ length: room }, () => link.submit(submitBody, '')));
      for (const outcome of outcomes) expect(outcome).toMatchObject({ kind: 'answered', commandStatus: 0 });
      sent += room;
    }
    await until(() => receipts.length === 100 && simulator.undelivered === 0);
    expect(simulator.submits).toHaveLength(100);
    await link.close({ drainMs: 1_000 });
    await until(() => simulator.links.length === 0);
    expect(link.counters).toMatchObject({
      written: { submit_sm: 100, unbind: 1 },
      read: { deliver_sm: 100, 'unbind_resp 0x0': 1 },
      closed: { requested: 1 },
    });
  });

  test('a wrong password is refused, reported as an alarm, and tried again only after minutes', async () => {
    const { link } = await start('wrong');
    await until(() => link.status.state === 'waiting');
    expect(link.status).toMatchObject({ reason: 'bind_refused', alarm: true });
    expect(link.status.retryInMs).toBeGreaterThanOrEqual(300_000);
  });
});
