import { type OutcomePlace, outcomePlaceOf, outcomesOfWrite } from '../../shared/domain/feedback.ts';
import type { Message } from '../../shared/domain/message.ts';
import type { Log } from '../../shared/log/log.ts';
import type { OutcomeStore } from '../../shared/store/control-outcomes.ts';

export interface OutcomeDependencies {
  outcomes: Pick<OutcomeStore, 'add'>;
  log: Log;
}

/** One write to a message, by the number of its record. */
export interface MessageWrite {
  record: string;
  before: Message | undefined;
  after: Message;
}

/**
 * Counts what went out and what was delivered, by lane and sender id: one write for all messages of a sender. Only of records
 * that do not come again, and last of all; should this process die in between they do, and are counted twice.
 */
export async function countOutcomes(
  writes: readonly MessageWrite[],
  { outcomes, log }: OutcomeDependencies,
): Promise<void> {
  const sums = new Map<string, { place: OutcomePlace; sent: number; delivered: number }>();
  for (const write of writes) {
    const counted = outcomesOfWrite(write);
    if (counted === undefined) continue;
    const place = outcomePlaceOf(write.after);
    const name = Object.values(place).join('#');
    const sum = sums.get(name) ?? { place, sent: 0, delivered: 0 };
    sums.set(name, { place, sent: sum.sent + counted.sent, delivered: sum.delivered + counted.delivered });
  }
  for (const { place, ...counts } of sums.values()) {
    try {
      await outcomes.add(place, counts);
    } catch (error) {
      // Nobody waits for statistics: events must not go out twice for them.
      log.error('outcomes not counted', { account: place.account, ...counts, error });
    }
  }
}

/** The records that do not come again: a trigger goes on from the first that failed. */
export function beforeFailures<T extends { record: string }>(
  items: readonly T[],
  { order, failed }: { order: readonly string[]; failed: ReadonlySet<string> },
): T[] {
  const end = order.findIndex((record) => failed.has(record));
  const done = new Set(end < 0 ? order : order.slice(0, end));
  return items.filter(({ record }) => done.has(record));
}
