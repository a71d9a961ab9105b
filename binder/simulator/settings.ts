import { type Clock, systemClock } from '../session/clock.ts';
import type { Behaviour } from './behaviour.ts';
import { type Decide, decideByLastDigits } from './outcome.ts';
import type { SubmitRules } from './submit-rules.ts';

export interface SystemOptions {
  systemId: string;
  password: string;
  /** submit_sm in any 1.000 s; more are answered 0x58. Default 10, as in the guide. */
  submitsPerSecond?: number;
  /** Sessions bound at a time; one more is answered 0x05. Default 10. */
  maxSessions?: number;
  /** Sender ids that may be used; default any. */
  senderIds?: readonly string[];
}

export interface Settings {
  host: string;
  /** 0 takes any free port. */
  port: number;
  systems: readonly SystemOptions[];
  decide: Decide;
  /** From the acceptance of a segment to its receipt. */
  receiptDelayMs: number;
  /** Part of the delay, 0 to 1, by which it may be shorter or longer. */
  receiptJitter: number;
  /** Wait before a receipt that was answered with an error is sent again. */
  receiptRetryMs: number;
  /** How long the peer may take to answer a deliver_sm before it is sent again. */
  receiptAnswerTimeoutMs: number;
  /** Most deliver_sm unanswered on one session. */
  receiptWindow: number;
  /** Added to all that leaves, as by a long line. */
  latencyMs: number;
  destinations: SubmitRules['destinations'];
  dataCodings: SubmitRules['dataCodings'];
  /** Longest PDU that is read. */
  maxLengthOctets: number;
  /** A connection that has not bound by then is closed (session_init_timer, 7.2). */
  bindTimeoutMs: number;
  /** A bound session from which nothing came for so long is unbound (inactivity_timer, 7.2). */
  inactivityMs: number;
  /** Submits, events and messages that are remembered. */
  journalLimit: number;
  /** Same seed, same jitter. */
  seed: number;
  clock: Clock;
  /** Epoch milliseconds, for dates in receipts and for ids that no earlier run has given. */
  wallClock: () => number;
  behaviours: readonly Behaviour[];
}

export type SimulatorOptions = Partial<Settings>;

export const GUIDE_TPS = 10;
export const DEFAULT_MAX_SESSIONS = 10;

const DEFAULTS: Settings = {
  host: '127.0.0.1',
  port: 0,
  systems: [{ systemId: 'bindery', password: 'secret12' }],
  decide: decideByLastDigits,
  receiptDelayMs: 2000,
  receiptJitter: 0.2,
  receiptRetryMs: 5000,
  receiptAnswerTimeoutMs: 10_000,
  receiptWindow: 10,
  latencyMs: 0,
  destinations: 'national',
  // 0 and 8 are the guide's. 1 is what its own Node.js program sends: the package chooses it for any text in its GSM alphabet,
  // and encodes it in that alphabet.
  dataCodings: [0, 8, 1],
  maxLengthOctets: 70_000,
  bindTimeoutMs: 30_000,
  inactivityMs: 180_000,
  journalLimit: 200_000,
  seed: 1,
  clock: systemClock,
  wallClock: Date.now,
  behaviours: [],
};

export function settingsOf(options: SimulatorOptions): Settings {
  return { ...DEFAULTS, ...options };
}
