import { setTimeout as delay } from 'node:timers/promises';

const LOOK_EVERY_MS = 50;

/**
 * Waits until `probe` gives something else than undefined or false, and returns it.
 * @param what for the error, in words that follow "waited for"
 */
export async function until<Found>(
  what: string,
  timeoutMs: number,
  probe: () => Found | undefined | false | Promise<Found | undefined | false>,
): Promise<Found> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadlineMs) throw new Error(`waited ${timeoutMs / 1000} s in vain for ${what}`);
    await delay(LOOK_EVERY_MS);
  }
}
