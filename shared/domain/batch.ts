import type { Lane } from '../config/account.ts';
import type { MessageStatus } from './message.ts';
import type { Period } from './period.ts';
import { ulidAfter } from './ulid.ts';

/** `done`: all that was accepted has gone to the operator or come to its end. Receipts may still follow. */
export const BATCH_STATUSES = ['running', 'paused', 'canceled', 'done'] as const;
export type BatchStatus = (typeof BATCH_STATUSES)[number];

export const BATCH_EVENTS = ['started', 'paused', 'resumed', 'canceled', 'completed'] as const;
export type BatchEvent = (typeof BATCH_EVENTS)[number];

/** Most segments in any stretch of time. */
export interface SpeedLimit {
  segments: number;
  per: 'second' | 'minute';
}

/** How far a batch has come. Its messages wait in the table and are fed to their lane a few seconds ahead. */
export interface Feeding {
  /** Number of the step that comes next: a call for an earlier one comes too late. */
  tick: number;
  /** Items that were fed, or are just being fed, and have not yet left their lane. */
  pending: number[];
  /** The first item that was never fed. */
  next: number;
  /** With a speed limit: when the next segment may go at the earliest, epoch milliseconds. */
  slotAt: number;
}

/** A batch as stored. Times are epoch milliseconds. */
export interface Batch {
  /** `bat_` and a ULID. The messages of its items have the ULIDs behind it. */
  batchId: string;
  /** Raised by every write; every write is conditional on it. */
  version: number;
  /** Number of published events so far. */
  sequence: number;
  account: string;
  lane: Lane;
  /** `accepting` until all of its messages are stored; such a batch is not shown to anybody. */
  status: BatchStatus | 'accepting';
  statusAt: number;
  keyId: string;
  test: boolean;
  clientRef?: string;
  speedLimit?: SpeedLimit;
  /** A character for each item, in their order: 1 for an item that was accepted. */
  accepted: string;
  /** Of the accepted items together. */
  segments: number;
  /** The day and month on which they were counted. */
  countedIn?: Period;
  createdAt: number;
  /** When its first message may go. */
  startsAt: number;
  feeding: Feeding;
  /** Its latest events. */
  history: { event: BatchEvent; at: number; sequence: number }[];
  /** When the sweep must look at it; absent once nothing is left to do for it. */
  dueAt?: number;
}

const BATCH_ID = /^bat_([0-9A-HJKMNP-TV-Z]{26})$/;

export function isBatchId(written: string): boolean {
  return BATCH_ID.test(written);
}

/** The id of the message that an item becomes. @param index of the item, from 0 */
export function itemMessageId(batchId: string, index: number): string {
  return `msg_${ulidAfter(batchId.slice('bat_'.length), index + 1)}`;
}

/** Indexes of accepted items from `from` on, at most `limit`. */
export function acceptedItems({ accepted }: Pick<Batch, 'accepted'>, from = 0, limit = Infinity): number[] {
  const found: number[] = [];
  for (let index = accepted.indexOf('1', from); index >= 0 && found.length < limit; ) {
    found.push(index);
    index = accepted.indexOf('1', index + 1);
  }
  return found;
}

/** How many items were accepted. */
export function acceptedCount({ accepted }: Pick<Batch, 'accepted'>): number {
  return accepted.replaceAll('0', '').length;
}

export const COUNTED = [
  'waiting',
  'queued',
  'sent',
  'delivered',
  'undelivered',
  'failed',
  'expired',
  'canceled',
  'unknown',
] as const;
/** How many messages of a batch stand where; together they are those that were accepted. */
export type BatchCounters = Record<(typeof COUNTED)[number], number>;

/** @param statuses of the batch's messages, as far as they still exist */
export function countStatuses(statuses: Iterable<MessageStatus>): BatchCounters {
  const counters = Object.fromEntries(COUNTED.map((name) => [name, 0])) as BatchCounters;
  for (const status of statuses) counters[COUNTER_OF[status]] += 1;
  return counters;
}

/** What a binder has just taken comes back where the operator is busy: for the sender of a batch it is still in its queue. */
const COUNTER_OF: Record<MessageStatus, keyof BatchCounters> = {
  scheduled: 'waiting',
  queued: 'queued',
  sending: 'queued',
  sent: 'sent',
  delivered: 'delivered',
  undelivered: 'undelivered',
  failed: 'failed',
  expired: 'expired',
  canceled: 'canceled',
  unknown: 'unknown',
};
