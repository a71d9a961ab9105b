import { describe, expect, test } from 'vitest';
import { accountInput } from '../../fixtures/smpp-session.ts';
import { Rig } from './rig.ts';

const MINUTE = 60_000;

/** It is 18:26:40 in Manila when a rig begins. */
function withHours(from: string, until: string) {
  const { lanes } = accountInput;
  return { lanes: { ...lanes, bulk: { ...lanes.bulk, deliveryWindow: { from, until } } } };
}

describe("outside of bulk's hours", () => {
  test('nothing of it is sent, and the other lanes go on', async () => {
    const rig = Rig.bound(withHours('08:00', '18:00'));
    rig.enqueue('bulk', 'news');
    rig.enqueue('transactional', 'order');
    rig.enqueue('otp', 'code');
    await rig.clock.passMs(2_000);
    expect(rig.sent.toSorted()).toEqual(['code', 'order']);
    expect(rig.lanes.timesReceived('msg_news')).toBe(0);
    rig.outbound.close();
  });

  test('it waits in its queue, and goes within the second in which they begin', async () => {
    const rig = Rig.bound(withHours('18:30', '21:00'));
    rig.enqueue('bulk', 'news', { expiresAt: rig.wallClock() + 10 * MINUTE });
    await rig.clock.passMs(199_000);
    expect(rig.sent).toEqual([]);
    await rig.clock.passMs(2_000);
    expect(rig.sent).toEqual(['news']);
  });

  test('what was received and has not begun goes back when they end', async () => {
    const rig = Rig.bound(withHours('08:00', '18:27'));
    const count = 400;
    rig.enqueueMany('bulk', count);
    await rig.clock.passMs(20_000);
    const sent = rig.sent.length;
    expect(sent).toBeGreaterThan(180);
    await rig.clock.passMs(5_000);
    // A segment or two were claimed and stood next.
    expect(rig.sent.length - sent).toBeLessThanOrEqual(2);
    expect(rig.outbound.heldByLane.bulk).toBe(0);
    expect(rig.lanes.left).toHaveLength(count - rig.sent.length);
    rig.outbound.close();
  });
});
