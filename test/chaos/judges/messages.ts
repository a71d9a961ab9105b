import { LANES } from '../../../shared/config/account.ts';
import type { Message } from '../../../shared/domain/message.ts';
import { type Evidence, type Finding, type SegmentHistory, segmentHistories } from '../evidence.ts';
import { ReceiptBook } from './receipt-book.ts';

export const COLUMNS = ['delivered', 'undelivered', 'expired', 'failed', 'unknown', 'waiting'] as const;
export type Column = (typeof COLUMNS)[number];

/** Where an accepted message stands; undefined where it may not stand there at all. */
function columnOf({ status }: Message): Column | undefined {
  switch (status) {
    case 'delivered':
    case 'undelivered':
    case 'expired':
    case 'failed':
    case 'unknown':
      return status;
    case 'queued':
    case 'sending':
    case 'sent':
      return 'waiting';
    case 'scheduled':
    case 'canceled':
      return undefined;
  }
}

/** Every accepted message is stored and in one column, and everything that Bindery says of it is so (promises P1 and P4). */
export function judgeMessages(evidence: Evidence): Finding {
  const stored = new Map(evidence.messages.map((message) => [message.messageId, message]));
  const accepted = evidence.requests.flatMap(({ messageId }) => messageId ?? []);
  const missing = accepted.filter((id) => !stored.has(id));
  const found = accepted.flatMap((id) => stored.get(id) ?? []);
  const explain = explainer(evidence);
  return {
    rows: [...ledgerRows(found, accepted.length), ...waitingRows(found), ...aroundRows(evidence, stored)],
    broken: [
      ...missing.map((id) => `${id}: accepted, and not in the table`),
      ...evidence.messages.flatMap((message) => {
        const wrong = columnOf(message) === undefined ? 'nobody asked for that' : explain(message);
        return wrong === undefined ? [] : [`${message.messageId} (${message.lane}) is ${message.status}: ${wrong}`];
      }),
      ...evidence.parked,
    ],
  };
}

function ledgerRows(found: readonly Message[], accepted: number): Finding['rows'] {
  const count = (column: Column, lane: string) =>
    found.filter((message) => message.lane === lane && columnOf(message) === column).length;
  const lanes = (of: (lane: string) => number) => LANES.map((lane) => `${lane} ${of(lane)}`).join(', ');
  const counts = COLUMNS.map((column) => ({ column, perLane: LANES.map((lane) => count(column, lane)) }));
  const total = (perLane: number[]) => perLane.reduce((sum, each) => sum + each, 0);
  return [
    ['accepted', `${accepted} (${lanes((lane) => found.filter((message) => message.lane === lane).length)})`],
    ...counts.map(({ column, perLane }): [string, string] => [
      `  ${column}`,
      `${total(perLane)} (${LANES.map((lane, index) => `${lane} ${perLane[index]}`).join(', ')})`,
    ]),
    ['accepted minus all of these', accepted - total(counts.map(({ perLane }) => total(perLane)))],
  ];
}

function waitingRows(found: readonly Message[]): Finding['rows'] {
  const sent = found.filter(({ status }) => status === 'sent').length;
  const queued = found.filter(({ status }) => status === 'queued' || status === 'sending').length;
  return [
    ['waiting for a receipt that the operator never sent', sent],
    ['waiting for the sweep', queued],
  ];
}

function aroundRows(
  { requests, deadLetters, parked, callsHit }: Evidence,
  stored: Map<string, Message>,
): Finding['rows'] {
  const refused = requests.filter(({ messageId }) => messageId === undefined);
  const statuses = Map.groupBy(refused, ({ status }) => (status === 0 ? 'no answer' : String(status)));
  const kinds = [...statuses].map(([status, all]) => `${all.length} × ${status}`).join(', ');
  const byNumber = new Set([...stored.values()].map(({ to }) => to));
  return [
    ['requests refused', refused.length === 0 ? 0 : `${refused.length} (${kinds})`],
    ['  of them stored all the same', refused.filter(({ message }) => byNumber.has(message.to)).length],
    ['in the dead-letter queues of the lanes', deadLetters.length],
    ['records parked by triggers', parked.length],
    ['calls of AWS that were made to fail', [...callsHit].map(([kind, count]) => `${count} × ${kind}`).join(', ') || 0],
  ];
}

/** Why a message can't be what it says it is; undefined where all is well. */
function explainer(evidence: Evidence): (message: Message) => string | undefined {
  const histories = segmentHistories(evidence);
  const receipts = new ReceiptBook(evidence);
  const dead = new Set(evidence.deadLetters);
  return (message) => {
    const segments = histories.get(message.messageId) ?? [];
    const reported = (stat: string) => (segment: SegmentHistory) => receipts.sent(segment, stat);
    switch (message.status) {
      case 'delivered':
        return segments.every(reported('DELIVRD')) ? undefined : 'the operator never said so';
      case 'undelivered':
        return segments.some(reported('UNDELIV')) || segments.some(wasRefused)
          ? undefined
          : 'the operator never said so';
      case 'expired':
        return explainExpired(message, segments, segments.some(reported('EXPIRED')));
      case 'failed':
        if (segments.some(({ taken }) => taken.length > 0)) return 'the operator has taken some of it';
        return segments.some(wasRefused) ? undefined : 'the operator never refused it';
      case 'unknown':
        return segments.some(isUncertain) || segments.some(reported('UNKNOWN')) ? undefined : 'it could be known';
      case 'sent':
        return segments.every((segment) => receipts.acknowledgedFor(segment)) ? 'its receipts came' : undefined;
      case 'queued':
      case 'sending':
        if (dead.has(message.messageId)) return 'it is in a dead-letter queue';
        return (message.dueAt ?? 0) > evidence.takenAt ? undefined : 'and nothing will come for it';
      case 'scheduled':
      case 'canceled':
        return undefined;
    }
  };
}

function explainExpired(message: Message, segments: SegmentHistory[], reported: boolean): string | undefined {
  if (message.error?.code === 'expired_at_operator') return reported ? undefined : 'the operator never said so';
  if (segments.some(({ taken }) => taken.length > 0)) return 'the operator has taken some of it';
  return message.expiresAt <= message.statusAt ? undefined : 'before its time';
}

function wasRefused({ segment, submits }: SegmentHistory): boolean {
  return segment.state === 'refused' && submits.some(({ status }) => (status ?? 0) !== 0);
}

function isUncertain({ segment }: SegmentHistory): boolean {
  return segment.state === 'unanswered' || (segment.state === 'waiting' && segment.resends > 0);
}
