import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { LEASE_TIMES } from '../../../binder/lease/lease.ts';
import { STANDARD_STATUSES } from '../../../binder/session/status-table.ts';
import { CREATED_AT } from '../../fixtures/message.ts';
import type { QueueCall } from '../../unit/outbound/memory-lanes.ts';
import type { MemoryMessages } from '../../unit/outbound/memory-messages.ts';
import { Rig } from '../../unit/outbound/rig.ts';
import type { WrittenSubmit } from '../../unit/outbound/scripted-wire.ts';
import { type Event, type Schedule, schedule } from './schedule.ts';

/** Long enough for every retry, hidden time and unanswered submit. */
const LONG_MS = 700_000;

type Changes = MemoryMessages['changes'];
type RunSubmit = WrittenSubmit & { expiresAt: number };

/** Runs a schedule with one binder after the other, and then lets a sound world come to rest. */
class Run {
  readonly submits: RunSubmit[] = [];
  readonly unmarked: WrittenSubmit[] = [];
  readonly rigs: Rig[] = [];
  #isSound = false;
  #inOffice = false;
  readonly #schedule: Schedule;

  constructor(plan: Schedule) {
    this.#schedule = plan;
    this.#succeed();
  }

  get rig(): Rig {
    return this.rigs.at(-1)!;
  }

  async toTheEnd(): Promise<void> {
    const { sendings, events, tables, queueFaults } = this.#schedule;
    const { clock, messages, lanes } = this.rig;
    let call = 0;
    messages.fate = () => (this.#isSound ? { tookMs: 4, outcome: 'ok' } : tables[call++ % tables.length]!);
    const calls: Record<QueueCall, number> = { receive: 0, delete: 0, visibility: 0, park: 0 };
    lanes.fails = (kind) => {
      calls[kind] += 1;
      return queueFaults.some(({ call, nth }) => call === kind && nth === calls[kind]);
    };
    const steps = [
      ...sendings.map(({ atMs, lane, segments, lifeMs }, i) => {
        const text = 'a'.repeat(153 * (segments - 1) + 8);
        const expiresAt = CREATED_AT + atMs + lifeMs;
        const send = () => void this.rig.enqueue(lane, `${lane}${i}`, { segmentCount: segments, text, expiresAt });
        return { atMs, run: send };
      }),
      ...events.map((event) => ({ atMs: event.atMs, run: () => this.#happen(event) })),
    ].sort((a, b) => a.atMs - b.atMs);
    for (const { atMs, run } of steps) {
      await clock.passUntil(atMs);
      run();
    }
    await clock.passMs(5_000);
    this.#isSound = true;
    const isAtRest = () => lanes.left.length === 0 && this.rigs.every(({ wire }) => wire.unanswered === 0);
    for (let ms = 0; ms < LONG_MS && !isAtRest(); ms += 5_000) await clock.passMs(5_000);
    await clock.passMs(1_000);
  }

  #happen({ what, forMs }: Event): void {
    const { rig } = this;
    if (!this.#inOffice) return;
    switch (what) {
      case 'lose':
        rig.lose();
        return this.#bindAfter(rig, forMs);
      case 'close':
        rig.outbound.close();
        return this.#bindAfter(rig, forMs);
      case 'redeliver':
        for (const { messageId } of rig.messages.all()) rig.lanes.reveal(messageId);
        return;
      case 'hand_over':
        this.#inOffice = false;
        rig.outbound.close();
        void rig.outbound.stop();
        void rig.outbound.settled().then(() => this.#succeed(rig));
        return;
      case 'crash':
        this.#inOffice = false;
        rig.gone.abort();
        rig.lose();
        void rig.outbound.stop();
        // Nobody follows sooner: the lease has a margin, for what is on its way to a table.
        rig.clock.setTimer(LEASE_TIMES.marginMs, () => this.#succeed(rig));
    }
  }

  #bindAfter(rig: Rig, forMs: number): void {
    rig.clock.setTimer(forMs, () => {
      if (rig === this.rig && this.#inOffice) rig.bind();
    });
  }

  #succeed(before?: Rig): void {
    this.#inOffice = true;
    const rig = new Rig({ segmentsPerSecond: 20 }, before);
    this.rigs.push(rig);
    rig.wire.react = () => {
      const { reactions } = this.#schedule;
      const count = this.submits.length;
      const reaction = this.#isSound ? { status: 0, afterMs: 10 } : reactions[count % reactions.length]!;
      return reaction === 'silence' ? reaction : { ...reaction, id: `mc-${count}` };
    };
    rig.wire.onSubmit = (submit) => {
      const { segments, expiresAt } = rig.messages.of(submit.messageId);
      if (segments[submit.index]?.state !== 'submitting') this.unmarked.push(submit);
      this.submits.push(Object.assign(submit, { expiresAt }));
    };
    rig.bind();
  }
}

/** How often a segment was sent although, for all that could be known, it was there already. Throws for any other repetition. */
function blindResends(submits: readonly WrittenSubmit[], changes: Changes): number {
  let count = 0;
  for (const [i, { messageId, index, atMs, outcome }] of submits.slice(0, -1).entries()) {
    const untilMs = submits[i + 1]?.atMs ?? 0;
    const first = changes.find(
      ({ messageId: of, change, atMs: changedAtMs }) =>
        of === messageId &&
        changedAtMs > atMs &&
        changedAtMs < untilMs &&
        (change.kind === 'abandoned' || (change.kind === 'segment_not_accepted' && change.index === index)),
    );
    // An answer that died with its binder is none: nobody after it can know.
    const forgotten = first?.change.kind === 'abandoned';
    if (outcome?.kind !== 'answered' || forgotten) count += 1;
    // What was accepted, or refused for good, is never sent again.
    else expect(['pause', 'retry', 'rebind']).toContain(actionOf(outcome.commandStatus));
  }
  return count;
}

function actionOf(commandStatus: number): string {
  return commandStatus === 0 ? 'accepted' : STANDARD_STATUSES.submitAnswer(commandStatus).action;
}

/** Nothing goes out after its time, unless a part of the message may have arrived, for all that was recorded by then. */
function checkTimeToLive(submits: readonly RunSubmit[], changes: Changes): void {
  const wasOver = ({ messageId, index, atMs, outcome }: RunSubmit, byMs: number): boolean => {
    if (outcome?.kind !== 'answered' || outcome.commandStatus === 0 || atMs + outcome.answeredInMs > byMs) return false;
    const says = ({ change }: (typeof changes)[number]) =>
      (change.kind === 'segment_not_accepted' || change.kind === 'segment_refused') && change.index === index;
    return (
      actionOf(outcome.commandStatus) === 'pause' ||
      changes.some((entry) => entry.messageId === messageId && entry.atMs > atMs && entry.atMs <= byMs && says(entry))
    );
  };
  for (const [i, submit] of submits.entries()) {
    const { messageId, atMs, expiresAt } = submit;
    if (CREATED_AT + atMs < expiresAt) continue;
    // A crash leaves it open whether what was marked had been written.
    const crashed = changes.some((entry) => entry.messageId === messageId && entry.change.kind === 'abandoned');
    expect(crashed || submits.slice(0, i).some((earlier) => !wasOver(earlier, atMs))).toBe(true);
  }
}

test('nothing is lost, nothing is sent twice but by policy, whatever fails in whatever order', async () => {
  const seen = { submits: 0, resends: 0, statuses: new Set<string>() };
  await fc.assert(
    fc.asyncProperty(schedule, async (plan) => {
      const run = new Run(plan);
      await run.toTheEnd();
      const { messages, lanes } = run.rig;

      // Every message ended, or went out and waits for its receipt, and no queue has it any more.
      for (const message of messages.all()) {
        expect(['sent', 'expired', 'failed', 'undelivered', 'unknown']).toContain(message.status);
        expect(message.claim).toBeUndefined();
        seen.statuses.add(message.status);
      }
      expect(messages.all()).toHaveLength(plan.sendings.length);
      expect(lanes.left).toEqual([]);
      for (const { outbound } of run.rigs) expect(outbound.heldByLane).toEqual({ otp: 0, transactional: 0, bulk: 0 });

      // Nothing went out unmarked, nor a second time without a reason.
      expect(run.unmarked).toEqual([]);
      const bySegment = Map.groupBy(run.submits, ({ messageId, index }) => `${messageId}/${index}`);
      for (const submits of bySegment.values()) {
        const resends = blindResends(submits, messages.changes);
        expect(resends).toBeLessThanOrEqual(submits[0]?.messageId.startsWith('msg_bulk') ? 0 : 1);
        seen.resends += resends;
      }
      for (const message of messages.all()) {
        if (message.status !== 'sent') continue;
        // Sent means that the message centre said so of every part, and that its receipts will find the message.
        for (const index of message.segments.keys()) {
          const last = bySegment.get(`${message.messageId}/${index}`)?.at(-1);
          expect(last?.outcome).toMatchObject({ kind: 'answered', commandStatus: 0 });
          expect(messages.segmentRows).toContainEqual(expect.objectContaining({ messageId: message.messageId, index }));
        }
      }
      for (const submits of Map.groupBy(run.submits, ({ messageId }) => messageId).values())
        checkTimeToLive(submits, messages.changes);
      seen.submits += run.submits.length;
    }),
    { numRuns: 400, endOnFailure: process.env['SHRINK'] === undefined },
  );
  // Else nothing was shown.
  expect(seen.submits).toBeGreaterThan(500);
  expect(seen.resends).toBeGreaterThan(10);
  expect([...seen.statuses].sort()).toEqual(['expired', 'failed', 'sent', 'undelivered', 'unknown']);
}, 120_000);
