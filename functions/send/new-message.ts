import type { MessageRequest } from '../../shared/contracts/message-request.ts';
import type { Message, MessageStatus } from '../../shared/domain/message.ts';
import { firstDueAt } from '../../shared/domain/schedule.ts';
import type { Sender } from './accept.ts';
import type { Meaning } from './meaning.ts';

/** A message as it is stored first: queued, or scheduled where its time is yet to come. */
export function newMessage(
  messageId: string,
  {
    request,
    meaning,
    sender,
    now,
  }: { request: MessageRequest; meaning: Extract<Meaning, { kind: 'sendable' }>; sender: Sender; now: number },
): Message {
  const { caller, account } = sender;
  const { to, from, encoding, segmentCount, sendAt, callbackUrl } = meaning;
  const ttlSeconds = request.ttl_seconds ?? account.lanes[request.lane].defaultTtlSeconds;
  const expiresAt = (sendAt ?? now) + ttlSeconds * 1000;
  const status: MessageStatus = sendAt === undefined ? 'queued' : 'scheduled';
  return {
    messageId,
    version: 1,
    account: account.name,
    lane: request.lane,
    statusAt: now,
    to,
    from,
    text: meaning.text,
    ...(meaning.smart === undefined
      ? {}
      : { originalText: meaning.smart.originalText, smartEncoding: meaning.smart.report }),
    encoding,
    segments: Array.from({ length: segmentCount }, () => ({ state: 'waiting' as const, resends: 0 })),
    keyId: caller.keyId,
    test: caller.test,
    ...(request.client_ref === undefined ? {} : { clientRef: request.client_ref }),
    ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
    ...(callbackUrl === undefined ? {} : { statusCallbackUrl: callbackUrl }),
    createdAt: now,
    ...(sendAt === undefined
      ? { status, sequence: 1, timeline: [{ status, at: now, sequence: 1 }], queuedAt: now }
      : { status, sequence: 0, timeline: [{ status, at: now }], sendAt }),
    expiresAt,
    dueAt: firstDueAt({ status, expiresAt, ...(sendAt === undefined ? {} : { sendAt }) }, now),
  };
}
