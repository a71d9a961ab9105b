import type { Batch, BatchEvent, BatchStatus, Feeding } from './batch.ts';

/** How long after a step should have been made the sweep takes it for lost, milliseconds. */
export const STEP_LOST_MS = 60_000;
/** After which an acceptance that did not end was broken off: its caller was told that it failed, or nothing at all. */
export const ACCEPTANCE_LOST_MS = 15 * 60_000;
/** A queue holds a step back for 15 minutes at most; what starts later is woken by the sweep. */
const LONGEST_HOLD_MS = 10 * 60_000;
const MOST_HISTORY = 50;

/** Everything that can happen to a batch. `at` is epoch milliseconds. */
export type BatchChange =
  /** All of its messages are stored. */
  | { kind: 'opened'; at: number }
  | { kind: 'paused'; at: number }
  | { kind: 'resumed'; at: number }
  | { kind: 'canceled'; at: number }
  /** A step of feeding it is about to be made; the next one follows after `waitMs`. */
  | { kind: 'fed'; feeding: Feeding; waitMs: number; done: boolean; at: number }
  /** What was to be done for one that is paused or canceled is done. */
  | { kind: 'settled'; tick: number; at: number }
  /** Its next step was lost: a new one takes its number. */
  | { kind: 'woken'; at: number };

export type BatchChangeResult = { kind: 'changed'; batch: Batch } | { kind: 'unchanged' };

const UNCHANGED: BatchChangeResult = { kind: 'unchanged' };

/** The one place where a batch changes. Pure, so that a writer that lost a race reads again and applies its change again. */
export function applyBatchChange(batch: Batch, change: BatchChange): BatchChangeResult {
  const { status } = batch;
  switch (change.kind) {
    case 'opened':
      return status === 'accepting' ? open(batch, change.at) : UNCHANGED;
    case 'paused':
      return status === 'running' ? enter(batch, 'paused', 'paused', change.at) : UNCHANGED;
    case 'resumed':
      return status === 'paused' ? enter(batch, 'running', 'resumed', change.at) : UNCHANGED;
    case 'canceled':
      return status === 'done' || status === 'canceled' ? UNCHANGED : cancel(batch, change.at);
    case 'fed':
      return status === 'running' && change.feeding.tick === batch.feeding.tick + 1 ? feed(batch, change) : UNCHANGED;
    case 'settled':
      return (status === 'paused' || status === 'canceled') && change.tick === batch.feeding.tick
        ? changed(batch, { dueAt: undefined })
        : UNCHANGED;
    case 'woken':
      return batch.dueAt !== undefined && batch.dueAt <= change.at
        ? changed(batch, { ...step(batch), dueAt: dueAt(batch, change.at) })
        : UNCHANGED;
  }
}

/** When the next step of a batch is to be made, epoch milliseconds; undefined where the sweep wakes it for that. */
export function stepAt({ status, startsAt }: Pick<Batch, 'status' | 'startsAt'>, now: number): number | undefined {
  if (status !== 'running' || startsAt <= now) return now;
  return startsAt - now <= LONGEST_HOLD_MS ? startsAt : undefined;
}

type Fields = { [K in keyof Batch]?: Batch[K] | undefined };

function changed(batch: Batch, fields: Fields): BatchChangeResult {
  const next = { ...batch, ...fields, version: batch.version + 1 };
  if (next.dueAt === undefined) delete next.dueAt;
  return { kind: 'changed', batch: next as Batch };
}

/** Calls for an earlier step come too late from now on. */
function step({ feeding }: Batch): { feeding: Feeding } {
  return { feeding: { ...feeding, tick: feeding.tick + 1 } };
}

function enter(batch: Batch, status: BatchStatus, event: BatchEvent, at: number): BatchChangeResult {
  const sequence = batch.sequence + 1;
  return changed(batch, {
    ...step(batch),
    status,
    statusAt: at,
    sequence,
    history: [...batch.history, { event, at, sequence }].slice(-MOST_HISTORY),
    dueAt: status === 'done' ? undefined : dueAt({ ...batch, status }, at),
  });
}

function dueAt(batch: Pick<Batch, 'status' | 'startsAt'>, at: number): number {
  // A sweep comes each minute: woken by the first of those minutes, it still has the rest of them ahead.
  return (stepAt(batch, at) ?? batch.startsAt - LONGEST_HOLD_MS / 2 - STEP_LOST_MS) + STEP_LOST_MS;
}

function open(batch: Batch, at: number): BatchChangeResult {
  if (batch.accepted.includes('1')) return enter(batch, 'running', 'started', at);
  return changed(batch, { status: 'done', statusAt: at, dueAt: undefined });
}

/** One that was never opened was never there, and nobody is told of its end. */
function cancel(batch: Batch, at: number): BatchChangeResult {
  if (batch.status !== 'accepting') return enter(batch, 'canceled', 'canceled', at);
  return changed(batch, { ...step(batch), status: 'canceled', statusAt: at, dueAt: at + STEP_LOST_MS });
}

function feed(batch: Batch, { feeding, waitMs, done, at }: Extract<BatchChange, { kind: 'fed' }>): BatchChangeResult {
  if (done) return enter({ ...batch, feeding }, 'done', 'completed', at);
  return changed(batch, { feeding, dueAt: at + waitMs + STEP_LOST_MS });
}
