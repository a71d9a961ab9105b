import type { MetricName } from '../../shared/config/binder-metrics.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { MessageChange } from '../../shared/domain/message-change.ts';
import type { Changed } from '../../shared/store/messages.ts';
import type { MessageChanges } from '../outbound/message-in-hand.ts';

/** Counts what is stored of messages: what was stored counts, and what came to nothing does not. */
export class CountedChanges implements MessageChanges {
  readonly #messages: MessageChanges;
  readonly #count: (name: MetricName, times: number) => void;

  constructor(messages: MessageChanges, count: (name: MetricName, times: number) => void) {
    this.#messages = messages;
    this.#count = count;
  }

  async get(messageId: string): Promise<Message | undefined> {
    return await this.#messages.get(messageId);
  }

  async change(messageId: string, change: MessageChange, known?: Message): Promise<Changed> {
    const result = await this.#messages.change(messageId, change, known);
    if (result.kind !== 'changed') return result;
    const name = metricOf(change);
    if (name !== undefined) this.#count(name, 1);
    const resends = resendsOf(result.message) - resendsOf(result.before);
    if (resends > 0) this.#count('Resends', resends);
    return result;
  }
}

function metricOf(change: MessageChange): MetricName | undefined {
  switch (change.kind) {
    case 'abandoned':
      return 'ClaimsAbandoned';
    case 'given_back':
      return 'ClaimsGivenBack';
    case 'expired':
      return 'ExpiredWaiting';
    case 'segment_not_accepted':
      return change.refused ? 'RefusedForNow' : undefined;
    case 'segment_refused':
      return REFUSALS[change.error.code] ?? 'RefusedOtherwise';
    default:
      return undefined;
  }
}

/** By the code of the message's error. */
const REFUSALS: Readonly<Record<string, MetricName>> = {
  sender_not_allowed: 'RefusedSender',
  recipient_refused: 'RefusedRecipient',
};

function resendsOf({ segments }: Message): number {
  return segments.reduce((sum, { resends }) => sum + resends, 0);
}
