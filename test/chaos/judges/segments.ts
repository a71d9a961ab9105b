import { e164Of } from '../../e2e/fixture-operator.ts';
import { type Evidence, type Finding, type SegmentHistory, segmentHistories } from '../evidence.ts';

/** Nothing is at the operator twice but by policy (promise P5), and what is there is what was sent. */
export function judgeSegments(evidence: Evidence): Finding {
  const histories = segmentHistories(evidence);
  const segments = [...histories.values()].flat();
  const texts = textDifferences(evidence, histories);
  const strangers = strangersIn(evidence);
  const repeated = segments.filter(({ taken }) => taken.length > 1);
  const excess = segments.filter(({ taken, segment }) => taken.length > 1 + segment.resends);
  const sum = (some: readonly SegmentHistory[], of: (one: SegmentHistory) => number) =>
    some.reduce((total, one) => total + of(one), 0);
  const beyond = sum(excess, ({ taken, segment }) => taken.length - 1 - segment.resends);
  return {
    rows: [
      ['segments taken by the operator', sum(segments, ({ taken }) => taken.length)],
      ['duplicates by policy', sum(repeated, ({ taken }) => taken.length - 1) - beyond],
      ['duplicates beyond it', beyond],
      ['segments with an unknown outcome', segments.filter(({ segment }) => segment.state === 'unanswered').length],
      ['segments sent again by policy', sum(segments, ({ segment }) => segment.resends)],
      ['texts unequal', texts.length],
    ],
    broken: [
      ...excess.map(
        (one) => `${nameOf(one)}: ${one.taken.length} times at the operator, sent again ${one.segment.resends} times`,
      ),
      ...segments.filter(isAgainstPolicy).map((one) => `${nameOf(one)}: sent again ${one.segment.resends} times`),
      ...segments.filter(hasStrangeId).map((one) => `${nameOf(one)}: has an id that the operator did not give to it`),
      ...texts,
      ...strangers,
    ],
  };
}

export function nameOf({ message, index }: SegmentHistory): string {
  return `${message.messageId} (${message.lane}), segment ${index + 1} of ${message.segments.length}`;
}

function isAgainstPolicy({ message, segment }: SegmentHistory): boolean {
  return segment.resends > (message.lane === 'bulk' ? 0 : 1);
}

function hasStrangeId({ segment, taken }: SegmentHistory): boolean {
  const { mcMessageId } = segment;
  return mcMessageId !== undefined && !taken.some(({ messageId }) => messageId === mcMessageId);
}

/** The text of every message that the operator has taken whole, and each repetition octet by octet. */
function textDifferences({ requests }: Evidence, histories: Map<string, SegmentHistory[]>): string[] {
  const sent = new Map(requests.map(({ message }) => [message.to, message.text]));
  return [...histories.values()].flatMap((segments) => {
    const [first] = segments;
    if (first === undefined || segments.some(({ taken }) => taken.length === 0)) return [];
    const text = segments.map(({ taken }) => taken[0]?.text).join('');
    const whole = text === sent.get(first.message.to) ? [] : [`${first.message.messageId}: another text arrived`];
    const changed = segments.filter(({ taken }) =>
      taken.some(({ octets }) => taken[0]?.octets.equals(octets) !== true),
    );
    return [...whole, ...changed.map((one) => `${nameOf(one)}: was another one when it was sent again`)];
  });
}

/** Submits to numbers that nobody asked for. */
function strangersIn({ requests, submits }: Evidence): string[] {
  const known = new Set(requests.map(({ message }) => message.to));
  const strangers = submits.filter(({ destination }) => !known.has(e164Of(destination)));
  return strangers.map(({ sequence, link }) => `submit ${sequence} on connection ${link}: nobody asked for it`);
}
