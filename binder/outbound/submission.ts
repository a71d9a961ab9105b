import type { LateAnswer, SubmitOutcome } from '../session/session-events.ts';
import type { SubmitSm } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';
import { composeSubmit } from './compose.ts';
import type { Custody } from './custody.ts';
import type { MessageInHand } from './message-in-hand.ts';
import type { ReadySegment, ReadySegments } from './ready-segments.ts';
import { accepted, recordAccepted } from './record-accepted.ts';
import { refuseUnsendable, type SettleContext, settle } from './settle.ts';
import { LeaseGoneError, untilStored } from './until-stored.ts';
import { workFailed } from './work-failed.ts';

/** Which segment a submit_sm was, so that a late answer still finds it. */
export interface SegmentRef {
  messageId: string;
  index: number;
}

/** What sending needs of the link and of its gate. */
export interface Wire {
  /** Submits that window and socket take now; 0 unless bound for sending. */
  submitReady(): number;
  /** Writes now or not at all. Never rejects. */
  submit(pdu: SubmitSm, context: SegmentRef): Promise<SubmitOutcome>;
  /** Earliest time of the next submit, monotonic milliseconds. */
  nextAt(nowMs: number): number;
  /** The message centre says that we are not bound: unbind and bind again. */
  rebind(commandStatus: number): void;
}

export interface SubmissionOptions {
  settle: SettleContext;
  wire: Wire;
  custody: Custody;
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

  constructor(options: SubmissionOptions) {
    this.#options = options;
  }

  /** A message was just claimed for its segment `index`. */
  begin(inHand: MessageInHand, index: number): void {
    this.#inHand.set(inHand.message.messageId, inHand);
    inHand.ahead(index);
    this.#guarded(inHand, () => this.#makeReady({ inHand, index }));
  }

  /** The segment's turn has come: writes it, or finds that it must not be written any more. */
  submit(segment: ReadySegment): void {
    const { inHand, index } = segment;
    const { settle: context, wire } = this.#options;
    const at = context.wallClock();
    if (!inHand.mayGo(index)) return this.#guarded(inHand, () => this.#leaveOut(segment));
    if (inHand.isResend(index) && !segment.isFresh) return this.#guarded(inHand, () => this.#lookAgain(segment));
    // How it ends, expired, is decided when nothing of it is under way any more.
    if (inHand.message.expiresAt <= at && !inHand.hasBegun) return this.putBack([segment]);
    const holdSeconds = inHand.hasBegun ? 0 : context.refusals.holdSeconds(inHand.message);
    if (holdSeconds > 0) {
      inHand.returnAfter(holdSeconds);
      return this.putBack([segment]);
    }
    let pdu: SubmitSm;
    try {
      pdu = composeSubmit(inHand.message, index, { account: context.account, nowMs: at });
    } catch (error) {
      return this.#guarded(inHand, async () => {
        await refuseUnsendable({ inHand, index, at }, error, context);
        await this.#ended(segment);
      });
    }
    this.#tellOf(inHand, at);
    inHand.onWire(index);
    const answered = wire.submit(pdu, { messageId: inHand.message.messageId, index });
    this.#guarded(inHand, () => this.#afterSubmit(segment, answered));
    this.#guarded(inHand, () => this.#prepareNext(inHand));
  }

  #tellOf({ item: { lane }, message, isUntried }: MessageInHand, at: number): void {
    const { tally } = this.#options.settle;
    tally.flow.submitted(lane, at);
    if (!isUntried) return;
    const { queuedAt = at, segments } = message;
    tally.waited(lane, at - queuedAt);
    tally.flow.began(lane, { segments: segments.length, queuedAt });
  }

  /** Ready segments that do not go to the wire after all. */
  putBack(segments: ReadySegment[]): void {
    for (const segment of segments) this.#guarded(segment.inHand, () => this.#putBack(segment));
  }

  /**
   * An answer after all to a submit whose outcome was recorded as unknown. Acceptance settles the segment, whatever became
   * of it since, and a resend that still waits for its turn does not go. A refusal is no news: it was treated as one.
   * @throws LeaseGoneError
   */
  async answeredLate({ context: { messageId, index }, ...answer }: LateAnswer<SegmentRef>): Promise<void> {
    if (answer.commandStatus !== STATUS.ok) return;
    const { settle: context } = this.#options;
    const { messageId: mcMessageId } = answer;
    const acceptance = { messageId, index, mcMessageId, at: context.wallClock() };
    await recordAccepted(acceptance, context);
    const change = accepted(acceptance);
    const inHand = this.#inHand.get(messageId);
    if (inHand) await inHand.change(change);
    else await untilStored(() => context.messages.change(messageId, change), context);
    context.log.info('a late answer settled a segment', { messageId, segment: index });
  }

  async #makeReady(segment: ReadySegment): Promise<void> {
    const { ready, onTurn } = this.#options;
    if (!this.#goesOn(segment)) return await this.#putBack(segment);
    ready.add(segment);
    onTurn();
  }

  /** Before it is sent a second time: a receipt may have told meanwhile that the first time was enough. */
  async #lookAgain({ inHand, index }: ReadySegment): Promise<void> {
    const { ready, onTurn } = this.#options;
    await inHand.refresh();
    if (!this.#goesOn({ inHand })) return await this.#putBack({ inHand, index });
    ready.addFirst({ inHand, index, isFresh: true });
    onTurn();
  }

  /** While one segment is under way the next one is marked, so that it is ready when its turn comes. */
  async #prepareNext(inHand: MessageInHand): Promise<void> {
    const index = this.#options.isOpen() ? inHand.nextToPrepare() : undefined;
    if (index === undefined) return;
    inHand.ahead(index);
    await inHand.change({ kind: 'segment_submitting', index, at: this.#options.settle.wallClock() });
    await this.#makeReady({ inHand, index });
  }

  async #afterSubmit(segment: ReadySegment, answered: Promise<SubmitOutcome>): Promise<void> {
    const { settle: context, ready, onTurn } = this.#options;
    const { inHand, index } = segment;
    const outcome = await answered;
    // At once: by the time that it is recorded there may be another session.
    if (outcome.kind === 'answered') this.#rebindIfAsked(outcome.commandStatus);
    // Its place in the window is free, whatever the table takes to record it.
    onTurn();
    const settled = await settle(segment, outcome, context);
    switch (settled.kind) {
      case 'settled':
        await this.#ended(segment);
        break;
      case 'later':
        inHand.returnAfter(settled.delaySeconds);
        await this.#ended(segment);
        break;
      case 'again':
        inHand.ahead(index);
        if (this.#goesOn(segment)) ready.addFirst({ inHand, index });
        else await this.#putBack(segment);
    }
    onTurn();
  }

  #rebindIfAsked(commandStatus: number): void {
    if (commandStatus === STATUS.ok) return;
    const { settle: context, wire } = this.#options;
    if (context.statuses.submitAnswer(commandStatus).action === 'rebind') wire.rebind(commandStatus);
  }

  async #putBack(segment: ReadySegment): Promise<void> {
    const { inHand, index } = segment;
    inHand.returnAfter(0);
    const at = this.#options.settle.wallClock();
    await inHand.change({ kind: 'segment_not_accepted', index, refused: false, at });
    await this.#ended(segment);
  }

  /** It does not go any more. Where another one was refused, what became of the message depends on what is still under way. */
  async #leaveOut(segment: ReadySegment): Promise<void> {
    const { inHand, index } = segment;
    const at = this.#options.settle.wallClock();
    if (inHand.message.status === 'sending')
      await inHand.change({ kind: 'segment_not_accepted', index, refused: false, at });
    await this.#ended(segment);
  }

  /** This segment is not under way any more: the next one, or the end of the work on its message. */
  async #ended({ inHand, index }: ReadySegment): Promise<void> {
    inHand.ended(index);
    if (this.#options.isOpen() && inHand.nextToPrepare() !== undefined) await this.#prepareNext(inHand);
    else if (inHand.isIdle) await this.#finish(inHand);
  }

  /** Nothing of the message is under way: it is done with, or goes back to its queue. */
  async #finish(inHand: MessageInHand): Promise<void> {
    const { custody, settle: context } = this.#options;
    if (inHand.isUnfinished) {
      const at = context.wallClock();
      const isOver = inHand.message.expiresAt <= at && !inHand.hasBegun;
      await inHand.change(isOver ? { kind: 'expired', at } : { kind: 'given_back', at });
    }
    this.#drop(inHand);
    if (inHand.isUnfinished) await custody.giveBack(inHand.item, inHand.returnAfterSeconds);
    else await custody.remove(inHand.item);
  }

  /** Whether a segment that is not on the wire may still get there. */
  #goesOn({ inHand }: Pick<ReadySegment, 'inHand'>): boolean {
    return this.#options.isOpen() && inHand.fault === undefined;
  }

  #drop(inHand: MessageInHand): void {
    const { messageId } = inHand.message;
    if (this.#inHand.get(messageId) === inHand) this.#inHand.delete(messageId);
  }

  #guarded(inHand: MessageInHand, piece: () => Promise<void>): void {
    void this.#contained(inHand, piece);
  }

  /**
   * A fault in the work on one message must not touch another's. Its queue message goes back when the rest of it has ended: as
   * long as one of its segments is on the wire nobody else may take it for lost. After the lease is gone it just ends: the
   * next owner decides.
   */
  async #contained(inHand: MessageInHand, piece: () => Promise<void>): Promise<void> {
    const { custody, ready, settle: context } = this.#options;
    const wasLast = await inHand.work(piece);
    if (inHand.fault === undefined) return;
    const { error } = inHand.fault;
    const waiting = ready.takeOf(inHand);
    if (waiting.length > 0) return this.putBack(waiting);
    if (!wasLast && !(error instanceof LeaseGoneError)) return;
    this.#drop(inHand);
    await workFailed(inHand.item, error, { custody, log: context.log });
  }
}
