/** Why a queue message was moved to its dead-letter queue. Stable words: they stand there, in logs and in metrics. */
export const POISON_REASONS = [
  /** Its body is none of ours. */
  'unreadable',
  /** The table has no message of this id. */
  'no_such_message',
  /** The message belongs to another account, whose lane it must come from. */
  'other_account',
  /** Working on it fails again and again; `detail` has the kind of fault. */
  'work_failed',
  /** It came back too often for anything else to be expected of it. */
  'received_too_often',
] as const;
export type PoisonReason = (typeof POISON_REASONS)[number];

/** What stands beside a message in a dead-letter queue: no personal data, for whoever looks there may not see any. */
export interface Poison {
  reason: PoisonReason;
  detail: string;
}

/** From this receive on, what might still be a passing fault counts as lasting. */
export const LASTING_RECEIVES = 3;
/**
 * From this receive on, work that fails counts as failing for ever. A fault of the machine, or of answers that are cut short,
 * may take some time to pass.
 */
export const LASTING_FAULT_RECEIVES = 5;
/**
 * From this receive on nothing is tried any more. The queue itself would move a message without a reason after its own
 * limit, which must be higher. Messages that wait for their sender id come back once an hour.
 */
export const MOST_RECEIVES = 45;

const LONGEST_DETAIL = 200;

/** The kind of a fault, without its message: that may tell what the fault was about. */
export function faultDetail(error: unknown): string {
  if (!(error instanceof Error)) return 'no error object';
  const code = (error as { code?: unknown }).code;
  const detail = typeof code === 'string' ? `${error.name} ${code}` : error.name;
  // A message attribute of SQS takes no control characters.
  return detail.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, LONGEST_DETAIL);
}
