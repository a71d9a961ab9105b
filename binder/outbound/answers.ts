import type { SubmitAnswer } from '../../shared/config/statuses.ts';
import type { MessageError } from '../../shared/domain/message.ts';
import type { StatusTable } from '../session/status-table.ts';
import { statusMeaning } from '../smpp/status.ts';

/** Between two tries of a message. */
export const LONGEST_RETRY_SECONDS = 300;

/** Seconds until the next try: doubling from the first delay, at most five minutes. */
export function retryDelaySeconds({ firstDelaySeconds }: { firstDelaySeconds: number }, refusals: number): number {
  return Math.min(LONGEST_RETRY_SECONDS, firstDelaySeconds * 2 ** Math.max(0, refusals - 1));
}

/**
 * Why a message failed that the operator refused, once that is final: in words that customers understand, with the raw code,
 * its name in SMPP 3.4 and the operator's own words beside them.
 */
export function refusalError(
  commandStatus: number,
  answer: Extract<SubmitAnswer, { action: 'refuse' | 'retry' }>,
  statuses: StatusTable,
): MessageError {
  const { name, meaning } = statusMeaning(commandStatus);
  const words = statuses.words(commandStatus);
  return {
    code: answer.action === 'refuse' ? answer.code : 'operator_temporary_failure',
    detail: detailOf(answer, words ?? meaning),
    operatorCode: hexStatus(commandStatus),
    operatorName: name,
    ...(words === undefined ? {} : { operatorWords: words }),
    retryable: answer.action === 'retry',
  };
}

export function hexStatus(commandStatus: number): string {
  return `0x${commandStatus.toString(16).toUpperCase().padStart(2, '0')}`;
}

function detailOf(answer: Extract<SubmitAnswer, { action: 'refuse' | 'retry' }>, reason: string): string {
  if (answer.action === 'retry') return `the operator could not take the message: ${reason}`;
  switch (answer.code) {
    // What SMPP 3.4 says of the code may be about binds, and would only confuse.
    case 'sender_not_allowed':
      return 'the operator refused the sender id';
    case 'recipient_refused':
      return 'the operator refused the number';
    case 'operator_rejected':
      return `the operator refused the message: ${reason}`;
  }
}
