import type { Message, MessageError } from '../../shared/domain/message.ts';
import { mayBeStopped, stops } from '../../shared/domain/opt-out.ts';
import type { OptOutLookup } from '../../shared/store/opt-out-lookup.ts';

/** Why a message must not go to its recipient any more; undefined where it may. Rejects where that cannot be known. */
export type OptOutCheck = (message: Message) => Promise<MessageError | undefined>;

const REFUSAL: MessageError = {
  code: 'recipient_opted_out',
  detail: 'the recipient opted out after the message was accepted',
  retryable: false,
};

/**
 * Asks once more what was asked when the message was accepted, for that may be weeks ago. By the same rule: one-time
 * passwords cost no question, and the answer to a subscriber's own word goes in any case.
 */
export function optOutCheck(optOuts: Pick<OptOutLookup, 'get'>): OptOutCheck {
  return async ({ account, to, lane, confirmsKeyword }) => {
    if (!mayBeStopped(lane) || confirmsKeyword === true) return undefined;
    const optOut = await optOuts.get(account, to);
    return optOut !== undefined && stops(optOut.scope, lane) ? REFUSAL : undefined;
  };
}
