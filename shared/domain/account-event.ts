import type { Lane } from '../config/account.ts';

/** A session that ended because its end was asked for: a deployment, a hand-over. */
export const PLANNED_REASON = 'requested';
/** Why a session is lost of which nobody has said so: who held it is gone. */
export const OWNER_GONE_REASON = 'owner_gone';

export type SessionEvent =
  | { type: 'session.bound' }
  /** `reason` is a word of the binder's; `detail` the system's code or the like. */
  | { type: 'session.lost'; reason: string; detail?: string }
  /** The message centre refused the bind. */
  | { type: 'session.refused'; operatorCode: string; operatorWords?: string };

export interface LaneEvent {
  type: 'lane.congested' | 'lane.cleared';
  lane: Lane;
  /** What a message would wait that is accepted now. */
  waitSeconds: number;
  /** From which on a lane is congested; it is cleared at half of it. */
  thresholdSeconds: number;
  waitingMessages: number;
}

export const QUOTA_LEVELS = ['warning', 'exhausted'] as const;

export interface QuotaEvent {
  type: `quota.${(typeof QUOTA_LEVELS)[number]}`;
  /** Whose quota it is; absent for the account's own. */
  keyId?: string;
  window: 'day' | 'month';
  /** Segments. */
  limit: number;
  used: number;
  /** Epoch milliseconds. */
  resetsAt: number;
}

/** What happens to an account and to no single message of it. */
export type AccountEvent = SessionEvent | LaneEvent | QuotaEvent;

/** One event in the history of its subject. */
export type AccountEntry<E extends AccountEvent = AccountEvent> = E & {
  /** Counts the events of one subject from 1, without gaps. */
  sequence: number;
  /** Epoch milliseconds. */
  at: number;
  /** Names this entry for its writer: an entry whose write was answered by nobody is not written twice. */
  mark?: string;
};

/** What happened to one thing of an account: its session, a lane, a quota in one window of time. */
export interface AccountHistory<E extends AccountEvent = AccountEvent> {
  account: string;
  /** Letters, digits, `-` and `_`. */
  subject: string;
  /** Of the last entry. */
  sequence: number;
  /** The last ones; at least those that the last write added. */
  entries: AccountEntry<E>[];
}

/** Most entries that a history keeps, and that one write adds. */
export const MOST_ENTRIES = 50;

/** A history with more behind it. @param before undefined where nothing has happened yet */
export function withEntries<E extends AccountEvent>(
  { account, subject }: Pick<AccountHistory, 'account' | 'subject'>,
  before: AccountHistory<E> | undefined,
  added: readonly Omit<AccountEntry<E>, 'sequence'>[],
): AccountHistory<E> {
  const { sequence = 0, entries = [] } = before ?? {};
  const numbered = added.map((entry, index) => ({ ...entry, sequence: sequence + index + 1 }) as AccountEntry<E>);
  return {
    account,
    subject,
    sequence: sequence + added.length,
    entries: [...entries, ...numbered].slice(-MOST_ENTRIES),
  };
}

/** The place of a quota's history: each window of time has its own. @param window e.g. `2026-11` or `2026-11-23` */
export function quotaSubject({ keyId, window }: { keyId: string | undefined; window: string }): string {
  return `quota_${keyId === undefined ? 'account' : `key-${keyId}`}_${window}`;
}
