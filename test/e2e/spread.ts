import type { AcceptedMessage } from '../fixtures/messages.ts';

/** From this length on messages count as one kind. */
const LONG = 4;

/** The first `most` messages of every kind: lane, encoding, number of segments, outcome. */
export function spreadOf(messages: readonly AcceptedMessage[], most: number): AcceptedMessage[] {
  const kinds = Map.groupBy(messages, ({ lane, outcome, expect }) =>
    [lane, outcome, expect.encoding, Math.min(expect.segments, LONG)].join(' '),
  );
  return [...kinds.values()].flatMap((alike) => alike.slice(0, most));
}

export function segmentsOf(messages: readonly AcceptedMessage[]): number {
  return messages.reduce((sum, { expect }) => sum + expect.segments, 0);
}
