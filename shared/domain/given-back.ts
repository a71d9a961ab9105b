import type { TimelineEntry } from './message.ts';

/** Most entries of it in one timeline: what an operator has no room for is tried for as long as it lives, which may be weeks. */
export const MOST_RETURNS = 8;

const RETURNED = 'given back, nothing was accepted';

/** Notes that a message is queued again. Of many times the timeline tells of the first ones, and of the last. */
export function withReturn(timeline: readonly TimelineEntry[], at: number): TimelineEntry[] {
  const last = timeline.findLastIndex(isReturn);
  const isFull = timeline.filter(isReturn).length >= MOST_RETURNS;
  // The last one goes, and that it was taken again after it.
  const kept = timeline.filter(
    ({ status }, index) => !isFull || index < last || (index > last && status !== 'sending'),
  );
  return [...kept, { status: 'queued', at, detail: RETURNED }];
}

function isReturn({ detail }: TimelineEntry): boolean {
  return detail === RETURNED;
}
