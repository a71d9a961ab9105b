import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RecordedSubmit } from '../../binder/simulator/recorded-submit.ts';
import type { Message } from '../../shared/domain/message.ts';
import { acceptedMessages } from '../fixtures/messages.ts';
import { eventsAgainstTimelines } from './differences.ts';
import {
  e164Of,
  type FixtureOperator,
  OPERATOR_SEGMENTS_PER_SECOND,
  startFixtureOperator,
} from './fixture-operator.ts';
import { inParallel } from './in-parallel.ts';
import { type Entry, Ledger } from './ledger.ts';
import { overRate } from './rate.ts';
import { type RunningStack, startStack } from './running-stack.ts';
import { freshStateDirectory } from './state-directory.ts';
import { tearDown, whenOver } from './tear-down.ts';
import { until } from './until.ts';

/** A long line keeps one or two submits unanswered at any time: what breaks, breaks in the middle of something. */
const LATENCY_MS = 150;
/** The lease of a binder that was killed ends after 10 s, and what it had in hand shows again after 30 s. */
const RECOVERY_TIMEOUT_MS = 60_000;
const STEP = 12;

const ofLane = (lane: string, most: number) =>
  acceptedMessages.filter((fixture) => fixture.lane === lane && fixture.expect.segments <= 2).slice(0, most);
/** Of each lane, because lanes differ in what they do about an unknown outcome. */
const fixtures = [...ofLane('bulk', 30), ...ofLane('transactional', 40), ...ofLane('otp', 20)];

interface SegmentHistory {
  entry: Entry;
  stored: Message;
  /** From 0. */
  index: number;
  /** Submits of this segment that the operator took. */
  taken: RecordedSubmit[];
}

describe('60 messages wait while the binder is killed once and the operator drops the connection twice', () => {
  const ledger = new Ledger();
  let operator: FixtureOperator;
  let stack: RunningStack;
  let waiting: number;
  let history: SegmentHistory[];

  const submitted = (count: number) =>
    until(`${count} submits`, RECOVERY_TIMEOUT_MS, () => operator.simulator.submits.length >= count);

  beforeAll(async () => {
    operator = await startFixtureOperator({ latencyMs: LATENCY_MS, receiptDelayMs: 500 });
    whenOver(() => operator.close());
    stack = await startStack({ stateDirectory: freshStateDirectory(), operator: operator.credentials });
    whenOver(() => stack.close());

    const sending = ledger.send(stack.client, fixtures);
    await submitted(STEP);
    stack.killBinder();
    // The API does not need a binder to accept messages.
    await sending;
    waiting = ledger.entries.size - operator.simulator.messages().length;
    await submitted(operator.simulator.submits.length + STEP);
    operator.simulator.dropConnections('reset');
    await submitted(operator.simulator.submits.length + STEP);
    operator.simulator.dropConnections('end');
    await ledger.untilFinal(stack.client, { timeoutMs: 2 * RECOVERY_TIMEOUT_MS });
    history = await segmentHistories(stack, operator, ledger);
  }, 240_000);

  afterAll(tearDown);

  test('which did happen', () => {
    expect(waiting).toBeGreaterThanOrEqual(60);
    expect(stack.observed.filter((text) => text.includes('SIGKILL'))).toHaveLength(1);
    expect(operator.simulator.events.filter(({ kind }) => kind === 'closed').length).toBeGreaterThanOrEqual(3);
    // Something was on the wire each time.
    const again = history.filter(({ stored, index }) => (stored.segments[index]?.resends ?? 0) > 0);
    expect(again.length + unansweredSegments(history).length).toBeGreaterThanOrEqual(3);
  });

  test('and every message ends in a final state', () => {
    expect(ledger.entries.size).toBe(fixtures.length);
    expect(ledger.waiting).toEqual([]);
  });

  test('and nothing is lost: what is not at the operator is what nobody can know of', () => {
    const missing = history.filter(({ taken }) => taken.length === 0);
    // Killed between the note that a segment goes to the wire and the wire itself: its outcome is unknown (promise P5).
    expect(unansweredSegments(missing)).toEqual(missing);
    expect(missing.length).toBeLessThanOrEqual(OPERATOR_SEGMENTS_PER_SECOND);
  });

  test('and no segment is at the operator more often than it was knowingly sent again', () => {
    const excess = history.filter(
      ({ stored, index, taken }) => taken.length > 1 + (stored.segments[index]?.resends ?? 0),
    );
    expect(excess.map(({ entry, index, taken }) => `${entry.accepted.id} ${index}: ${taken.length}`)).toEqual([]);
  });

  test('and the lane decides: bulk is never sent again, the others once', () => {
    const resends = (lane: string) =>
      history
        .filter(({ entry }) => entry.fixture.lane === lane)
        .map(({ stored, index }) => stored.segments[index]?.resends ?? 0);
    expect(Math.max(...resends('bulk'))).toBe(0);
    expect(Math.max(...resends('transactional'), ...resends('otp'))).toBeLessThanOrEqual(1);
  });

  test('and each state is what the operator decided, or unknown where an answer was lost and not asked for again', () => {
    const lost = new Set(unansweredSegments(history).map(({ stored }) => stored.messageId));
    const wrong = ledger.all.filter(({ fixture, accepted, final }) => {
      const allowed = lost.has(accepted.id) ? [fixture.outcome, 'unknown'] : [fixture.outcome];
      return final === undefined || !allowed.includes(final.status);
    });
    expect(wrong.map(({ fixture, final }) => `${final?.id}: ${final?.status}, expected ${fixture.outcome}`)).toEqual(
      [],
    );
  });

  test('and the rate is kept across reconnects and the new binder', async () => {
    expect(operator.simulator.submits.length).toBeGreaterThanOrEqual(fixtures.length);
    expect(overRate(await operator.arrivals(), OPERATOR_SEGMENTS_PER_SECOND)).toEqual([]);
  });

  test('and the events of each message have no gap', async () => {
    const differences = () => eventsAgainstTimelines(stack.bus, ledger.finals);
    await until('the last events', 15_000, () => differences().length === 0).catch(() => undefined);
    expect(differences()).toEqual([]);
  });
});

function unansweredSegments(history: readonly SegmentHistory[]): SegmentHistory[] {
  return history.filter(({ stored, index }) => stored.segments[index]?.state === 'unanswered');
}

async function segmentHistories(
  stack: RunningStack,
  operator: FixtureOperator,
  ledger: Ledger,
): Promise<SegmentHistory[]> {
  const taken = operator.simulator.submits.filter(({ accepted }) => accepted);
  const store = stack.messages;
  const perMessage = await inParallel(ledger.all, 4, async (entry) => {
    const stored = await store.get(entry.accepted.id);
    if (stored === undefined) throw new Error(`${entry.accepted.id} is not stored`);
    return stored.segments.map((_, index) => ({
      entry,
      stored,
      index,
      taken: taken.filter(
        ({ destination, concatenation }) =>
          e164Of(destination) === entry.fixture.expect.e164 && (concatenation?.index ?? 1) === index + 1,
      ),
    }));
  });
  return perMessage.flat();
}
