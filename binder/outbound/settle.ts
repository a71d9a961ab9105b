import type { Account } from '../../shared/config/account.ts';
import { canonicalMcMessageId } from '../../shared/receipts/message-ids.ts';
import type { ReceiptStore } from '../../shared/store/receipts.ts';
import type { NotSent, SubmitOutcome } from '../session/session-events.ts';
import { STATUS } from '../smpp/status.ts';
import { type AnswerClass, classifyAnswer, retryDelaySeconds } from './answers.ts';
import { type InHandContext, type MessageInHand, untilStored } from './message-in-hand.ts';

/** What follows for the segment after its outcome is stored. */
export type Settled =
  | { kind: 'settled' }
  /** The same segment goes first again, as soon as the gate opens. */
  | { kind: 'again' }
  /** The message goes back to its queue for this long. */
  | { kind: 'later'; delaySeconds: number };

export interface SettleContext extends InHandContext {
  account: Account;
  receipts: Pick<ReceiptStore, 'putSegment'>;
  /** Epoch milliseconds. */
  wallClock: () => number;
}

const SETTLED: Settled = { kind: 'settled' };

/** Records how one submit_sm ended (promise P5), before anything else is done with its message. */
export async function settle(
  inHand: MessageInHand,
  index: number,
  outcome: SubmitOutcome,
  context: SettleContext,
): Promise<Settled> {
  const at = context.wallClock();
  const { messageId, lane } = inHand.message;
  switch (outcome.kind) {
    case 'answered':
      return await settleAnswer(inHand, { index, at, ...outcome }, context);
    case 'unknown': {
      const policy = context.account.lanes[lane].unknownOutcome;
      await inHand.change({ kind: 'segment_unanswered', index, policy, at });
      context.log.warn('submit_sm without an answer', { messageId, segment: index, reason: outcome.reason, policy });
      return SETTLED;
    }
    case 'not_sent':
      return await settleNotSent(inHand, { index, at, reason: outcome.reason }, context);
  }
}

async function settleNotSent(
  inHand: MessageInHand,
  { index, at, reason }: { index: number; at: number; reason: NotSent },
  context: SettleContext,
): Promise<Settled> {
  switch (reason) {
    case 'window_full':
    case 'blocked':
    case 'paced':
      return { kind: 'again' };
    case 'not_bound':
    case 'closing':
      await inHand.change({ kind: 'segment_not_accepted', index, refused: false, at });
      return { kind: 'later', delaySeconds: 0 };
    case 'not_encodable': {
      context.log.error('a segment does not fit a PDU', { messageId: inHand.message.messageId, segment: index });
      const error = { code: 'internal_error', detail: 'the message does not fit a PDU', retryable: false };
      await inHand.change({ kind: 'segment_refused', index, commandStatus: STATUS.invalidMessageLength, error, at });
      return SETTLED;
    }
  }
}

interface Answer {
  index: number;
  at: number;
  commandStatus: number;
  messageId?: string;
}

async function settleAnswer(inHand: MessageInHand, answer: Answer, context: SettleContext): Promise<Settled> {
  const { index, at, commandStatus } = answer;
  const answerClass = classifyAnswer(commandStatus);
  if (answerClass.kind !== 'accepted') logRefusal(inHand, answer, answerClass, context);
  switch (answerClass.kind) {
    case 'accepted':
      await recordAccepted({ ...answer, ours: inHand.message.messageId }, context);
      await inHand.change(accepted(answer));
      return SETTLED;
    case 'throttled':
      return { kind: 'again' };
    case 'not_bound':
      await inHand.change({ kind: 'segment_not_accepted', index, refused: false, at });
      return { kind: 'later', delaySeconds: 1 };
    case 'permanent':
      await inHand.change({
        kind: 'segment_refused',
        index,
        commandStatus,
        error: refusal(answerClass, commandStatus, false),
        at,
      });
      return SETTLED;
    case 'temporary': {
      const refusals = (inHand.message.segments[index]?.temporaryRefusals ?? 0) + 1;
      if (refusals >= answerClass.tries) {
        await inHand.change({
          kind: 'segment_refused',
          index,
          commandStatus,
          error: refusal(answerClass, commandStatus, true),
          at,
        });
        return SETTLED;
      }
      await inHand.change({ kind: 'segment_not_accepted', index, refused: true, at });
      return { kind: 'later', delaySeconds: retryDelaySeconds(answerClass, refusals) };
    }
  }
}

/** The Receipts table first: once it knows the id, a receipt finds the message even if this process dies here. */
export async function recordAccepted(
  answer: { ours: string; index: number; messageId?: string; at: number },
  context: SettleContext,
): Promise<void> {
  const mcMessageId = answer.messageId;
  // An OK without an id is sent, without a receipt to wait for.
  if (mcMessageId === undefined || mcMessageId === '') return;
  const row = {
    kind: 'segment' as const,
    account: context.account.name,
    mcMessageId,
    messageId: answer.ours,
    index: answer.index,
    at: answer.at,
  };
  await untilStored(
    () => context.receipts.putSegment(canonicalMcMessageId(mcMessageId, context.account.messageIds), row),
    context,
  );
}

export function accepted({ index, at, messageId }: { index: number; messageId?: string; at: number }) {
  return {
    kind: 'segment_accepted' as const,
    index,
    at,
    ...(messageId === undefined ? {} : { mcMessageId: messageId }),
  };
}

function refusal(answer: { code: string; detail: string }, commandStatus: number, retryable: boolean) {
  return { code: answer.code, detail: answer.detail, operatorCode: hexStatus(commandStatus), retryable };
}

function hexStatus(commandStatus: number): string {
  return `0x${commandStatus.toString(16).toUpperCase().padStart(2, '0')}`;
}

function logRefusal(inHand: MessageInHand, answer: Answer, answerClass: AnswerClass, context: SettleContext): void {
  const fields = {
    messageId: inHand.message.messageId,
    segment: answer.index,
    commandStatus: hexStatus(answer.commandStatus),
    answer: answerClass.kind,
  };
  if (answerClass.kind === 'permanent' && answerClass.alarm)
    context.log.error('submit_sm refused through our own fault', fields);
  else context.log.warn('submit_sm not accepted', fields);
}
