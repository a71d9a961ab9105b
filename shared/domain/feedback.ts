import type { Lane } from '../config/account.ts';
import type { Message } from './message.ts';

export const FEEDBACK_OUTCOMES = ['converted', 'not_converted'] as const;
export type FeedbackOutcome = (typeof FEEDBACK_OUTCOMES)[number];

/** What the sender knows of a message's effect: whether a one-time password was used. Receipts can be false; this cannot. */
export interface Feedback {
  outcome: FeedbackOutcome;
  /** Epoch milliseconds. */
  at: number;
}

/** Of messages that were accepted in one month, sent in one lane under one sender id. */
export interface SenderOutcomes {
  /** Handed to the operator. */
  sent: number;
  /** By receipt. */
  delivered: number;
  converted: number;
  notConverted: number;
}

/** Stands in place of the sender id where there were too many. */
export const OTHER_SENDERS = '*';

/** Where a message is counted. */
export interface OutcomePlace {
  account: string;
  /** Such as `2026-11`. */
  month: string;
  lane: Lane;
  from: string;
}

/** By the clocks of its account, as its segments are counted; by UTC where they were not. */
export function outcomePlaceOf({ account, countedIn, createdAt, lane, from }: Message): OutcomePlace {
  return { account, month: countedIn?.month ?? new Date(createdAt).toISOString().slice(0, 7), lane, from };
}

const WENT_OUT: ReadonlySet<string> = new Set(['sent', 'delivered', 'undelivered', 'unknown']);

/** What one write to a message adds to the counts of its sender; undefined where nothing. */
export function outcomesOfWrite({
  before,
  after,
}: {
  before: Message | undefined;
  after: Message;
}): Pick<SenderOutcomes, 'sent' | 'delivered'> | undefined {
  const sent = Number(wentOut(after)) - Number(before !== undefined && wentOut(before));
  const delivered = Number(after.status === 'delivered') - Number(before?.status === 'delivered');
  return sent === 0 && delivered === 0 ? undefined : { sent, delivered };
}

function wentOut({ timeline }: Message): boolean {
  return timeline.some(({ status }) => WENT_OUT.has(status));
}
