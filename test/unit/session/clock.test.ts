import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../binder/session/clock.ts';

function waitFor(delayMs: number): Promise<number> {
  return new Promise((resolve) => void systemClock.setTimer(delayMs, () => resolve(systemClock.now())));
}

describe('the clock of the machine', () => {
  test.each([0, 0.2, 0.9, 1, 1.4, 7.3])('a timer of %d ms never ends early', async (delayMs) => {
    for (let round = 0; round < 20; round += 1) {
      const dueAtMs = systemClock.now() + delayMs;
      expect(await waitFor(delayMs)).toBeGreaterThanOrEqual(dueAtMs);
    }
  });

  test('a timer is not called by the caller of setTimer', () => {
    let called = false;
    const cancel = systemClock.setTimer(0, () => {
      called = true;
    });
    expect(called).toBe(false);
    cancel();
  });

  test.each([0, 0.2, 1.1, 5])('a timer of %d ms can be cancelled', async (delayMs) => {
    let called = false;
    systemClock.setTimer(delayMs, () => {
      called = true;
    })();
    await waitFor(delayMs + 3);
    expect(called).toBe(false);
  });

  test('a timer can be cancelled after the first of its waits', async () => {
    let waitedAgain = 0;
    for (let round = 0; round < 50; round += 1) {
      let called = false;
      const cancel = systemClock.setTimer(0.3, () => {
        called = true;
      });
      // So short a timer waits by turns of the event loop: this is the first, after which it waits again.
      await nextTurn();
      // On a busy machine that one turn may have taken all of its time.
      if (called) continue;
      waitedAgain += 1;
      cancel();
      await waitFor(1);
      expect(called).toBe(false);
    }
    expect(waitedAgain).toBeGreaterThan(0);
  });

  test('while a timer ends, the event loop turns', async () => {
    let turns = 0;
    const count = (): void => {
      turns += 1;
      turning = setImmediate(count);
    };
    let turning = setImmediate(count);
    await waitFor(3);
    clearImmediate(turning);
    expect(turns).toBeGreaterThan(1);
  });
});
