import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Chronicle } from '../chaos/chronicle.ts';
import { TRACKS, trackOf } from '../chaos/faults.ts';
import { type ChaosResult, ChaosRun } from '../chaos/run.ts';
import { scheduleOf } from '../chaos/schedule.ts';
import { CALL_FAULT_KINDS } from '../misbehaviours/aws.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';

const SECONDS = 40;
/** With it every kind of fault comes, and each of a binder's ends. */
const SEED = 16;
const SEGMENTS_PER_SECOND = 10;
/** Longer than a queue message stays hidden after a binder that was killed, twice; the sweep, which would take longer, is not waited for. */
const DRAIN_SECONDS = 120;
const LAST_EVENTS = 60;

describe(`${SECONDS} seconds in which binders are killed, the operator misbehaves and calls of AWS fail`, () => {
  const chronicle = new Chronicle();
  let result: ChaosResult;

  const row = (name: string) => {
    const rows = result.findings.flatMap((finding) => finding.rows);
    return rows.find(([label]) => label.trim().startsWith(name))?.[1];
  };

  beforeAll(async () => {
    const run = new ChaosRun(
      {
        seconds: SECONDS,
        seed: SEED,
        segmentsPerSecond: SEGMENTS_PER_SECOND,
        messagesPerSecond: 4,
        stateDirectory: freshStateDirectory(),
        drainSeconds: DRAIN_SECONDS,
        untilSwept: false,
      },
      chronicle,
    );
    whenOver(() => run.close());
    result = await run.perform();
  }, 300_000);

  afterAll(tearDown, 90_000);

  test('are what was asked for', () => {
    const played = scheduleOf({ seed: SEED, durationMs: SECONDS * 1_000 }).map(({ fault }) => fault);
    expect(new Set(played.map(trackOf))).toEqual(new Set(TRACKS));
    expect(played).toEqual(expect.arrayContaining(['kill', 'stop', 'replace']));
    for (const fault of played) expect(chronicle.tail(Infinity).join('\n')).toContain(`> ${fault}: `);
    expect(result.evidence.requests.length).toBeGreaterThan(2 * SECONDS);
    expect(row('sessions bound')).toBeGreaterThanOrEqual(5);
    expect(row('hand-overs between binders')).toBeGreaterThanOrEqual(1);
    expect(result.evidence.callsHit.size).toBeGreaterThanOrEqual(CALL_FAULT_KINDS.length - 1);
  });

  test('break no promise', () => {
    const broken = result.findings.flatMap((finding) => finding.broken);
    expect(broken, chronicle.tail(LAST_EVENTS).join('\n')).toEqual([]);
  });

  test('leave every accepted message in one place, and most of them delivered', () => {
    const { messages, requests } = result.evidence;
    const accepted = requests.filter(({ messageId }) => messageId !== undefined).length;
    expect(row('accepted minus all of these')).toBe(0);
    expect(messages.filter(({ status }) => status === 'delivered').length).toBeGreaterThan(accepted / 2);
  });
});
