import type { Batch, Feeding, SpeedLimit } from './batch.ts';
import type { Message } from './message.ts';

/** How much of a lane's rate one batch keeps in its queue, and how far ahead of its speed limit it is fed, milliseconds. */
export const AHEAD_MS = 4_000;
/** Between two steps while there is something to feed, seconds: half of what is kept ahead, so that a lane never runs dry. */
const STEP_SECONDS = 2;
/** Between two steps while nothing can be fed. */
const IDLE_SECONDS = 5;
const LONGEST_STEP_SECONDS = 30;

export interface FeedItem {
  index: number;
  /** `waiting`: in the table only; `in_lane`: on its way to the wire; `gone`: handed over, at its end, or deleted. */
  state: 'waiting' | 'in_lane' | 'gone';
  /** That may still go to the wire. */
  segments: number;
}

export interface FeedPlan {
  /** To be put into the lane now, to appear there after so many seconds. */
  feed: { index: number; delaySeconds: number }[];
  /** As it is stored before anything is fed. */
  feeding: Feeding;
  /** Until the next step. */
  waitSeconds: number;
  /** Nothing is left to feed, and all that was fed has left its lane. */
  done: boolean;
}

export interface FeedState {
  batch: Pick<Batch, 'accepted' | 'feeding' | 'speedLimit'>;
  /** As `batch.feeding.pending` names them. */
  pending: readonly FeedItem[];
  /** Those that come next, in order, as many as {@link roomFor} says. */
  candidates: readonly FeedItem[];
  /** Rate of the account. */
  segmentsPerSecond: number;
  /** Epoch milliseconds. */
  now: number;
}

/** What the item of a message is to its batch's feeder. @param message undefined where it does not exist any more */
export function feedItemOf(index: number, message: Message | undefined): FeedItem {
  if (message === undefined) return { index, state: 'gone', segments: 0 };
  const { status, held } = message;
  const segments = message.segments.filter(({ state }) => state === 'waiting' || state === 'submitting').length;
  if (status === 'scheduled' || (status === 'queued' && held)) return { index, state: 'waiting', segments };
  return { index, state: status === 'queued' || status === 'sending' ? 'in_lane' : 'gone', segments };
}

/**
 * Segments that may be put into the lane: what drains in a few seconds, less what of this batch is still there. So a batch
 * goes as fast as its lane does, whatever else is in it, and what it has in the lane when it is paused is soon through.
 */
export function roomFor(pending: readonly FeedItem[], segmentsPerSecond: number): number {
  const ahead = Math.max(1, Math.floor((segmentsPerSecond * AHEAD_MS) / 1000));
  return ahead - sum(pending.filter(({ state }) => state !== 'gone'));
}

/** One step of feeding a batch. Pure: whoever plans the same step plans the same. */
export function planFeed({ batch, pending, candidates, segmentsPerSecond, now }: FeedState): FeedPlan {
  const { feeding, speedLimit } = batch;
  const feed: FeedPlan['feed'] = [];
  let slotAt = Math.max(now, feeding.slotAt);
  const put = ({ index, segments }: FeedItem) => {
    feed.push({ index, delaySeconds: speedLimit ? Math.ceil((slotAt - now) / 1000) : 0 });
    slotAt += speedLimit ? segments * msPerSegment(speedLimit) : 0;
  };
  const kept = pending.filter(({ state }) => state !== 'gone');
  // Held back by a pause, or of a step that broke off after it was stored: these have their turn already.
  for (const item of kept) if (item.state === 'waiting') put(item);
  const fed = kept.map(({ index }) => index);
  let room = roomFor(pending, segmentsPerSecond);
  let { next } = feeding;
  for (const item of candidates) {
    if (room <= 0 || (speedLimit && slotAt > now + AHEAD_MS)) break;
    if (item.state === 'waiting') put(item);
    if (item.state !== 'gone') fed.push(item.index);
    room -= item.state === 'gone' ? 0 : item.segments;
    next = item.index + 1;
  }
  return {
    feed,
    feeding: { tick: feeding.tick + 1, pending: fed, next, slotAt: Math.ceil(slotAt) },
    waitSeconds: waitSeconds(feed.length > 0, speedLimit ? slotAt - now : 0),
    done: fed.length === 0 && !batch.accepted.includes('1', next),
  };
}

function waitSeconds(hasFed: boolean, untilSlotMs: number): number {
  const untilFedSeconds = Math.ceil((untilSlotMs - AHEAD_MS) / 1000);
  const least = hasFed || untilSlotMs > 0 ? STEP_SECONDS : IDLE_SECONDS;
  return Math.min(LONGEST_STEP_SECONDS, Math.max(least, untilFedSeconds));
}

export function msPerSegment({ segments, per }: SpeedLimit): number {
  return (per === 'second' ? 1_000 : 60_000) / segments;
}

function sum(items: readonly FeedItem[]): number {
  return items.reduce((total, { segments }) => total + segments, 0);
}
