import type { ApiAccount } from '../../shared/config/environment.ts';
import type { MessageRequest } from '../../shared/contracts/message-request.ts';
import type { ApiKey } from '../../shared/domain/api-key.ts';
import type { Message } from '../../shared/domain/message.ts';
import { queueDelaySeconds } from '../../shared/domain/schedule.ts';
import type { LaneQueues } from '../../shared/queue/lanes.ts';
import { conditionFailed } from '../../shared/store/client.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { CallbackRules } from '../../shared/webhooks/callback.ts';
import type { Reservation } from '../middleware/api-event.ts';
import { type Admission, type AdmitDependencies, admit } from './admit.ts';
import { type LimitLeft, settleCharge } from './charge.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { newMessage } from './new-message.ts';
import { type OptOutDependencies, optOutFaults } from './opt-outs.ts';

export interface AcceptDependencies extends AdmitDependencies, OptOutDependencies {
  messages: Pick<MessageStore, 'create' | 'get'>;
  lanes: Pick<LaneQueues, 'send'>;
  /** A new `msg_` id. */
  newMessageId: (now: number) => string;
}

export type Accepted =
  | { kind: 'accepted'; message: Message; limits: LimitLeft[] }
  /** As it would be. */
  | { kind: 'dry_run'; message: Message }
  | Exclude<Meaning, { kind: 'sendable' }>
  | Exclude<Admission, { kind: 'admitted' }>;

/** Whose message it is. */
export interface Sender {
  caller: ApiKey;
  account: ApiAccount;
  callbacks: CallbackRules;
  /** The name that the message has in every run of its request. */
  reservation?: Reservation;
  /** Aborted once the caller has been told that it took too long. */
  signal?: AbortSignal;
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
  sender: Sender,
  dependencies: AcceptDependencies,
): Promise<Accepted> {
  const { reservation } = sender;
  const earlier = await storedEarlier(reservation, dependencies);
  if (earlier !== undefined) return { kind: 'accepted', message: earlier, limits: [] };
  const now = dependencies.now();
  const meaning = meaningOf(request, { ...sender, now });
  if (meaning.kind !== 'sendable') return meaning;
  const [optedOut] = await optOutFaults([{ to: meaning.to, lane: request.lane }], sender.account.name, dependencies);
  if (optedOut !== undefined) return { kind: 'refused', faults: [optedOut] };
  const messageId = reservation === undefined ? dependencies.newMessageId(now) : reservedId(reservation);
  const message = newMessage(messageId, { request, meaning, sender, now });
  if (request.dry_run) return { kind: 'dry_run', message };
  const admission = await admit(message, sender, dependencies);
  if (admission.kind !== 'admitted') return admission;
  // A process that was frozen in between, for longer than anybody waits for it, must not store what is no longer counted.
  sender.signal?.throwIfAborted();
  const stored = await store(admission.message, dependencies);
  if (stored.countedIn !== undefined) settleCharge({ ...sender, messageId, period: stored.countedIn }, dependencies);
  await queue(stored, dependencies);
  return { kind: 'accepted', message: stored, limits: admission.limits };
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
  if (message?.status === 'queued' || message?.status === 'scheduled') await queue(message, dependencies);
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

/** What is scheduled for later than its queue can hold it back is left to the sweep. */
async function queue(message: Message, { lanes, log, now }: AcceptDependencies): Promise<void> {
  const delaySeconds = queueDelaySeconds(message, now());
  if (delaySeconds === undefined) return;
  try {
    await lanes.send(message, delaySeconds);
  } catch (error) {
    log.warn('stored but not queued; the sweep will queue it', { message_id: message.messageId, error });
  }
}
