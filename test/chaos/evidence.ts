import type { SimulatorEvent } from '../../binder/simulator/journal.ts';
import type { RecordedSubmit } from '../../binder/simulator/recorded-submit.ts';
import type { Message, Segment } from '../../shared/domain/message.ts';
import type { ReceiptTableRow } from '../../shared/store/receipts.ts';
import type { RecordedEvent } from '../e2e/bus-record.ts';
import { e164Of } from '../e2e/fixture-operator.ts';
import type { Arrival } from '../e2e/rate.ts';
import type { ChaosMessage } from './traffic.ts';

/** One request for a message and what came of it. */
export interface SentRequest {
  message: ChaosMessage;
  /** HTTP status; 0 where there was no answer. */
  status: number;
  /** Of the message, where it was accepted. */
  messageId?: string;
}

/** Everything that was seen of a run, from all sides. */
export interface Evidence {
  segmentsPerSecond: number;
  requests: readonly SentRequest[];
  /** The Messages table. */
  messages: readonly Message[];
  /** The Receipts table. */
  rows: readonly ReceiptTableRow[];
  /** Message ids in the lanes' dead-letter queues. */
  deadLetters: readonly string[];
  /** What triggers gave up on, one line each. */
  parked: readonly string[];
  /** As the operator recorded them. */
  submits: readonly RecordedSubmit[];
  /** As the tap measured them. */
  arrivals: readonly Arrival[];
  operatorEvents: readonly SimulatorEvent[];
  /** Which task bound a connection, and since when the operator did not read it, by connection. */
  owners: ReadonlyMap<number, number>;
  deafSinceMs: ReadonlyMap<number, number>;
  bus: readonly RecordedEvent[];
  /** Lines of logs that hold what must not be there. */
  leaks: readonly string[];
  /** How many calls of AWS were made to fail, by kind. */
  callsHit: ReadonlyMap<string, number>;
  /** When the evidence was taken, epoch milliseconds. */
  takenAt: number;
}

/** What a judge found: lines for the table, and promises that are broken. */
export interface Finding {
  rows: [name: string, value: string | number][];
  broken: string[];
}

/** One segment of a stored message beside what the operator saw of it. */
export interface SegmentHistory {
  message: Message;
  /** From 0. */
  index: number;
  segment: Segment;
  submits: RecordedSubmit[];
  /** Those that the operator took. */
  taken: RecordedSubmit[];
}

/** By message id, in the order of the segments. */
export function segmentHistories({ messages, submits }: Evidence): Map<string, SegmentHistory[]> {
  const byPlace = Map.groupBy(submits, ({ destination, concatenation }) =>
    placeOf(e164Of(destination), (concatenation?.index ?? 1) - 1),
  );
  return new Map(
    messages.map((message) => [
      message.messageId,
      message.segments.map((segment, index) => {
        const own = byPlace.get(placeOf(message.to, index)) ?? [];
        return { message, index, segment, submits: own, taken: own.filter(({ accepted }) => accepted) };
      }),
    ]),
  );
}

function placeOf(to: string, index: number): string {
  return `${to} ${index}`;
}
