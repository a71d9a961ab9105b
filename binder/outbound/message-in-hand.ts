import type { Message } from '../../shared/domain/message.ts';
import type { MessageChange } from '../../shared/domain/message-change.ts';
import { waitingSegments } from '../../shared/domain/segments.ts';
import type { Log } from '../../shared/log/log.ts';
import type { Changed } from '../../shared/store/messages.ts';
import type { Clock } from '../session/clock.ts';
import type { QueuedItem } from './lane-intake.ts';

const FIRST_RETRY_MS = 200;
const LONGEST_RETRY_MS = 5_000;

/** The part of the Messages table that sending needs. */
export interface MessageChanges {
  get(messageId: string): Promise<Message | undefined>;
  change(messageId: string, change: MessageChange, known?: Message): Promise<Changed>;
}

/** What every message in hand shares. */
export interface InHandContext {
  messages: MessageChanges;
  clock: Clock;
  log: Log;
  /** Aborted when the lease is gone: then nothing is written any more, the next owner decides. */
  gone: AbortSignal;
}

/** A claimed message between its queue and the wire. Its changes are written one after the other, each until it is stored. */
export class MessageInHand {
  readonly item: QueuedItem;
  #message: Message;
  readonly #context: InHandContext;
  #writes: Promise<unknown> = Promise.resolve();
  /** Segments prepared or on the wire. */
  readonly busy = new Set<number>();

  constructor(item: QueuedItem, message: Message, context: InHandContext) {
    this.item = item;
    this.#message = message;
    this.#context = context;
  }

  /** As last seen in the table. */
  get message(): Message {
    return this.#message;
  }

  /** Whether some of it may have arrived, so that the rest should follow even after its time. */
  get hasBegun(): boolean {
    return this.busy.size > 1 || this.#message.segments.some(({ state }) => state === 'accepted');
  }

  /** The next segment that may go to the wire, if any. */
  nextWaiting(): number | undefined {
    return this.#message.status === 'sending'
      ? waitingSegments(this.#message).find((index) => !this.busy.has(index))
      : undefined;
  }

  /** Writes a change after all earlier ones, however often the table fails. @throws where the lease is gone */
  async change(change: MessageChange): Promise<Message> {
    const written = this.#writes.then(async () => {
      const result = await untilStored(
        () => this.#context.messages.change(this.#message.messageId, change, this.#message),
        this.#context,
      );
      if (result.kind !== 'missing') this.#message = result.message;
      return this.#message;
    });
    this.#writes = written.catch(() => undefined);
    return await written;
  }
}

/** Thrown where a write was given up because this process no longer owns the account. */
export class LeaseGoneError extends Error {
  readonly code = 'lease_gone';
}

/** Repeats a write until it succeeds: what the message centre accepted must be recorded, whatever the table does. */
export async function untilStored<T>(
  write: () => Promise<T>,
  { clock, log, gone }: Omit<InHandContext, 'messages'>,
): Promise<T> {
  for (let waitMs = FIRST_RETRY_MS; ; waitMs = Math.min(LONGEST_RETRY_MS, waitMs * 2)) {
    if (gone.aborted) throw new LeaseGoneError('no longer the owner of the account');
    try {
      return await write();
    } catch (error) {
      log.warn('table not written, trying again', { error, retryInMs: waitMs });
    }
    await new Promise<void>((resolve) => {
      clock.setTimer(waitMs, resolve);
    });
  }
}
