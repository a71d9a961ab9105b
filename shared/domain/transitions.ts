import { withoutRecipient } from './erasure.ts';
import { withReturn } from './given-back.ts';
import { isFinal, type Message, type MessageStatus, type Segment } from './message.ts';
import type { MessageChange } from './message-change.ts';
import { reported } from './operator-report.ts';
import { QUEUED_CHECK_MS } from './schedule.ts';
import {
  accepted,
  failureOf,
  mayBeThere,
  mayHaveArrived,
  notAccepted,
  received,
  refused,
  segmentAt,
  statusOf,
  unanswered,
  waitingSegments,
} from './segments.ts';
import { type ChangeResult, changed, enter, entryTime, replaced, UNCHANGED } from './status-entry.ts';

export type { MessageChange } from './message-change.ts';
export { type ChangeResult, RECEIPT_WINDOW_MS, receiptWindowEnd } from './status-entry.ts';

/** How long a claimed message may take before the sweep looks at it, milliseconds. */
export const SENDING_CHECK_MS = 10 * 60_000;

/**
 * The one place where a message changes. Pure: the same message and change give the same result, whoever asks, so a writer
 * that lost a race reads again and applies its change again. Nothing ever goes backwards (promise P7): a change that comes
 * too late is `unchanged`.
 */
export function applyChange(message: Message, change: MessageChange): ChangeResult {
  if (isOvertaken(message, change)) return UNCHANGED;
  switch (change.kind) {
    case 'claimed':
      return claim(message, change);
    case 'segment_submitting':
      return moveSegment(message, change.index, change.at, (segment) =>
        segment.state === 'waiting' && message.status === 'sending' ? { ...segment, state: 'submitting' } : undefined,
      );
    case 'segment_accepted':
      return moveSegment(message, change.index, change.at, (segment) =>
        segment.state === 'accepted' ? undefined : accepted(segment, change),
      );
    case 'segment_refused':
      return moveSegment(message, change.index, change.at, (segment) => refused(segment, change));
    case 'segment_not_accepted':
      return moveSegment(message, change.index, change.at, (segment) => notAccepted(segment, change.refused));
    case 'segment_unanswered':
      return moveSegment(message, change.index, change.at, (segment) => unanswered(segment, change.policy));
    case 'abandoned':
      return abandon(message, change);
    case 'given_back':
      return giveBack(message, change.at);
    case 'reported':
      return reported(message, change);
    case 'receipt':
      return moveSegment(message, change.index, change.at, (segment) => received(segment, change));
    case 'expired':
      return expire(message, change.at);
    case 'canceled':
      return beforeTheWire(message) ? enter(message, 'canceled', change.at) : UNCHANGED;
    case 'released':
      return release(message, change.at);
    case 'held':
      return message.status === 'queued' && !message.held
        ? changed(message, { held: true, dueAt: message.expiresAt })
        : UNCHANGED;
    case 'erased':
      return replaced(message, withoutRecipient(message));
    case 'requeued':
      return requeued(message, change);
    case 'receipt_window_passed':
      return message.status === 'sent'
        ? enter(message, 'unknown', change.at, { detail: 'no final receipt in time' })
        : UNCHANGED;
    case 'failed':
      return isFinal(message.status) || message.segments.some(mayBeThere)
        ? UNCHANGED
        : enter(message, 'failed', change.at, { error: change.error });
  }
}

/** What an owner says of its own work is void once a newer one has claimed the message. What the message centre said never is. */
function isOvertaken({ claim }: Message, { kind, fence }: MessageChange): boolean {
  if (claim === undefined || fence === undefined || claim.fence <= fence) return false;
  return (
    kind === 'segment_submitting' ||
    kind === 'segment_not_accepted' ||
    kind === 'segment_unanswered' ||
    kind === 'given_back'
  );
}

function claim(message: Message, change: { owner: string; fence: number; at: number }): ChangeResult {
  const first = waitingSegments(message)[0];
  const free = message.status === 'queued' || (message.status === 'sending' && message.claim === undefined);
  if (!free || first === undefined) return UNCHANGED;
  const taken: Partial<Message> = {
    claim: { owner: change.owner, fence: change.fence, at: change.at },
    segments: message.segments.with(first, { ...segmentAt(message, first), state: 'submitting' }),
    dueAt: change.at + SENDING_CHECK_MS,
  };
  if (message.status === 'sending') return changed(message, taken);
  return enter({ ...message, ...taken }, 'sending', change.at);
}

/** Changes one segment and lets the message's status follow from all of them. */
function moveSegment(
  message: Message,
  index: number,
  at: number,
  move: (segment: Segment) => Segment | undefined,
): ChangeResult {
  const segment = move(segmentAt(message, index));
  if (segment === undefined) return UNCHANGED;
  const next = { ...message, segments: message.segments.with(index, segment) };
  const status = statusOf(next);
  if (status === undefined || status === message.status || !mayMove(message.status, status)) {
    return changed(message, { segments: next.segments });
  }
  const error = status === 'undelivered' || status === 'expired' || status === 'failed' ? failureOf(next) : undefined;
  return enter(next, status, at, error ? { error } : {});
}

/** Settles every segment that the dead claim may have written, then frees the message for the next claim. */
function abandon(message: Message, change: { policy: 'resend_once' | 'hold'; at: number }): ChangeResult {
  if (message.status !== 'sending' || message.claim === undefined) return UNCHANGED;
  let settled = message;
  for (const [index, segment] of message.segments.entries()) {
    if (segment.state !== 'submitting') continue;
    const result = applyChange(settled, { kind: 'segment_unanswered', index, policy: change.policy, at: change.at });
    if (result.kind === 'changed') settled = result.message;
  }
  const free = giveBack(settled, change.at);
  const next = free.kind === 'changed' ? free.message : settled;
  return replaced(message, next === message ? undefined : next);
}

function giveBack(message: Message, at: number): ChangeResult {
  if (message.status !== 'sending' || message.claim === undefined) return UNCHANGED;
  if (message.segments.some((segment) => segment.state === 'submitting')) return UNCHANGED;
  const { claim: _claim, ...free } = message;
  // It may wait in its queue for longer than it lives: then the sweep ends it in time.
  const rest = { ...free, dueAt: Math.min(free.dueAt ?? free.expiresAt, free.expiresAt) };
  if (message.segments.some(mayBeThere)) return replaced(message, rest);
  // Provably nothing was accepted: it is queued again, which is no news to the sender.
  const statusAt = entryTime(message, at);
  return replaced(message, { ...rest, status: 'queued', statusAt, timeline: withReturn(rest.timeline, statusAt) });
}

function expire(message: Message, at: number): ChangeResult {
  const error = { code: 'expired_in_queue', detail: 'its time to live ended before it could be sent', retryable: true };
  const onTheWire = message.segments.some((segment) => segment.state === 'submitting');
  if (isFinal(message.status) || message.status === 'sent' || onTheWire) return UNCHANGED;
  // Written before, never answered, and too late now to be written again.
  return message.segments.some(mayBeThere)
    ? enter(message, 'unknown', at, { detail: 'its time to live ended while the outcome of a submit was unknown' })
    : enter(message, 'expired', at, { error });
}

function release({ held, ...message }: Message, at: number): ChangeResult {
  const dueAt = Math.min(message.expiresAt, at + QUEUED_CHECK_MS);
  if (message.status === 'scheduled') return enter({ ...message, dueAt }, 'queued', at);
  return message.status === 'queued' && held ? changed(message, { dueAt }) : UNCHANGED;
}

/** Unchanged where it is not due any more: another sweep was quicker. Its end is never missed, and once past it is no cap. */
function requeued(message: Message, change: { dueAt: number; at: number }): ChangeResult {
  const waits = message.status === 'scheduled' || message.status === 'queued' || message.status === 'sending';
  if (!waits || message.dueAt === undefined || message.dueAt > change.at) return UNCHANGED;
  const dueAt = message.expiresAt > change.at ? Math.min(change.dueAt, message.expiresAt) : change.dueAt;
  return changed(message, { dueAt });
}

function beforeTheWire(message: Message): boolean {
  return (message.status === 'scheduled' || message.status === 'queued') && !message.segments.some(mayHaveArrived);
}

function mayMove(from: MessageStatus, to: MessageStatus): boolean {
  if (from === 'unknown') return to === 'delivered' || to === 'undelivered' || to === 'expired';
  return !isFinal(from);
}
