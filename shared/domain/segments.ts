import type { Message, MessageError, MessageStatus, ReceiptState, Segment } from './message.ts';

/** Segments that may still go to the wire, in order. None where one is finally refused: the others would arrive in pieces. */
export function waitingSegments({ segments }: Pick<Message, 'segments'>): number[] {
  if (segments.some(isRefused)) return [];
  return segments.flatMap((segment, index) => (segment.state === 'waiting' ? [index] : []));
}

export function isRefused({ state }: Segment): boolean {
  return state === 'refused';
}

export function segmentAt(message: Message, index: number): Segment {
  const segment = message.segments[index];
  if (!segment) throw new RangeError(`message ${message.messageId} has no segment ${index}`);
  return segment;
}

export function mayHaveArrived(segment: Segment): boolean {
  return segment.state === 'accepted' || segment.state === 'unanswered';
}

/** Besides, an earlier copy of it may have arrived though it waits to be sent again. */
export function mayBeThere(segment: Segment): boolean {
  return mayHaveArrived(segment) || segment.resends > 0;
}

/** Ended, and no segment of it was or may have been taken by the operator: it costs nothing there, and counts nothing here. */
export function neverWentOut({ status, segments }: Pick<Message, 'status' | 'segments'>): boolean {
  const ended = status === 'canceled' || status === 'failed' || status === 'expired';
  return ended && neverOnTheWire({ segments });
}

/** Nothing of it can have reached anybody. What was written and is not yet answered can. */
export function neverOnTheWire({ segments }: Pick<Message, 'segments'>): boolean {
  return segments.every(({ state, resends }) => (state === 'waiting' || state === 'refused') && resends === 0);
}

export function accepted(segment: Segment, change: { mcMessageId?: string; at: number }): Segment {
  // A late answer may follow a refusal by time-out or a hold: the message centre's word counts.
  return {
    ...segment,
    state: 'accepted',
    acceptedAt: change.at,
    ...(change.mcMessageId === undefined || change.mcMessageId === '' ? {} : { mcMessageId: change.mcMessageId }),
  };
}

export function notAccepted(segment: Segment, refused: boolean): Segment | undefined {
  if (segment.state !== 'submitting') return undefined;
  const waiting: Segment = { ...segment, state: 'waiting' };
  return refused ? { ...waiting, temporaryRefusals: (segment.temporaryRefusals ?? 0) + 1 } : waiting;
}

export function unanswered(segment: Segment, policy: 'resend_once' | 'hold'): Segment | undefined {
  if (segment.state !== 'submitting') return undefined;
  return policy === 'resend_once' && segment.resends === 0
    ? { ...segment, state: 'waiting', resends: 1 }
    : { ...segment, state: 'unanswered' };
}

/**
 * Finally refused. An earlier copy of it that was never answered may have arrived, and a message centre that drops repeats
 * refuses the second for just that reason.
 */
export function refused(
  segment: Segment,
  change: { commandStatus?: number; error: MessageError },
): Segment | undefined {
  if (segment.state === 'accepted' || segment.state === 'refused') return undefined;
  const { commandStatus, error } = change;
  const told = commandStatus === undefined ? segment : { ...segment, commandStatus };
  if (segment.resends === 0) return { ...told, state: 'refused', error };
  return segment.state === 'unanswered' ? undefined : { ...told, state: 'unanswered' };
}

export function received(
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

/** What the segments together say, or undefined while they say nothing new. */
export function statusOf(message: Message): MessageStatus | undefined {
  const { segments } = message;
  const says = (state: ReceiptState) => segments.some((segment) => segment.receipt?.state === state);
  if (says('undelivered')) return 'undelivered';
  if (says('expired')) return 'expired';
  if (segments.some(isRefused)) return statusOfRefused(segments);
  if (segments.every((segment) => segment.receipt?.state === 'delivered')) return 'delivered';
  const settled = segments.every((segment) => segment.receipt !== undefined || segment.state === 'unanswered');
  if (settled) return 'unknown';
  if (segments.every((segment) => segment.state === 'accepted')) return 'sent';
  if (segments.every(mayHaveArrived)) return 'unknown';
  return undefined;
}

/** One segment is finally not accepted. Whether the operator has any other is known once nothing is on the wire. */
function statusOfRefused(segments: Segment[]): MessageStatus | undefined {
  if (segments.some(mayHaveArrived)) return 'undelivered';
  if (segments.some(({ state }) => state === 'submitting')) return undefined;
  return segments.some(mayBeThere) ? 'undelivered' : 'failed';
}

/** Why it did not arrive: what a receipt says, else the reason of a refusal. */
export function failureOf({ segments }: Message): MessageError | undefined {
  const receipt = segments.find(
    ({ receipt }) => receipt?.state === 'undelivered' || receipt?.state === 'expired',
  )?.receipt;
  if (!receipt) return segments.find(isRefused)?.error;
  return {
    code: receipt.state === 'expired' ? 'expired_at_operator' : 'undelivered',
    detail: `the operator reports ${receipt.stat ?? receipt.state}`,
    ...(receipt.err === undefined ? {} : { operatorCode: receipt.err }),
    retryable: receipt.state === 'expired',
  };
}
