import { describe, test, vi } from 'vitest';
import { Encounter } from './encounter.ts';
import { AFTERWARDS, MIXED } from './outgoing.ts';
import type { Scenario } from './scenario.ts';
import { openStores } from './stores.ts';
import { SubmitTimes } from './submit-times.ts';
import { whatDoesNotHold } from './what-holds.ts';

const TIMEOUT_MS = 120_000;
/** After the last message has ended its queue message is still to be deleted, and a receipt may be on its way. */
const SOON = { timeout: 10_000, interval: 200 };

/** Makes a test of each scenario; they wait more than they work, and so run side by side. */
export async function meet(what: string, scenarios: readonly Scenario[]): Promise<void> {
  const given = { stores: await openStores(), times: new SubmitTimes() };
  describe.concurrent(what, () => {
    for (const scenario of scenarios) {
      test(`${scenario.of}: ${scenario.title}`, { timeout: TIMEOUT_MS }, async ({ expect }) => {
        const encounter = await Encounter.begin(scenario, given, scenario.outgoing ?? MIXED);
        try {
          await scenario.meanwhile?.(encounter);
          await encounter.untilSettled();
          await encounter.send(AFTERWARDS);
          await encounter.untilSettled();
          await expect.poll(() => whatDoesNotHold(encounter), SOON).toEqual([]);
          await vi.waitFor(() => scenario.shown(encounter), SOON);
        } finally {
          await encounter.end();
        }
      });
    }
  });
}
