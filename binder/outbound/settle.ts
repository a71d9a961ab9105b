import type { PauseAnswer, SubmitAnswer } from '../../shared/config/statuses.ts';
import type { MessageError } from '../../shared/domain/message.ts';
import type { Tally } from '../metrics/tally.ts';
import type { NotSent, SubmitOutcome } from '../session/session-events.ts';
import type { StatusTable } from '../session/status-table.ts';
import { STATUS, statusMeaning } from '../smpp/status.ts';
import { hexStatus, LONGEST_RETRY_SECONDS, refusalError, retryDelaySeconds } from './answers.ts';
import type { MessageInHand } from './message-in-hand.ts';
import { accepted, type RecordContext, recordAccepted } from './record-accepted.ts';
import type { RefusalWatch } from './refusal-watch.ts';

/** What follows for the segment after its outcome is stored. */
export type Settled =
  | { kind: 'settled' }
  /** The same segment goes first again, as soon as the gate opens. */
  | { kind: 'again' }
  /** The message goes back to its queue for this long. */
  | { kind: 'later'; delaySeconds: number };

export interface SettleContext extends RecordContext {
  /** Epoch milliseconds. */
  wallClock: () => number;
  /** What the account's answers mean. */
  statuses: StatusTable;
  tally: Pick<Tally, 'count' | 'waited' | 'flow'>;
  refusals: RefusalWatch;
}

const SETTLED: Settled = { kind: 'settled' };
const NOT_BOUND_DELAY_SECONDS = 1;

/** How the submit_sm of one segment ended. */
interface Ended {
  inHand: MessageInHand;
  index: number;
  at: number;
}

/** Records how one submit_sm ended (promise P5), before anything else is done with its message. */
export async function settle(
  segment: { inHand: MessageInHand; index: number },
  outcome: SubmitOutcome,
  context: SettleContext,
): Promise<Settled> {
  const ended: Ended = { ...segment, at: context.wallClock() };
  switch (outcome.kind) {
    case 'answered':
      return await settleAnswer(ended, outcome, context);
    case 'unknown':
      return await settleUnknown(ended, outcome.reason, context);
    case 'not_sent':
      return await settleNotSent(ended, outcome.reason, context);
  }
}

/** Ends a segment that no submit_sm can be made of: trying again would change nothing. */
export async function refuseUnsendable(
  { inHand, index, at }: Ended,
  error: unknown,
  context: SettleContext,
): Promise<void> {
  const { messageId } = inHand.message;
  context.log.error('no submit_sm can be made of a segment', { messageId, segment: index, error });
  const reason = { code: 'internal_error', detail: 'the stored message cannot be sent', retryable: false };
  await inHand.change({ kind: 'segment_refused', index, error: reason, at });
}

async function settleUnknown(
  { inHand, index, at }: Ended,
  reason: 'timeout' | 'link_lost',
  context: SettleContext,
): Promise<Settled> {
  const { messageId, lane } = inHand.message;
  const policy = context.account.lanes[lane].unknownOutcome;
  context.log.warn('submit_sm without an answer', { messageId, segment: index, reason, policy });
  await inHand.change({ kind: 'segment_unanswered', index, policy, at });
  return SETTLED;
}

async function settleNotSent(ended: Ended, reason: NotSent, context: SettleContext): Promise<Settled> {
  switch (reason) {
    case 'window_full':
    case 'blocked':
    case 'paced':
      return { kind: 'again' };
    case 'not_bound':
    case 'closing':
      return await waitAgain(ended, { refused: false, delaySeconds: 0 });
    case 'not_encodable':
      await refuseUnsendable(ended, 'it does not fit a PDU', context);
      return SETTLED;
  }
}

async function settleAnswer(
  ended: Ended,
  { commandStatus, messageId: mcMessageId }: { commandStatus: number; messageId?: string },
  context: SettleContext,
): Promise<Settled> {
  const { inHand, index, at } = ended;
  if (commandStatus !== STATUS.ok) return await settleRefusal(ended, commandStatus, context);
  const { messageId } = inHand.message;
  context.refusals.accepted(inHand.message);
  const acceptance = { messageId, index, mcMessageId, at };
  await recordAccepted(acceptance, context);
  await inHand.change(accepted(acceptance));
  return SETTLED;
}

async function settleRefusal(ended: Ended, commandStatus: number, context: SettleContext): Promise<Settled> {
  const { refusals: watch, statuses } = context;
  const answer = statuses.submitAnswer(commandStatus);
  watch.refused(ended.inHand.message, answer);
  logRefusal(ended, commandStatus, { answer, context });
  switch (answer.action) {
    case 'pause':
      if (answer.cause === 'rate') return { kind: 'again' };
      return await waitAgain(ended, { refused: false, delaySeconds: queueFullDelaySeconds(ended, answer) });
    case 'rebind':
      return await waitAgain(ended, { refused: false, delaySeconds: NOT_BOUND_DELAY_SECONDS });
    case 'requeue':
      return await waitAgain(ended, { refused: false, delaySeconds: answer.delaySeconds });
    case 'refuse':
      return await refuse(ended, commandStatus, refusalError(commandStatus, answer, statuses));
    case 'retry': {
      const refusals = (ended.inHand.message.segments[ended.index]?.temporaryRefusals ?? 0) + 1;
      if (refusals >= answer.tries)
        return await refuse(ended, commandStatus, refusalError(commandStatus, answer, statuses));
      return await waitAgain(ended, { refused: true, delaySeconds: retryDelaySeconds(answer, refusals) });
    }
  }
}

/**
 * A full queue may be that of one recipient, which the answer does not say: the next try must be somebody else's, or this
 * one would keep the account waiting until it expires. Each wait doubles the message's age.
 */
function queueFullDelaySeconds({ inHand: { message }, at }: Ended, { firstMs }: PauseAnswer): number {
  const ageMs = at - (message.queuedAt ?? message.createdAt);
  return Math.min(LONGEST_RETRY_SECONDS, Math.ceil(Math.max(firstMs, ageMs) / 1000));
}

async function waitAgain(
  { inHand, index, at }: Ended,
  { refused, delaySeconds }: { refused: boolean; delaySeconds: number },
): Promise<Settled> {
  await inHand.change({ kind: 'segment_not_accepted', index, refused, at });
  return { kind: 'later', delaySeconds };
}

async function refuse({ inHand, index, at }: Ended, commandStatus: number, error: MessageError): Promise<Settled> {
  await inHand.change({ kind: 'segment_refused', index, commandStatus, error, at });
  return SETTLED;
}

function logRefusal(
  { inHand, index }: Ended,
  commandStatus: number,
  { answer, context }: { answer: SubmitAnswer; context: SettleContext },
): void {
  const { messageId } = inHand.message;
  const status = { commandStatus: hexStatus(commandStatus), statusName: statusMeaning(commandStatus).name };
  const fields = { messageId, segment: index, ...status, answer: answer.action };
  if (answer.alarm !== true) return context.log.warn('submit_sm not accepted', fields);
  context.tally.count('AnswersAlarming');
  context.log.error('submit_sm refused: a person should look', fields);
}
