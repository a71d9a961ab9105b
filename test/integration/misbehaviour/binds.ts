import { expect } from 'vitest';
import { alreadyBoundFor, closeAfterBind, ignoreBinds, refuseBinds } from '../../misbehaviours/binds.ts';
import type { Encounter } from './encounter.ts';
import { FEW } from './outgoing.ts';
import type { Scenario } from './scenario.ts';

interface Refusal {
  status: number;
  name: string;
  /** Shortest wait before the next bind, for the second bind in a row that is refused. */
  leastWaitMs: number;
  timeScale: number;
  /** Whether a person is told at once. */
  alarm: boolean;
}

const REFUSALS: readonly Refusal[] = [
  { status: 0x01, name: 'invalid message length', leastWaitMs: 30_000, timeScale: 0.005, alarm: true },
  { status: 0x03, name: 'invalid command id', leastWaitMs: 30_000, timeScale: 0.005, alarm: true },
  { status: 0x04, name: 'incorrect bind status', leastWaitMs: 0, timeScale: 0.2, alarm: false },
  { status: 0x08, name: 'system error', leastWaitMs: 0, timeScale: 0.2, alarm: false },
  { status: 0x0d, name: 'bind failed', leastWaitMs: 5_000, timeScale: 0.05, alarm: false },
  { status: 0x0e, name: 'invalid password', leastWaitMs: 300_000, timeScale: 0.001, alarm: true },
  { status: 0x0f, name: 'invalid system id', leastWaitMs: 300_000, timeScale: 0.001, alarm: true },
  { status: 0x53, name: 'invalid system type', leastWaitMs: 300_000, timeScale: 0.001, alarm: true },
  { status: 0x14, name: 'queue full', leastWaitMs: 0, timeScale: 0.2, alarm: false },
  { status: 0x58, name: 'throttled', leastWaitMs: 0, timeScale: 0.2, alarm: false },
  { status: 0x64, name: 'temporary application error', leastWaitMs: 0, timeScale: 0.2, alarm: false },
  { status: 0x400, name: 'a code of its own', leastWaitMs: 0, timeScale: 0.2, alarm: false },
];

/** Times between connections. */
function waitsMs({ operator }: Encounter): number[] {
  const connectedAtMs = operator.events.filter(({ kind }) => kind === 'connected').map(({ atMs }) => atMs);
  return connectedAtMs.slice(1).map((atMs, index) => atMs - (connectedAtMs[index] ?? 0));
}

function connections({ operator }: Encounter): number {
  return operator.events.filter(({ kind }) => kind === 'connected').length;
}

const refusals = REFUSALS.map(
  ({ status, name, leastWaitMs, timeScale, alarm }): Scenario => ({
    of: 'bind refused',
    title: `with 0x${status.toString(16)}, ${name}, twice: the third bind comes in its time and is the one that counts`,
    behaviours: () => [refuseBinds(status, 2)],
    timeScale,
    outgoing: FEW,
    shown: (encounter) => {
      expect(encounter.counters.read).toMatchObject({ [`bind_transceiver_resp 0x${status.toString(16)}`]: 2 });
      expect(encounter.counters.closed).toEqual({ bind_refused: 2 });
      expect(Math.min(...waitsMs(encounter))).toBeGreaterThanOrEqual(leastWaitMs * timeScale);
      const alarms = encounter.log.lines.filter(
        ({ level, commandStatus }) => level === 'error' && commandStatus === status,
      );
      expect(alarms.length > 0).toBe(alarm);
    },
  }),
);

export const binds: readonly Scenario[] = [
  ...refusals,
  {
    of: 'bind never answered',
    title: 'twice: each is given up in its time, and the third is answered',
    behaviours: () => [ignoreBinds(2)],
    account: { timers: { bindMs: 300 } },
    shown: (encounter) => {
      expect(encounter.counters.closed).toEqual({ bind_timeout: 2 });
      expect(connections(encounter)).toBe(3);
    },
  },
  {
    of: 'close right after bind',
    title: 'three times: the binder comes back, and nothing that waits is lost',
    behaviours: () => [closeAfterBind(3)],
    shown: (encounter) => {
      expect(encounter.counters.closed).toEqual({ peer_closed: 3 });
      expect(connections(encounter)).toBe(4);
    },
  },
  {
    of: 'already bound',
    title: 'for a while: never taken for bound, and bound soon after the other session is gone',
    behaviours: () => [alreadyBoundFor(1_500)],
    timeScale: 0.02,
    boundAgainWithinMs: 5_000,
    shown: (encounter) => {
      expect(encounter.counters.closed['bind_refused']).toBeGreaterThanOrEqual(2);
      expect(Math.min(...waitsMs(encounter))).toBeGreaterThanOrEqual(12_000 * 0.02);
    },
  },
];
