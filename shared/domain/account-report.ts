import type { Lane } from '../config/account.ts';

/** What a lane did lately. Times are epoch milliseconds. */
export interface LaneReport {
  /** submit_sm PDUs in the last minute. */
  submitted: number;
  /** Mean of the messages that went to the wire last; absent where none did. */
  segmentsPerMessage?: number;
  /** When the message was queued that went to the wire last: what still waits was queued later, or little before. */
  frontQueuedAt?: number;
}

/** How an account's session stands, as its binder saw it last. */
export interface SessionReport {
  state: string;
  since: number;
  /** Why it is not bound. */
  reason?: string;
  /** What the operator answered to the bind, such as `0x0E`. */
  operatorCode?: string;
  /** What is known beyond the reason, such as the system's name for a fault of the network. */
  detail?: string;
  /** Bound for sending. */
  canSubmit: boolean;
}

/** What the binder that holds an account measures of it, for whoever asks how long a message will wait. */
export interface AccountReport {
  at: number;
  session: SessionReport;
  /** When it could send last; absent where it never could. */
  lastReadyAt?: number;
  lastSubmitAt?: number;
  lastReceiptAt?: number;
  /** submit_sm a second that it came to while there was work all the time; absent where there was not. */
  busyPerSecond?: number;
  lanes: Record<Lane, LaneReport>;
}
