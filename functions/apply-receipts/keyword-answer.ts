import type { Keywords } from '../../shared/config/keywords.ts';
import { addressOf, type InboundMessage, inboundUlidOf } from '../../shared/domain/inbound-message.ts';
import type { Message } from '../../shared/domain/message.ts';
import { firstDueAt } from '../../shared/domain/schedule.ts';
import { ulidAfter } from '../../shared/domain/ulid.ts';
import { segmentText } from '../../shared/encoding/segment.ts';
import type { Log } from '../../shared/log/log.ts';
import type { LaneQueues } from '../../shared/queue/lanes.ts';
import { conditionFailed } from '../../shared/store/client.ts';
import type { KeywordStore, SaidKeyword } from '../../shared/store/control-keywords.ts';
import type { MessageStore } from '../../shared/store/messages.ts';

export interface AnswerDependencies {
  messages: Pick<MessageStore, 'create'>;
  lanes: Pick<LaneQueues, 'send'>;
  keywords: Pick<KeywordStore, 'takeAnswer'>;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
}

/** An answer that comes later than this confuses. */
const LIFE_MS = 3_600_000;
/** Stands in place of an API key's id: nobody's key sends answers, and none is charged for them. */
const ANSWERED_BY = 'keywords';

interface Asked {
  said: SaidKeyword;
  message: InboundMessage;
  keywords: Keywords;
}

/**
 * Sends the configured answer, as an ordinary message of the transactional lane. Its id follows from the inbound message's,
 * so that it is sent once however often that is looked at; one of each kind goes to a subscriber in a day.
 */
export async function answerKeyword(asked: Asked, dependencies: AnswerDependencies): Promise<void> {
  const { said, message, keywords } = asked;
  const text = keywords[said.kind].answer;
  const from = keywords.answersFrom ?? message.to;
  // A number that writes to itself would be answered for ever.
  if (text === undefined || addressOf(from) === said.number) return;
  if (!(await dependencies.keywords.takeAnswer(said))) return;
  const answer = answerOf(asked, { text, from, now: dependencies.now() });
  try {
    await dependencies.messages.create(answer);
  } catch (error) {
    if (!conditionFailed(error)) throw error;
  }
  try {
    // Queued twice it is claimed once.
    await dependencies.lanes.send(answer);
  } catch (error) {
    dependencies.log.warn('stored but not queued; the sweep will queue it', { message_id: answer.messageId, error });
  }
}

function answerOf({ said, message }: Asked, { text, from, now }: { text: string; from: string; now: number }): Message {
  const segmentation = segmentText({ text, encoding: 'auto' });
  if (segmentation.kind !== 'ok') throw new TypeError('the configured answer cannot be sent');
  const expiresAt = now + LIFE_MS;
  return {
    // Not the same ULID: the events of both are named after it.
    messageId: `msg_${ulidAfter(inboundUlidOf(message.messageId), 1)}`,
    version: 1,
    account: said.account,
    lane: 'transactional',
    statusAt: now,
    to: said.number,
    from,
    text,
    encoding: segmentation.encoding,
    segments: segmentation.segments.map(() => ({ state: 'waiting', resends: 0 })),
    keyId: ANSWERED_BY,
    test: message.test,
    confirmsKeyword: true,
    createdAt: now,
    status: 'queued',
    sequence: 1,
    timeline: [{ status: 'queued', at: now, sequence: 1 }],
    queuedAt: now,
    expiresAt,
    dueAt: firstDueAt({ status: 'queued', expiresAt }, now),
  };
}
