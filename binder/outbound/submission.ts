import type { SubmitOutcome } from '../session/session-events.ts';
import type { SubmitSm } from '../smpp/pdu.ts';
import { composeSubmit } from './compose.ts';
import type { LaneQueueHandle } from './lane-intake.ts';
import { LeaseGoneError, type MessageInHand } from './message-in-hand.ts';
import type { ReadySegment, ReadySegments } from './ready-segments.ts';
import { type SettleContext, settle } from './settle.ts';

/** What sending needs of the link and of its gate. */
export interface Wire {
  /** Submits that window and socket take now; 0 unless bound for sending. */
  submitReady(): number;
  submit(pdu: SubmitSm, context: { messageId: string; index: number }): Promise<SubmitOutcome>;
  /** Earliest time of the next submit, monotonic milliseconds. */
  nextAt(nowMs: number): number;
}

export interface SubmissionOptions {
  settle: SettleContext;
  wire: Wire;
  queue: LaneQueueHandle;
  ready: ReadySegments;
  /** Whether work is taken at present; while not, everything that is not on the wire is given back. */
  isOpen: () => boolean;
  /** Something became ready, or the window opened. */
  onTurn: () => void;
}

/** Takes claimed messages over the wire: segment by segment, each outcome stored before anything follows from it. */
export class Submission {
  readonly #options: SubmissionOptions;
  /** Every message between its claim and the end of its work, by id. */
  readonly #inHand = new Map<string, MessageInHand>();
  #onIdle: () => void = () => undefined;

  constructor(options: SubmissionOptions) {
    this.#options = options;
  }

  get inHand(): Iterable<MessageInHand> {
    return this.#inHand.values();
  }

  find(messageId: string): MessageInHand | undefined {
    return this.#inHand.get(messageId);
  }

  /** A message was just claimed for its segment `index`. */
  begin(inHand: MessageInHand, index: number): void {
    this.#inHand.set(inHand.message.messageId, inHand);
    inHand.busy.add(index);
    void this.#guarded(inHand, () => this.#makeReady({ inHand, index }));
  }

  /** The segment's turn has come: writes it, or finds that it must not be written any more. */
  submit(segment: ReadySegment): void {
    const { inHand, index } = segment;
    const { settle: context, wire } = this.#options;
    const now = context.wallClock();
    if (inHand.message.expiresAt <= now && !inHand.hasBegun) {
      void this.#guarded(inHand, () => this.#expire(segment, now));
      return;
    }
    let pdu: SubmitSm;
    try {
      pdu = composeSubmit(inHand.message, index, context.account, now);
    } catch (error) {
      void this.#guarded(inHand, () => this.#uncomposable(segment, now, error));
      return;
    }
    const answered = wire.submit(pdu, { messageId: inHand.message.messageId, index });
    void this.#guarded(inHand, () => this.#afterSubmit(segment, answered));
    void this.#guarded(inHand, () => this.#prepareNext(inHand));
  }

  /** Ready segments that do not go to the wire after all. */
  async putBack(segments: ReadySegment[]): Promise<void> {
    await Promise.all(segments.map((segment) => this.#guarded(segment.inHand, () => this.#putBack(segment))));
  }

  /** Resolves when no message is in hand any more. */
  async idle(): Promise<void> {
    while (this.#inHand.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
  }

  async #makeReady(segment: ReadySegment): Promise<void> {
    if (!this.#options.isOpen()) return await this.#putBack(segment);
    this.#options.ready.add(segment);
    this.#options.onTurn();
  }

  async #expire({ inHand, index }: ReadySegment, at: number): Promise<void> {
    await inHand.change({ kind: 'segment_not_accepted', index, refused: false, at });
    await inHand.change({ kind: 'expired', at });
    await this.#segmentEnded({ inHand, index }, 0);
  }

  async #uncomposable({ inHand, index }: ReadySegment, at: number, error: unknown): Promise<void> {
    this.#options.settle.log.error('a stored message cannot be composed', {
      messageId: inHand.message.messageId,
      error,
    });
    await inHand.change({ kind: 'segment_not_accepted', index, refused: false, at });
    const reason = { code: 'internal_error', detail: 'the stored message cannot be composed', retryable: false };
    await inHand.change({ kind: 'failed', error: reason, at });
    await this.#segmentEnded({ inHand, index }, 0);
  }

  /** While one segment is under way the next one is marked, so that it is ready when its turn comes. */
  async #prepareNext(inHand: MessageInHand): Promise<void> {
    const index = inHand.nextWaiting();
    if (index === undefined || !this.#options.isOpen()) return;
    inHand.busy.add(index);
    const at = this.#options.settle.wallClock();
    const message = await inHand.change({ kind: 'segment_submitting', index, at });
    if (message.segments[index]?.state === 'submitting') await this.#makeReady({ inHand, index });
    // Another segment's answer ended the message meanwhile.
    else await this.#segmentEnded({ inHand, index }, 0);
  }

  async #afterSubmit(segment: ReadySegment, answered: Promise<SubmitOutcome>): Promise<void> {
    const { inHand, index } = segment;
    const outcome = await answered;
    // Its place in the window is free, whatever the table takes to record it.
    this.#options.onTurn();
    const settled = await settle(inHand, index, outcome, this.#options.settle);
    if (settled.kind !== 'again')
      await this.#segmentEnded(segment, settled.kind === 'later' ? settled.delaySeconds : 0);
    else if (this.#options.isOpen()) this.#options.ready.addFirst(segment);
    else await this.#putBack(segment);
    this.#options.onTurn();
  }

  async #putBack(segment: ReadySegment): Promise<void> {
    const at = this.#options.settle.wallClock();
    await segment.inHand.change({ kind: 'segment_not_accepted', index: segment.index, refused: false, at });
    await this.#segmentEnded(segment, 0);
  }

  /** Nothing of this segment is under way any more: the next one, or the end of the work on this message. */
  async #segmentEnded({ inHand, index }: ReadySegment, delaySeconds: number): Promise<void> {
    const { queue, settle: context, isOpen } = this.#options;
    inHand.busy.delete(index);
    const waiting = inHand.nextWaiting() !== undefined;
    if (waiting && delaySeconds === 0 && isOpen()) return await this.#prepareNext(inHand);
    if (inHand.busy.size > 0) return;
    if (waiting) await inHand.change({ kind: 'given_back', at: context.wallClock() });
    this.#drop(inHand);
    await (waiting ? queue.giveBack(inHand.item, delaySeconds) : queue.remove(inHand.item));
  }

  #drop(inHand: MessageInHand): void {
    this.#inHand.delete(inHand.message.messageId);
    if (this.#inHand.size === 0) this.#onIdle();
  }

  /** A fault in the work on one message must not touch another's. After the lease is gone it just ends: the next owner decides. */
  async #guarded(inHand: MessageInHand, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#drop(inHand);
      if (error instanceof LeaseGoneError) return;
      const { messageId } = inHand.message;
      this.#options.settle.log.error('work on a message failed; it is received again', { messageId, error });
    }
  }
}
