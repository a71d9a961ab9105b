import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { accountToHandOver, leaveToOthersMs, SHARE_TIMES, type ShareView } from '../../../binder/lease/share.ts';

const PROCESSES = ['a', 'b', 'c', 'd', 'e'];

/** Any number of live processes, and accounts that are with any of them, with a dead one or with nobody. */
const worlds = fc.record({
  live: fc.uniqueArray(fc.constantFrom(...PROCESSES), { minLength: 1 }),
  owners: fc.array(fc.option(fc.constantFrom(...PROCESSES), { nil: undefined }), { minLength: 1, maxLength: 12 }),
});

function viewOf(me: string, live: readonly string[], owners: readonly (string | undefined)[]): ShareView {
  return { me, live: new Set(live), owners: new Map(owners.map((owner, i) => [`account-${i}`, owner])) };
}

function loads(live: readonly string[], owners: readonly (string | undefined)[]): number[] {
  return live.map((process) => owners.filter((owner) => owner === process).length);
}

const imbalance = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count ** 2, 0);

test('a free account is some live process’s to take, at once or after a while', () => {
  fc.assert(
    fc.property(worlds, ({ live, owners }) => {
      const waits = live.map((me) => leaveToOthersMs(viewOf(me, live, [...owners, undefined]), SHARE_TIMES));
      expect(Math.min(...waits)).toBeLessThanOrEqual(SHARE_TIMES.orphanMs);
    }),
  );
});

test('whoever takes a free account at once has no more than its share afterwards', () => {
  fc.assert(
    fc.property(worlds, ({ live, owners }) => {
      const all = [...owners, undefined];
      for (const [i, me] of live.entries()) {
        if (leaveToOthersMs(viewOf(me, live, all), SHARE_TIMES) > 0) continue;
        expect((loads(live, all)[i] ?? 0) + 1).toBeLessThanOrEqual(Math.ceil(all.length / live.length));
      }
    }),
  );
});

test('hand-overs end, each evens the shares, at most one process gives at a time, and at the end none has two more than another', () => {
  let handOvers = 0;
  fc.assert(
    fc.property(worlds, ({ live, owners }) => {
      const owned = owners.map((owner, i) => (owner && live.includes(owner) ? owner : live[i % live.length]));
      const handedOver = new Map(live.map((process) => [process, new Set<string>()]));
      for (let steps = 0; ; steps += 1) {
        expect(steps).toBeLessThanOrEqual(owners.length);
        const given = live.flatMap((me) => {
          const stability = {
            membersForMs: SHARE_TIMES.membersMs,
            ownersForMs: SHARE_TIMES.ownersMs,
            handedOver: handedOver.get(me) ?? new Set(),
          };
          const account = accountToHandOver(viewOf(me, live, owned), stability, SHARE_TIMES);
          return account === undefined ? [] : [{ me, account }];
        });
        if (given.length === 0) break;
        expect(given).toHaveLength(1);
        const [gift] = given;
        const before = imbalance(loads(live, owned));
        const index = Number(gift?.account.split('-')[1]);
        handedOver.get(gift?.me ?? '')?.add(gift?.account ?? '');
        owned[index] = undefined;
        // The one that may take it at once takes it; the giver may not.
        const takers = live.filter((me) => leaveToOthersMs(viewOf(me, live, owned), SHARE_TIMES) === 0);
        expect(takers).not.toContain(gift?.me);
        expect(takers).not.toEqual([]);
        owned[index] = takers[0];
        expect(imbalance(loads(live, owned))).toBeLessThan(before);
        handOvers += 1;
      }
      const counts = loads(live, owned);
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
    }),
    { numRuns: 500 },
  );
  // Else nothing was shown.
  expect(handOvers).toBeGreaterThan(200);
});
