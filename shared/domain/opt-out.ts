import type { Lane } from '../config/account.ts';

/** What a subscriber does not want any more. `promotional`: bulk. `all`: everything but one-time passwords, which he asks for himself. */
export const OPT_OUT_SCOPES = ['all', 'promotional'] as const;
export type OptOutScope = (typeof OPT_OUT_SCOPES)[number];

/** How it came about. */
export const OPT_OUT_SOURCES = ['api', 'import'] as const;
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
