import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DeliveryWindow, minutesOf, opensAt } from '../../../shared/domain/delivery-window.ts';

const time = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));
const window = fc
  .record({ from: time, until: time })
  .filter(({ from, until }) => (minutesOf(until) - minutesOf(from) + 1_440) % 1_440 >= 60);
const zone = fc.constantFrom('Asia/Manila', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
/** 2026 and 2027. */
const at = fc.integer({ min: 1_767_225_600_000, max: 1_830_297_600_000 });

/** By another way than the code: what a clock on the wall shows. */
function isOpen({ from, until }: DeliveryWindow, timeZone: string, at: number): boolean {
  const shown = new Date(at).toLocaleTimeString('en-GB', { timeZone, hourCycle: 'h23' }).slice(0, 5);
  return from < until ? from <= shown && shown < until : from <= shown || shown < until;
}

test('the next opening is now or later, open, and the first', () => {
  fc.assert(
    fc.property(window, zone, at, fc.double({ min: 0, max: 1, noNaN: true }), (window, zone, at, part) => {
      const opening = opensAt(window, zone, at);
      expect(opening).toBeGreaterThanOrEqual(at);
      expect(opening - at).toBeLessThan(2 * 86_400_000);
      expect(isOpen(window, zone, opening)).toBe(true);
      if (opening === at) return;
      expect(isOpen(window, zone, opening - 1)).toBe(false);
      expect(isOpen(window, zone, at + Math.floor((opening - 1 - at) * part))).toBe(false);
    }),
    { numRuns: 300 },
  );
});
