import type { Lane } from '../config/account.ts';
import { isFinal, type Message, type MessageStatus } from './message.ts';

/** Stands in place of the number of a recipient whose data was erased. */
export const ERASED = 'erased';

/** Once nothing of a one-time password can go to the operator any more, its text has done its work. */
export function keepsText(lane: Lane, status: MessageStatus): boolean {
  return lane !== 'otp' || !(status === 'sent' || isFinal(status));
}

export function withoutText({ text: _text, originalText: _original, ...message }: Message): Message {
  return message;
}

/**
 * A message without anything that tells of its recipient: number, text, the caller's reference, metadata and address of callbacks. What it was, when,
 * and what became of it stays, so that counts stay true. undefined where it was done before, or where the operator may still
 * have to be given it.
 */
export function withoutRecipient(message: Message): Message | undefined {
  if (message.to === ERASED || !(message.status === 'sent' || isFinal(message.status))) return undefined;
  const {
    clientRef: _clientRef,
    metadata: _metadata,
    smartEncoding: _smart,
    statusCallbackUrl: _callback,
    ...rest
  } = withoutText(message);
  return { ...rest, to: ERASED };
}
