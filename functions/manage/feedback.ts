import type * as z from 'zod';
import { feedbackRequestSchema, type messageFeedbackSchema } from '../../shared/contracts/feedback.ts';
import { isoTime } from '../../shared/contracts/message.ts';
import {
  type Feedback,
  type FeedbackOutcome,
  outcomePlaceOf,
  type SenderOutcomes,
} from '../../shared/domain/feedback.ts';
import type { Message } from '../../shared/domain/message.ts';
import { neverOnTheWire } from '../../shared/domain/segments.ts';
import type { Log } from '../../shared/log/log.ts';
import type { OutcomeStore } from '../../shared/store/control-outcomes.ts';
import type { MessageFeedback } from '../../shared/store/message-feedback.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody } from '../middleware/check.ts';
import { messageInReach } from '../middleware/message-in-reach.ts';
import { Refusal, requestTimedOut } from '../middleware/refusal.ts';
import { requireSendScope } from '../middleware/send-scope.ts';

export interface FeedbackDependencies {
  messages: Pick<MessageStore, 'get'>;
  feedback: Pick<MessageFeedback, 'replace'>;
  outcomes: Pick<OutcomeStore, 'add'>;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
}

/** Clocks of callers may be a little ahead. */
const AHEAD_MS = 60_000;
const MOST_RACES = 5;

/**
 * `POST /v1/messages/{id}/feedback`: from whoever may send, for he alone sees what a message led to. Saying the same again
 * changes nothing, and is no error: the first answer may have been lost.
 */
export async function giveFeedback(call: HttpCall, dependencies: FeedbackDependencies): Promise<HttpAnswer> {
  const { caller, parameters, body } = call;
  requireSendScope(caller);
  const { outcome, at = dependencies.now() } = parseBody(feedbackRequestSchema, body);
  for (let race = 0; race < MOST_RACES; race += 1) {
    const message = await messageInReach(parameters['id'] ?? '', caller, dependencies.messages);
    requireSendScope(caller, message.lane);
    const { messageId, feedback: seen } = message;
    if (seen?.outcome === outcome) return answer(messageId, seen);
    refuseUnsent(message);
    refuseWrongTime(message, at, dependencies.now());
    const given = { outcome, at };
    if (!(await dependencies.feedback.replace(messageId, seen?.outcome, given))) continue;
    await count(message, outcome, dependencies);
    return answer(messageId, given);
  }
  return requestTimedOut();
}

/** The message has taken the change, once: a count that is lost here is not made up for, and none is made twice. */
async function count(message: Message, outcome: FeedbackOutcome, { outcomes, log }: FeedbackDependencies) {
  const before = message.feedback?.outcome;
  const counts: Partial<SenderOutcomes> = {
    [nameOf(outcome)]: 1,
    ...(before === undefined ? {} : { [nameOf(before)]: -1 }),
  };
  try {
    await outcomes.add(outcomePlaceOf(message), counts);
  } catch (error) {
    log.error('feedback stored but not counted', { message_id: message.messageId, error });
  }
}

function nameOf(outcome: FeedbackOutcome): keyof SenderOutcomes {
  return outcome === 'converted' ? 'converted' : 'notConverted';
}

function answer(messageId: string, { outcome, at }: Feedback): HttpAnswer {
  const body: z.output<typeof messageFeedbackSchema> = { message_id: messageId, outcome, at: isoTime(at) };
  return { status: 200, body };
}

/** @throws Refusal */
function refuseUnsent(message: Message): void {
  if (!neverOnTheWire(message)) return;
  throw new Refusal({ code: 'message_not_sent', detail: `it is ${message.status}, and nothing of it has gone out` });
}

/** @throws Refusal */
function refuseWrongTime({ createdAt }: Message, at: number, now: number): void {
  if (at >= createdAt && at <= now + AHEAD_MS) return;
  const detail = 'must lie between the time when the message was accepted and now';
  throw new Refusal({
    code: 'invalid_request',
    detail: `/at ${detail}`,
    errors: [{ pointer: '/at', code: 'out_of_range', detail }],
  });
}
