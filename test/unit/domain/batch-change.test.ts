import { describe, expect, test } from 'vitest';
import type { Batch } from '../../../shared/domain/batch.ts';
import { applyBatchChange, type BatchChange, STEP_LOST_MS, stepAt } from '../../../shared/domain/batch-change.ts';
import { runningBatch } from '../../fixtures/batch.ts';
import { CREATED_AT } from '../../fixtures/message.ts';

const AT = CREATED_AT + 1_000;
const events = ({ history }: Batch) => history.map(({ event }) => event);

function apply(batch: Batch, ...changes: BatchChange[]): Batch {
  return changes.reduce((before, change) => {
    const result = applyBatchChange(before, change);
    if (result.kind === 'unchanged') throw new Error(`${change.kind} changed nothing`);
    expect(result.batch.version).toBe(before.version + 1);
    return result.batch;
  }, batch);
}

const accepting = (different: Partial<Batch> = {}) =>
  runningBatch({ status: 'accepting', history: [], sequence: 0, ...different });
const fed = (tick: number, done = false): BatchChange => ({
  kind: 'fed',
  feeding: { tick, pending: [0], next: 1, slotAt: 0 },
  waitMs: 2_000,
  done,
  at: AT,
});

describe('a batch', () => {
  test('is opened, paused, resumed, fed and completed, each with an event and a new step', () => {
    const opened = apply(accepting(), { kind: 'opened', at: AT });
    expect(opened).toMatchObject({ status: 'running', feeding: { tick: 2 }, dueAt: AT + STEP_LOST_MS });
    const paused = apply(opened, { kind: 'paused', at: AT }, { kind: 'settled', tick: 3, at: AT });
    expect(paused).not.toHaveProperty('dueAt');
    const resumed = apply(paused, { kind: 'resumed', at: AT });
    expect(resumed).toMatchObject({ status: 'running', feeding: { tick: 4 }, dueAt: AT + STEP_LOST_MS });
    const done = apply(resumed, fed(5), fed(6, true));
    expect(done).toMatchObject({ status: 'done', statusAt: AT });
    expect(done).not.toHaveProperty('dueAt');
    expect(events(done)).toEqual(['started', 'paused', 'resumed', 'completed']);
    expect(done.history.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
  });

  test('of which nothing was accepted is done at once, and no event', () => {
    const batch = apply(accepting({ accepted: '000' }), { kind: 'opened', at: AT });
    expect(batch).toMatchObject({ status: 'done', history: [] });
    expect(batch).not.toHaveProperty('dueAt');
  });

  test('that was never opened is given up without an event', () => {
    const batch = apply(accepting(), { kind: 'canceled', at: AT });
    expect(batch).toMatchObject({ status: 'canceled', history: [], dueAt: AT + STEP_LOST_MS });
  });

  test.each([
    ['paused', { kind: 'paused', at: AT }],
    ['running', { kind: 'resumed', at: AT }],
    ['canceled', { kind: 'paused', at: AT }],
    ['canceled', { kind: 'resumed', at: AT }],
    ['canceled', { kind: 'canceled', at: AT }],
    ['done', { kind: 'canceled', at: AT }],
    ['running', { kind: 'opened', at: AT }],
    ['canceled', { kind: 'opened', at: AT }],
    ['paused', fed(2)],
    ['canceled', fed(2)],
    ['running', fed(1)],
    ['running', fed(3)],
    ['running', { kind: 'settled', tick: 1, at: AT }],
    ['paused', { kind: 'settled', tick: 0, at: AT }],
  ] as [Batch['status'], BatchChange][])('that is %s is not changed by %j', (status, change) => {
    expect(applyBatchChange(runningBatch({ status }), change)).toEqual({ kind: 'unchanged' });
  });

  test('a pause makes the step void that was under way', () => {
    const paused = apply(runningBatch(), { kind: 'paused', at: AT }, { kind: 'resumed', at: AT });
    expect(applyBatchChange(paused, fed(2))).toEqual({ kind: 'unchanged' });
  });

  test('is woken when its next step is overdue, once', () => {
    const late = CREATED_AT + 60_000;
    expect(applyBatchChange(runningBatch(), { kind: 'woken', at: late - 1 }).kind).toBe('unchanged');
    const woken = apply(runningBatch(), { kind: 'woken', at: late });
    expect(woken).toMatchObject({ feeding: { tick: 2 }, dueAt: late + STEP_LOST_MS });
    expect(applyBatchChange(woken, { kind: 'woken', at: late }).kind).toBe('unchanged');
  });

  test('keeps its last fifty events', () => {
    let batch = runningBatch();
    for (let turn = 0; turn < 40; turn += 1) {
      batch = apply(batch, { kind: 'paused', at: AT }, { kind: 'resumed', at: AT });
    }
    expect(batch.history).toHaveLength(50);
    expect(batch.history.at(-1)).toMatchObject({ event: 'resumed', sequence: 81 });
  });
});

describe('a batch that starts later', () => {
  const minutes = (count: number) => CREATED_AT + count * 60_000;

  test('has its step in the queue where that can hold it back', () => {
    expect(stepAt(runningBatch({ startsAt: minutes(9) }), CREATED_AT)).toBe(minutes(9));
    expect(stepAt(runningBatch({ startsAt: minutes(60) }), CREATED_AT)).toBeUndefined();
    expect(stepAt(runningBatch({ status: 'canceled', startsAt: minutes(60) }), CREATED_AT)).toBe(CREATED_AT);
  });

  test('is woken by the sweep minutes before it starts, while the queue can hold its step back', () => {
    const batch = apply(accepting({ startsAt: minutes(60) }), { kind: 'opened', at: CREATED_AT });
    expect(batch.dueAt).toBe(minutes(55));
    expect(stepAt(batch, minutes(56))).toBe(minutes(60));
  });
});
