import { describe, expect, test } from 'vitest';
import { LaneOrder } from '../../../binder/outbound/lane-order.ts';
import type { Lane } from '../../../shared/config/account.ts';

function turns(order: LaneOrder, waiting: Lane[], count: number): (Lane | undefined)[] {
  return Array.from({ length: count }, () => order.next((lane) => waiting.includes(lane)));
}

const countOf = (lanes: (Lane | undefined)[], lane: Lane): number => lanes.filter((other) => other === lane).length;

describe('which lane goes next', () => {
  test('none, where nothing waits', () => {
    expect(new LaneOrder(0.1).next(() => false)).toBeUndefined();
  });

  test.each<[Lane[], Lane]>([
    [['otp', 'transactional', 'bulk'], 'otp'],
    [['otp', 'transactional'], 'otp'],
    [['transactional', 'bulk'], 'transactional'],
    [['bulk'], 'bulk'],
  ])('of %j first %s', (waiting, first) => {
    expect(new LaneOrder(0.1).next((lane) => waiting.includes(lane))).toBe(first);
  });

  test.each([0.05, 0.1, 0.2, 0.25, 0.3, 1 / 3, 0.5])(
    'bulk gets exactly a share of %d of what others want too',
    (share) => {
      const order = new LaneOrder(share);
      let bulk = 0;
      let furthestOff = 0;
      for (let turn = 1; turn <= 60_000; turn += 1) {
        if (order.next(() => true) === 'bulk') bulk += 1;
        furthestOff = Math.max(furthestOff, Math.abs(bulk - turn * share));
      }
      // Never a turn behind, and never one ahead.
      expect(furthestOff).toBeLessThan(1);
      expect(bulk).toBe(Math.round(60_000 * share));
    },
  );

  test('the tenth turn is the one that a share of a tenth gives, whatever floating point makes of it', () => {
    const first = turns(new LaneOrder(0.1), ['otp', 'bulk'], 30);

    expect(first.flatMap((lane, i) => (lane === 'bulk' ? [i + 1] : []))).toEqual([10, 20, 30]);
  });

  test('a share of nothing leaves bulk to the quiet hours', () => {
    expect(countOf(turns(new LaneOrder(0), ['transactional', 'bulk'], 1_000), 'bulk')).toBe(0);
  });

  test('bulk saves nothing up while it does not wait or waits alone', () => {
    const order = new LaneOrder(0.1);
    turns(order, ['otp'], 1_000);
    turns(order, ['bulk'], 1_000);

    expect(countOf(turns(order, ['otp', 'bulk'], 9), 'bulk')).toBe(0);
  });

  test('a turn that nobody else wanted is one of its share: an otp now and then does not wait for a bulk message', () => {
    const order = new LaneOrder(0.1);
    const otpTurns = Array.from({ length: 100 }, () => {
      turns(order, ['bulk'], 4);
      return order.next((lane) => lane !== 'transactional');
    });

    expect(countOf(otpTurns, 'otp')).toBe(100);
  });
});
