import type { CloseWord } from './close-reason.ts';

/** Where a session stands, from the least to the most. `connecting` begins with the reading of the credentials. */
const STATES = ['closed', 'waiting', 'connecting', 'binding', 'unbinding', 'bound'] as const;

export interface SessionStatus {
  state: (typeof STATES)[number];
  /** Why the last connection ended: with `waiting` and `closed`. */
  reason?: CloseWord;
  /** Of the answer to the bind, with `bind_refused`. */
  commandStatus?: number;
  detail?: string;
  /** Failures of this kind in a row. */
  attempt?: number;
  retryInMs?: number;
  /** A person should look. */
  alarm?: boolean;
  /** On the link's clock, milliseconds. */
  since: number;
}

/** Status of a whole link. */
export interface LinkStatus extends SessionStatus {
  /** Bound for sending. Of a pair, the transmitter may be while the receiver is not. */
  canSubmit: boolean;
}

/** The status of a link that has several sessions: it is as far as the one that is least far. */
export function leastOf(statuses: readonly SessionStatus[]): SessionStatus {
  return statuses.reduce((least, status) => (rank(status) < rank(least) ? status : least));
}

function rank(status: SessionStatus): number {
  return STATES.indexOf(status.state);
}
