import { isFinal, type Message } from './message.ts';
import { segmentAt } from './segments.ts';
import { type ChangeResult, changed, entryTime, UNCHANGED } from './status-entry.ts';

/** Most reports in one timeline: a message centre that tells of every try must not let the message grow. */
export const MOST_REPORTS = 8;
/** Words are of 7 letters (SMPP 3.4 appendix B); what a vendor makes up may be anything. */
const LONGEST_WORD = 20;
const REPORT = 'the operator reports ';

/** What the operator says of a segment on its way: a line in the timeline, each word once, and no change that is published. */
export function reported(message: Message, { index, word, at }: Report): ChangeResult {
  segmentAt(message, index);
  if (isFinal(message.status)) return UNCHANGED;
  const ofSegment = message.segments.length === 1 ? '' : ` of segment ${index + 1}`;
  const detail = `${REPORT}${word.slice(0, LONGEST_WORD)}${ofSegment}`;
  const earlier = message.timeline.flatMap((entry) => (entry.detail?.startsWith(REPORT) ? [entry.detail] : []));
  if (earlier.length >= MOST_REPORTS || earlier.includes(detail)) return UNCHANGED;
  const entry = { status: message.status, at: entryTime(message, at), detail };
  return changed(message, { timeline: [...message.timeline, entry] });
}

interface Report {
  /** Segment index, from 0. */
  index: number;
  word: string;
  at: number;
}
