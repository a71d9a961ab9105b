import { presentMessage } from '../../shared/contracts/message.ts';
import type { MessageStore } from '../../shared/store/messages.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { messageInReach, noSuchMessage } from '../middleware/message-in-reach.ts';
import { Refusal } from '../middleware/refusal.ts';
import { requireSendScope } from '../middleware/send-scope.ts';
import { viewOf } from '../middleware/view.ts';

export interface CancelDependencies {
  messages: Pick<MessageStore, 'get' | 'change'>;
  /** Epoch milliseconds. */
  now: () => number;
}

/**
 * `POST /v1/messages/{id}/cancel`: what the operator has not been given never goes to it. Its id may stay in a queue; the
 * binder looks at the message before it sends anything. Canceling again is no error: the first answer may have been lost.
 */
export async function cancelMessage(
  { caller, parameters }: HttpCall,
  { messages, now }: CancelDependencies,
): Promise<HttpAnswer> {
  requireSendScope(caller);
  const message = await messageInReach(parameters['id'] ?? '', caller, messages);
  requireSendScope(caller, message.lane);
  const result = await messages.change(message.messageId, { kind: 'canceled', at: now() }, message);
  if (result.kind === 'missing') throw noSuchMessage();
  if (result.message.status !== 'canceled') {
    const detail = `it is ${result.message.status}; only what is scheduled or queued can be canceled`;
    throw new Refusal({ code: 'not_cancelable', detail });
  }
  return { status: 200, body: presentMessage(result.message, viewOf(caller)) };
}
