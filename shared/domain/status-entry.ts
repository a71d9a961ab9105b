import { keepsText, withoutText } from './erasure.ts';
import { isFinal, isPublished, type Message, type MessageError, type MessageStatus } from './message.ts';

/** How long the final receipt of a sent message is waited for once the operator has given up delivering it, milliseconds. */
export const RECEIPT_WINDOW_MS = 72 * 3_600_000;

/**
 * When a message that is handed over now becomes `unknown` for want of a final receipt: the operator tries to deliver it until
 * its validity ends, and has no reason to say anything before. Epoch milliseconds.
 */
export function receiptWindowEnd({ expiresAt }: Pick<Message, 'expiresAt'>, handedOverAt: number): number {
  return Math.max(handedOverAt, expiresAt) + RECEIPT_WINDOW_MS;
}

export type ChangeResult = { kind: 'changed'; message: Message } | { kind: 'unchanged' };

export const UNCHANGED: ChangeResult = { kind: 'unchanged' };

export function changed(message: Message, fields: Partial<Message>): ChangeResult {
  return { kind: 'changed', message: { ...message, ...fields, version: message.version + 1 } };
}

/** The same message under its next version; unchanged where there is none. */
export function replaced({ version }: Message, by: Message | undefined): ChangeResult {
  return by === undefined ? UNCHANGED : { kind: 'changed', message: { ...by, version: version + 1 } };
}

/**
 * The time of a new entry, never before that of the last: clocks of programs differ, and a receipt may have come before the
 * answer that it belongs to. Who reads a timeline subtracts one time from the next.
 */
export function entryTime({ timeline }: Pick<Message, 'timeline'>, at: number): number {
  return Math.max(at, timeline.at(-1)?.at ?? at);
}

/** Enters a status: number, timeline, times and the sweep's date follow from it. */
export function enter(
  message: Message,
  status: MessageStatus,
  time: number,
  more: { error?: MessageError; detail?: string } = {},
): ChangeResult {
  const at = entryTime(message, time);
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
    next.dueAt = receiptWindowEnd(message, at);
    delete next.claim;
  }
  if (isFinal(status)) {
    next.finalizedAt = at;
    delete next.dueAt;
    delete next.claim;
  }
  return { kind: 'changed', message: keepsText(next.lane, status) ? next : withoutText(next) };
}
