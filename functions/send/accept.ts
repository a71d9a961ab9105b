import type { ApiAccount } from '../../shared/config/environment.ts';
import type { MessageRequest } from '../../shared/contracts/message-request.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { Log } from '../../shared/log/log.ts';
import type { LaneQueues } from '../../shared/queue/lanes.ts';
import { conditionFailed } from '../../shared/store/client.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { Reservation } from '../middleware/api-event.ts';
import { type Meaning, meaningOf } from './meaning.ts';

/** When the sweep looks after a message that was stored: by then it has normally been sent. */
const FIRST_CHECK_MS = 120_000;

export interface AcceptDependencies {
  messages: Pick<MessageStore, 'create' | 'get'>;
  lanes: Pick<LaneQueues, 'send'>;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
  /** A new `msg_` id. */
  newMessageId: (now: number) => string;
}

export type Accepted = { kind: 'accepted'; message: Message } | Exclude<Meaning, { kind: 'sendable' }>;

/** Whose message it is. */
export interface Sender {
  caller: ApiKey;
  account: ApiAccount;
  /** The name that the message has in every run of its request. */
  reservation?: Reservation;
}

/**
 * Accepts a message: it is stored, then its id is put into its lane.
 *
 * From the moment that it is stored it is accepted (promise P1). If its queue cannot be reached, or this process dies
 * before it is, the sweep finds the message by its `dueAt` and queues it, so the caller is told the truth: accepted. If
 * storing fails nothing is known: the caller is told to try again, and the message may yet have been stored.
 */
export async function acceptMessage(
  request: MessageRequest,
  { caller, account, reservation }: Sender,
  dependencies: AcceptDependencies,
): Promise<Accepted> {
  const earlier = await storedEarlier(reservation, dependencies);
  if (earlier !== undefined) return { kind: 'accepted', message: earlier };
  const meaning = meaningOf(request, { caller, account });
  if (meaning.kind !== 'sendable') return meaning;
  const now = dependencies.now();
  const ttlSeconds = request.ttl_seconds ?? account.lanes[request.lane].defaultTtlSeconds;
  const expiresAt = now + ttlSeconds * 1000;
  const message: Message = {
    messageId: reservation === undefined ? dependencies.newMessageId(now) : reservedId(reservation),
    version: 1,
    sequence: 1,
    account: account.name,
    lane: request.lane,
    status: 'queued',
    statusAt: now,
    to: meaning.to,
    from: meaning.from,
    text: request.text,
    encoding: meaning.encoding,
    segments: Array.from({ length: meaning.segmentCount }, () => ({ state: 'waiting' as const, resends: 0 })),
    timeline: [{ status: 'queued', at: now, sequence: 1 }],
    keyId: caller.keyId,
    test: caller.test,
    ...(request.client_ref === undefined ? {} : { clientRef: request.client_ref }),
    ...(request.metadata === undefined ? {} : { metadata: request.metadata }),
    createdAt: now,
    queuedAt: now,
    expiresAt,
    dueAt: Math.min(expiresAt, now + FIRST_CHECK_MS),
  };
  const stored = await store(message, dependencies);
  await queue(stored, dependencies);
  return { kind: 'accepted', message: stored };
}

function reservedId({ ulid }: Reservation): string {
  return `msg_${ulid}`;
}

/** The message of an earlier run of the same request, which broke off after it was stored and maybe before it was queued. */
async function storedEarlier(
  reservation: Reservation | undefined,
  dependencies: AcceptDependencies,
): Promise<Message | undefined> {
  if (reservation?.isRerun !== true) return undefined;
  const message = await dependencies.messages.get(reservedId(reservation));
  // Queued twice it is claimed once.
  if (message?.status === 'queued') await queue(message, dependencies);
  return message;
}

/** @returns what is stored now: this message, or that of another run of the same request that was quicker */
async function store(message: Message, { messages }: AcceptDependencies): Promise<Message> {
  try {
    await messages.create(message);
    return message;
  } catch (error) {
    // Nobody else has this id: such a run, or a try of the SDK whose answer was lost, has stored it.
    if (!conditionFailed(error)) throw error;
    return (await messages.get(message.messageId)) ?? message;
  }
}

async function queue(message: Message, { lanes, log }: AcceptDependencies): Promise<void> {
  try {
    await lanes.send(message.account, message.lane, message.messageId);
  } catch (error) {
    log.warn('stored but not queued; the sweep will queue it', { message_id: message.messageId, error });
  }
}
