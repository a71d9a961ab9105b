import {
  isFinal,
  isPublished,
  type Message,
  type MessageError,
  type MessageStatus,
  type ReceiptState,
  type Segment,
} from './message.ts';

/** How long a sent message waits for its final receipt before it is `unknown`, milliseconds. */
export const RECEIPT_WINDOW_MS = 72 * 3_600_000;
/** How long a claimed message may take before the sweep looks at it, milliseconds. */
export const SENDING_CHECK_MS = 10 * 60_000;

/** Everything that can happen to a message after it was stored. `at` is epoch milliseconds, `index` counts segments from 0. */
export type MessageChange =
  /** A binder takes it; the first waiting segment goes to the wire next. */
  | { kind: 'claimed'; owner: string; fence: number; at: number }
  /** A further segment goes to the wire next. */
  | { kind: 'segment_submitting'; index: number; at: number }
  | { kind: 'segment_accepted'; index: number; mcMessageId?: string; at: number }
  /** Finally refused: no further try. */
  | { kind: 'segment_refused'; index: number; commandStatus: number; error: MessageError; at: number }
  /** Not accepted for sure (not written, or a temporary refusal): it waits again. */
  | { kind: 'segment_not_accepted'; index: number; at: number }
  /** Written and never answered. */
  | { kind: 'segment_unanswered'; index: number; policy: 'resend_once' | 'hold'; at: number }
  /** Its claim is dead (the binder crashed): what it left on the wire has an unknown outcome. */
  | { kind: 'abandoned'; policy: 'resend_once' | 'hold'; at: number }
  /** The binder gives it back; another may claim it. */
  | { kind: 'given_back'; at: number }
  | {
      kind: 'receipt';
      index: number;
      mcMessageId: string;
      state: ReceiptState;
      stat?: string;
      err?: string;
      at: number;
    }
  /** Its time to live ended before it was handed over. */
  | { kind: 'expired'; at: number }
  | { kind: 'canceled'; at: number }
  /** The sweep put its id into the queue again and looks at it later. */
  | { kind: 'requeued'; dueAt: number; at: number }
  | { kind: 'receipt_window_passed'; at: number }
  /** Nothing more can be done for it; the reason is in `error`. */
  | { kind: 'failed'; error: MessageError; at: number };

export type ChangeResult = { kind: 'changed'; message: Message } | { kind: 'unchanged' };

const UNCHANGED: ChangeResult = { kind: 'unchanged' };

/**
 * The one place where a message changes. Pure: the same message and change give the same result, whoever asks, so a writer
 * that lost a race reads again and applies its change again. Nothing ever goes backwards (promise P7): a change that comes
 * too late is `unchanged`.
 */
export function applyChange(message: Message, change: MessageChange): ChangeResult {
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
      return refuse(message, change);
    case 'segment_not_accepted':
      return moveSegment(message, change.index, change.at, (segment) =>
        segment.state === 'submitting' ? { ...segment, state: 'waiting' } : undefined,
      );
    case 'segment_unanswered':
      return moveSegment(message, change.index, change.at, (segment) => unanswered(segment, change.policy));
    case 'abandoned':
      return abandon(message, change);
    case 'given_back':
      return giveBack(message, change.at);
    case 'receipt':
      return moveSegment(message, change.index, change.at, (segment) => received(segment, change));
    case 'expired':
      return expire(message, change.at);
    case 'canceled':
      return beforeTheWire(message) ? enter(message, 'canceled', change.at) : UNCHANGED;
    case 'requeued':
      return message.status === 'queued' || message.status === 'sending'
        ? changed(message, { dueAt: Math.min(change.dueAt, Math.max(message.expiresAt, change.at + 1)) })
        : UNCHANGED;
    case 'receipt_window_passed':
      return message.status === 'sent'
        ? enter(message, 'unknown', change.at, { detail: 'no final receipt in time' })
        : UNCHANGED;
    case 'failed':
      return isFinal(message.status) || message.segments.some(mayHaveArrived)
        ? UNCHANGED
        : enter(message, 'failed', change.at, { error: change.error });
  }
}

/** Segments that may still go to the wire, in order. */
export function waitingSegments(message: Message): number[] {
  return message.segments.flatMap((segment, index) => (segment.state === 'waiting' ? [index] : []));
}

function changed(message: Message, fields: Partial<Message>): ChangeResult {
  return { kind: 'changed', message: { ...message, ...fields, version: message.version + 1 } };
}

/** Enters a status: number, timeline, times and the sweep's date follow from it. */
function enter(
  message: Message,
  status: MessageStatus,
  at: number,
  more: { error?: MessageError; detail?: string } = {},
): ChangeResult {
  const sequence = isPublished(status) ? message.sequence + 1 : message.sequence;
  const entry = {
    status,
    at,
    ...(isPublished(status) ? { sequence } : {}),
    ...(more.detail === undefined ? {} : { detail: more.detail }),
  };
  const next: Message = {
    ...message,
    version: message.version + 1,
    status,
    statusAt: at,
    sequence,
    timeline: [...message.timeline, entry],
    ...(more.error ? { error: more.error } : {}),
  };
  if (status === 'queued') {
    next.queuedAt = at;
    delete next.claim;
  }
  if (status === 'sent') {
    next.sentAt = at;
    next.dueAt = at + RECEIPT_WINDOW_MS;
    delete next.claim;
  }
  if (isFinal(status)) {
    next.finalizedAt = at;
    delete next.dueAt;
    delete next.claim;
  }
  return { kind: 'changed', message: next };
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

function segmentAt(message: Message, index: number): Segment {
  const segment = message.segments[index];
  if (!segment) throw new RangeError(`message ${message.messageId} has no segment ${index}`);
  return segment;
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
  const error = status === 'undelivered' || status === 'expired' ? receiptError(next) : undefined;
  return enter(next, status, at, error ? { error } : {});
}

function accepted(segment: Segment, change: { mcMessageId?: string; at: number }): Segment {
  // A late answer may follow a refusal by time-out or a hold: the message centre's word counts.
  return {
    ...segment,
    state: 'accepted',
    acceptedAt: change.at,
    ...(change.mcMessageId === undefined || change.mcMessageId === '' ? {} : { mcMessageId: change.mcMessageId }),
  };
}

function unanswered(segment: Segment, policy: 'resend_once' | 'hold'): Segment | undefined {
  if (segment.state !== 'submitting') return undefined;
  return policy === 'resend_once' && segment.resends === 0
    ? { ...segment, state: 'waiting', resends: 1 }
    : { ...segment, state: 'unanswered' };
}

function received(
  segment: Segment,
  change: { mcMessageId: string; state: ReceiptState; stat?: string; err?: string; at: number },
): Segment | undefined {
  // The first final word on a segment stands; only "unknown" may be corrected later.
  if (segment.receipt && segment.receipt.state !== 'unknown') return undefined;
  if (segment.receipt?.state === change.state) return undefined;
  return {
    ...segment,
    // A receipt proves that the message centre accepted it, even where the answer never came.
    state: 'accepted',
    acceptedAt: segment.acceptedAt ?? change.at,
    mcMessageId: segment.mcMessageId ?? change.mcMessageId,
    receipt: {
      state: change.state,
      at: change.at,
      ...(change.stat === undefined ? {} : { stat: change.stat }),
      ...(change.err === undefined ? {} : { err: change.err }),
    },
  };
}

function refuse(message: Message, change: Extract<MessageChange, { kind: 'segment_refused' }>): ChangeResult {
  const segment = segmentAt(message, change.index);
  if (segment.state === 'accepted' || segment.state === 'refused') return UNCHANGED;
  const segments = message.segments.with(change.index, {
    ...segment,
    state: 'refused',
    commandStatus: change.commandStatus,
  });
  if (isFinal(message.status)) return changed(message, { segments });
  const status = segments.some(mayHaveArrived) ? 'undelivered' : 'failed';
  return enter({ ...message, segments }, status, change.at, { error: change.error });
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
  return next === message ? UNCHANGED : { kind: 'changed', message: { ...next, version: message.version + 1 } };
}

function giveBack(message: Message, at: number): ChangeResult {
  if (message.status !== 'sending' || message.claim === undefined) return UNCHANGED;
  if (message.segments.some((segment) => segment.state === 'submitting')) return UNCHANGED;
  const { claim: _claim, ...rest } = message;
  if (message.segments.some(mayHaveArrived))
    return { kind: 'changed', message: { ...rest, version: message.version + 1 } };
  // Provably nothing was accepted: it is queued again, which is no news to the sender.
  const entry = { status: 'queued' as const, at, detail: 'given back, nothing was accepted' };
  return {
    kind: 'changed',
    message: {
      ...rest,
      status: 'queued',
      statusAt: at,
      timeline: [...rest.timeline, entry],
      version: rest.version + 1,
    },
  };
}

function expire(message: Message, at: number): ChangeResult {
  const error = { code: 'expired_in_queue', detail: 'its time to live ended before it could be sent', retryable: true };
  if (message.status === 'scheduled' || message.status === 'queued') return enter(message, 'expired', at, { error });
  const onTheWire = message.segments.some((segment) => segment.state === 'submitting');
  if (message.status !== 'sending' || onTheWire) return UNCHANGED;
  return enter(message, 'expired', at, { error });
}

function beforeTheWire(message: Message): boolean {
  return (message.status === 'scheduled' || message.status === 'queued') && !message.segments.some(mayHaveArrived);
}

function mayHaveArrived(segment: Segment): boolean {
  return segment.state === 'accepted' || segment.state === 'unanswered';
}

/** What the segments together say, or undefined while they say nothing new. */
function statusOf(message: Message): MessageStatus | undefined {
  const { segments } = message;
  const says = (state: ReceiptState) => segments.some((segment) => segment.receipt?.state === state);
  if (says('undelivered')) return 'undelivered';
  if (says('expired')) return 'expired';
  if (segments.every((segment) => segment.receipt?.state === 'delivered')) return 'delivered';
  const settled = segments.every((segment) => segment.receipt !== undefined || segment.state === 'unanswered');
  if (settled) return 'unknown';
  if (segments.every((segment) => segment.state === 'accepted')) return 'sent';
  if (segments.every(mayHaveArrived)) return 'unknown';
  return undefined;
}

function mayMove(from: MessageStatus, to: MessageStatus): boolean {
  if (from === 'unknown') return to === 'delivered' || to === 'undelivered' || to === 'expired';
  return !isFinal(from);
}

function receiptError(message: Message): MessageError | undefined {
  const receipt = message.segments.find(
    ({ receipt }) => receipt?.state === 'undelivered' || receipt?.state === 'expired',
  )?.receipt;
  if (!receipt) return undefined;
  return {
    code: receipt.state === 'expired' ? 'expired_at_operator' : 'undelivered',
    detail: `the operator reports ${receipt.stat ?? receipt.state}`,
    ...(receipt.err === undefined ? {} : { operatorCode: receipt.err }),
    retryable: receipt.state === 'expired',
  };
}
