import { expect } from 'vitest';
import { until } from '../../e2e/until.ts';
import { queueFullFor, throttleAbove, throttleAlways, throttleFor } from '../../misbehaviours/answers.ts';
import type { Encounter } from './encounter.ts';
import type { Scenario } from './scenario.ts';

const refused = ({ operator }: Encounter, status: number): number =>
  operator.submits.filter((submit) => submit.status === status).length;

/** How long the binder means to leave the message centre alone, pause by pause. */
function pausesMs({ log }: Encounter): number[] {
  return log.lines.flatMap(({ pauseMs }) => (typeof pauseMs === 'number' ? [pauseMs] : []));
}

/** The longest times without a submit, the longest first. */
function gapsMs({ operator }: Encounter): number[] {
  const gaps = operator.submits.map(({ atMs }, index) => atMs - (operator.submits[index - 1]?.atMs ?? atMs));
  return gaps.toSorted((one, other) => other - one);
}

/** A refusal for the rate is no attempt and no outcome: nothing of it stays with the message. */
function noTrace({ messages }: Encounter): void {
  for (const { segments } of messages) {
    for (const { resends, temporaryRefusals } of segments)
      expect({ resends, temporaryRefusals }).toEqual({ resends: 0 });
  }
}

export const throttling: readonly Scenario[] = [
  {
    of: 'throttled above N/s',
    title: 'though the rate that was agreed is higher: it gets its pauses, someone is told, and all arrives',
    behaviours: () => [throttleAbove(2)],
    shown: (encounter) => {
      expect(refused(encounter, 0x58)).toBeGreaterThanOrEqual(1);
      expect(gapsMs(encounter)[0]).toBeGreaterThanOrEqual(950);
      expect(encounter.log.lines).toContainEqual(expect.objectContaining({ level: 'error', belowRate: true }));
      noTrace(encounter);
    },
  },
  {
    of: 'throttled always',
    title: 'is asked ever less often, and when it ends everything that waited is sent',
    behaviours: () => [throttleAlways()],
    meanwhile: async (encounter) => {
      await until('three pauses', 15_000, () => pausesMs(encounter).length === 3);
      expect(encounter.settled).toEqual([]);
      encounter.mend();
    },
    shown: (encounter) => {
      expect(pausesMs(encounter)).toEqual([1_000, 2_000, 4_000]);
      const [longest, longer, long] = gapsMs(encounter);
      expect(longest).toBeGreaterThanOrEqual(3_950);
      expect(longer).toBeGreaterThanOrEqual(1_950);
      expect(long).toBeGreaterThanOrEqual(950);
      noTrace(encounter);
    },
  },
  {
    of: 'throttled for a while',
    title: 'the segment that was refused goes first again',
    behaviours: () => [throttleFor(800)],
    shown: (encounter) => {
      const { submits } = encounter.operator;
      const refusal = submits.find(({ status }) => status === 0x58);
      const acceptance = submits.find(({ accepted }) => accepted);
      expect(refusal).toBeDefined();
      expect(acceptance?.destination).toBe(refusal?.destination);
      expect(acceptance?.sequence).not.toBe(refusal?.sequence);
      noTrace(encounter);
    },
  },
  {
    of: 'queue full',
    title: 'gets a longer pause than for a rate, and all arrives',
    behaviours: () => [queueFullFor(800)],
    shown: (encounter) => {
      expect(refused(encounter, 0x14)).toBeGreaterThanOrEqual(1);
      expect(gapsMs(encounter)[0]).toBeGreaterThanOrEqual(2_000);
      noTrace(encounter);
    },
  },
];
