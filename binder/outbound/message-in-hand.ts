import type { Message } from '../../shared/domain/message.ts';
import type { MessageChange } from '../../shared/domain/message-change.ts';
import { isRefused, mayBeThere, mayHaveArrived, waitingSegments } from '../../shared/domain/segments.ts';
import type { Changed } from '../../shared/store/messages.ts';
import type { QueuedItem } from './lane-queue.ts';
import { LeaseGoneError, type PersistContext, untilStored } from './until-stored.ts';

/** The part of the Messages table that sending needs. */
export interface MessageChanges {
  get(messageId: string): Promise<Message | undefined>;
  change(messageId: string, change: MessageChange, known?: Message): Promise<Changed>;
}

/** What every message in hand shares. */
export interface InHandContext extends PersistContext {
  messages: MessageChanges;
}

/** A claimed message between its queue and the wire. Its changes are written one after the other, each until it is stored. */
export class MessageInHand {
  readonly item: QueuedItem;
  readonly #context: InHandContext;
  readonly #fence: number;
  #message: Message;
  #writes: Promise<unknown> = Promise.resolve();
  /** Segments stored as `submitting`, or about to be: `ahead` of their turn or on the wire. */
  readonly #busy = new Map<number, 'ahead' | 'on_wire'>();
  #returnAfterSeconds: number | undefined;
  #wasOnWire = false;
  /** Pieces of work on it that have not ended. */
  #underWay = 0;
  #fault: { error: unknown } | undefined;

  /** @param fence of the claim under which it is in hand */
  constructor(item: QueuedItem, claimed: { message: Message; fence: number }, context: InHandContext) {
    this.item = item;
    this.#message = claimed.message;
    this.#fence = claimed.fence;
    this.#context = context;
  }

  /** As last seen in the table. */
  get message(): Message {
    return this.#message;
  }

  /** Whether some of it may have arrived, so that the rest should follow even after its time. */
  get hasBegun(): boolean {
    return [...this.#busy.values()].includes('on_wire') || this.#message.segments.some(mayHaveArrived);
  }

  /** Nothing of it was ever written, by us or, as far as is known, by anyone. */
  get isUntried(): boolean {
    const { segments } = this.#message;
    const tried = segments.some((one) => mayBeThere(one) || (one.temporaryRefusals ?? 0) > 0);
    return !this.#wasOnWire && !tried;
  }

  /** Nothing of it is under way. */
  get isIdle(): boolean {
    return this.#busy.size === 0;
  }

  /** Whether some of it is still to be sent, by us or by whoever gets it next. */
  get isUnfinished(): boolean {
    const { status } = this.#message;
    return (status === 'sending' || status === 'queued') && waitingSegments(this.#message).length > 0;
  }

  /** For how long it goes back to its queue; undefined while nothing asks for that. */
  get returnAfterSeconds(): number | undefined {
    return this.#returnAfterSeconds;
  }

  /** Begins no further segment: the message goes back to its queue when what is under way has ended. */
  returnAfter(seconds: number): void {
    this.#returnAfterSeconds = Math.max(this.#returnAfterSeconds ?? 0, seconds);
  }

  /** What made work on it fail; nothing new is begun from then on. */
  get fault(): { error: unknown } | undefined {
    return this.#fault;
  }

  /**
   * Does a piece of work on it. A fault is kept, the first one, unless the lease is gone: that explains any other.
   * @returns whether it was the last one under way
   */
  async work(piece: () => Promise<void>): Promise<boolean> {
    this.#underWay += 1;
    try {
      await piece();
    } catch (error) {
      if (this.#fault === undefined || error instanceof LeaseGoneError) this.#fault = { error };
    }
    this.#underWay -= 1;
    return this.#underWay === 0;
  }

  /** The segment to prepare now: one at a time is ahead of its turn. */
  nextToPrepare(): number | undefined {
    const ahead = [...this.#busy.values()].includes('ahead');
    const isEnding = this.#returnAfterSeconds !== undefined || this.#fault !== undefined;
    if (ahead || isEnding || this.#message.status !== 'sending') return undefined;
    return waitingSegments(this.#message).find((index) => !this.#busy.has(index));
  }

  /** Whether a segment that is ahead may still go: a late answer, or another segment's refusal, may have come first. */
  mayGo(index: number): boolean {
    const { status, segments } = this.#message;
    return status === 'sending' && segments[index]?.state === 'submitting' && !segments.some(isRefused);
  }

  /** Whether a segment goes again after an unknown outcome. */
  isResend(index: number): boolean {
    return (this.#message.segments[index]?.resends ?? 0) > 0;
  }

  ahead(index: number): void {
    this.#busy.set(index, 'ahead');
  }

  onWire(index: number): void {
    this.#busy.set(index, 'on_wire');
    this.#wasOnWire = true;
  }

  ended(index: number): void {
    this.#busy.delete(index);
  }

  /**
   * Looks what others wrote meanwhile, after all writes so far: a receipt may have settled what waits to be sent again.
   * @throws LeaseGoneError
   */
  async refresh(): Promise<void> {
    const { messageId } = this.#message;
    const read = this.#writes.then(async () => {
      const stored = await untilStored(() => this.#context.messages.get(messageId), this.#context);
      if (stored) this.#message = stored;
    });
    this.#writes = read.catch(() => undefined);
    await read;
  }

  /** Writes a change after all earlier ones, however often the table fails. @throws LeaseGoneError */
  async change(change: MessageChange): Promise<Message> {
    const { messageId } = this.#message;
    const fenced = { ...change, fence: this.#fence };
    const written = this.#writes.then(async () => {
      const result = await untilStored(
        () => this.#context.messages.change(messageId, fenced, this.#message),
        this.#context,
      );
      if (result.kind !== 'missing') this.#message = result.message;
      return this.#message;
    });
    this.#writes = written.catch(() => undefined);
    return await written;
  }
}
