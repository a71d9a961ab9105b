import type { Lane } from '../config/account.ts';

/** What a subscriber does not want any more. `promotional`: bulk. `all`: everything but one-time passwords, which he asks for himself. */
export const OPT_OUT_SCOPES = ['all', 'promotional'] as const;
export type OptOutScope = (typeof OPT_OUT_SCOPES)[number];

/** How it came about. */
export const OPT_OUT_SOURCES = ['api', 'stop_word', 'import'] as const;
export type OptOutSource = (typeof OPT_OUT_SOURCES)[number];

/** A subscriber's wish toward one account. Times are epoch milliseconds. */
export interface OptOut {
  account: string;
  /** E.164. */
  number: string;
  scope: OptOutScope;
  source: OptOutSource;
  createdAt: number;
  /** When it was last asked for. */
  updatedAt: number;
}

/** An opt-out as its table has it. */
export interface StoredOptOut extends OptOut {
  /** `oo_` and a ULID. Who opts out again after the end of an opt-out begins another, with another id. */
  optOutId: string;
  /** That it began with; it may have become wider. Absent in one that is older than events are. */
  firstScope?: OptOutScope;
}

/** Of how many changes of an opt-out was told so far: it began, and may have become wider once. */
export function changesOf({ scope, firstScope }: Pick<StoredOptOut, 'scope' | 'firstScope'>): number {
  if (firstScope === undefined) return 0;
  return scope === firstScope ? 1 : 2;
}

/** The scopes that stop a lane. None of them stops otp. */
const STOPPED_BY: Readonly<Record<Lane, readonly OptOutScope[]>> = {
  otp: [],
  transactional: ['all'],
  bulk: ['all', 'promotional'],
};

/** Whether anybody could be opted out of a lane at all. */
export function mayBeStopped(lane: Lane): boolean {
  return STOPPED_BY[lane].length > 0;
}

export function stops(scope: OptOutScope, lane: Lane): boolean {
  return STOPPED_BY[lane].includes(scope);
}
