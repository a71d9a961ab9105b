import type { BatchRequest } from '../../../shared/contracts/batch-request.ts';
import { type Batch, itemMessageId } from '../../../shared/domain/batch.ts';
import { ACCEPTANCE_LOST_MS } from '../../../shared/domain/batch-change.ts';
import type { Message } from '../../../shared/domain/message.ts';
import type { Period } from '../../../shared/domain/period.ts';
import type { Sender } from '../accept.ts';
import { newMessage } from '../new-message.ts';
import { isSendable, segmentsOf } from './admit-items.ts';
import type { ItemReading, SendableItem } from './read-items.ts';

interface NewBatch {
  batchId: string;
  request: BatchRequest;
  sender: Sender;
  readings: ItemReading[];
  countedIn: Period | undefined;
  now: number;
  startsAt: number;
}

/** A batch as it is stored first: nobody sees it until its messages are stored, too. */
export function newBatch({ batchId, request, sender, readings, countedIn, now, startsAt }: NewBatch): Batch {
  const { caller, account } = sender;
  return {
    batchId,
    version: 1,
    sequence: 0,
    account: account.name,
    lane: request.lane,
    status: 'accepting',
    statusAt: now,
    keyId: caller.keyId,
    test: caller.test,
    ...(request.client_ref === undefined ? {} : { clientRef: request.client_ref }),
    ...(request.speed_limit === undefined ? {} : { speedLimit: request.speed_limit }),
    ...(countedIn === undefined ? {} : { countedIn }),
    accepted: readings.map((item) => (isSendable(item) ? '1' : '0')).join(''),
    segments: segmentsOf(readings.filter(isSendable)),
    createdAt: now,
    startsAt,
    feeding: { tick: 0, pending: [], next: 0, slotAt: 0 },
    history: [],
    dueAt: now + ACCEPTANCE_LOST_MS,
  };
}

/** Waits for its batch to feed it; the sweep looks at it only when its life ends. */
export function itemMessage({ index, request, meaning }: SendableItem, of: { batch: Batch; sender: Sender }): Message {
  const { batchId, createdAt: now, startsAt, countedIn } = of.batch;
  const { sendAt: _windowOpensAt, ...sendable } = meaning;
  const timed = startsAt > now ? { ...sendable, sendAt: startsAt } : sendable;
  const { queuedAt: _queuedAt, ...message } = newMessage(itemMessageId(batchId, index), {
    request,
    meaning: timed,
    sender: of.sender,
    now,
  });
  const status = 'scheduled' as const;
  return {
    ...message,
    status,
    sequence: 0,
    timeline: [{ status, at: now }],
    batchId,
    dueAt: message.expiresAt,
    ...(countedIn === undefined ? {} : { countedIn }),
  };
}
