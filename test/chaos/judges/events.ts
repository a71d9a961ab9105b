import type { Message, MessageStatus } from '../../../shared/domain/message.ts';
import { isFinal } from '../../../shared/domain/message.ts';
import type { RecordedEvent } from '../../e2e/bus-record.ts';
import type { Evidence, Finding } from '../evidence.ts';

/** Each published change is on the bus once, after repeats are dropped, numbered without a gap (P8); no state went back (P7). */
export function judgeEvents({ messages, bus }: Pick<Evidence, 'messages' | 'bus'>): Finding {
  const perMessage = Map.groupBy(bus, ({ detail }) => detail.data.message_id);
  const ids = new Set(bus.map(({ detail }) => detail.metadata.event_id));
  const known = new Set(messages.map(({ messageId }) => messageId));
  const strangers = [...perMessage.keys()].filter((id) => !known.has(id));
  const published = messages.reduce((sum, { sequence }) => sum + sequence, 0);
  return {
    rows: [
      ['changes published', published],
      ['events on the bus, each once', ids.size],
      ['  repeats, with the same id', bus.length - ids.size],
    ],
    broken: [
      ...strangers.map((id) => `${id}: an event of a message that is not there`),
      ...messages.flatMap((message) => eventDifferences(message, perMessage.get(message.messageId) ?? [])),
      ...messages
        .filter(wentBack)
        .map((message) => `${message.messageId}: went back: ${statusesOf(message).join(', ')}`),
    ],
  };
}

/** Whether every published change of these messages has come. */
export function areComplete({ messages, bus }: Pick<Evidence, 'messages' | 'bus'>): boolean {
  const ids = new Set(bus.map(({ detail }) => detail.metadata.event_id));
  return ids.size >= messages.reduce((sum, { sequence }) => sum + sequence, 0);
}

function eventDifferences({ messageId, timeline }: Message, events: readonly RecordedEvent[]): string[] {
  const byId = new Map(events.map((event) => [event.detail.metadata.event_id, event]));
  const onBus = [...byId.values()]
    .sort((one, other) => one.detail.metadata.sequence - other.detail.metadata.sequence)
    .map(({ type, detail }) => `${detail.metadata.sequence} ${type}`)
    .join(', ');
  const changes = timeline.filter(({ sequence }) => sequence !== undefined);
  const expected = changes.map(({ status }, index) => `${index + 1} message.${status}`).join(', ');
  const numbered = changes.map(({ sequence, status }) => `${sequence} message.${status}`).join(', ');
  return [
    ...(onBus === expected ? [] : [`${messageId}: on the bus ${onBus || 'nothing'}, expected ${expected}`]),
    ...(numbered === expected ? [] : [`${messageId}: its timeline is numbered ${numbered}`]),
  ];
}

function statusesOf({ timeline }: Message): MessageStatus[] {
  return timeline.map(({ status }) => status);
}

/** Only `sending` may go back to `queued`, and only `unknown` become another final state. */
function wentBack(message: Message): boolean {
  const statuses = statusesOf(message);
  return statuses.some((status, index) => {
    const before = statuses[index - 1];
    if (before === undefined) return false;
    if (isFinal(before)) return before !== 'unknown' || !isFinal(status);
    return before === 'sent' && !isFinal(status);
  });
}
