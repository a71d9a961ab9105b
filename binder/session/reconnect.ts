import { STATUS } from '../smpp/status.ts';
import type { CloseReason, CloseWord } from './close-reason.ts';

/**
 * How long to wait before the next bind. The wait before attempt k is drawn evenly between `lowest` times and once
 * min(maxMs, firstMs * 2^(k-1)). `lowest` 0 is full jitter: many binders that lost the same operator come back spread out.
 */
export interface RetryRule {
  name: string;
  firstMs: number;
  maxMs: number;
  lowest: number;
  /** From this failure in a row on, a person should look. */
  alarmFrom?: number;
}

const NETWORK: RetryRule = { name: 'network', firstMs: 500, maxMs: 30_000, lowest: 0 };
const BACK_OFF: RetryRule = { name: 'back_off', firstMs: 1_000, maxMs: 60_000, lowest: 0 };
/** Another session of ours, not yet noticed to be dead, most likely. */
const HELD: RetryRule = { name: 'already_bound', firstMs: 15_000, maxMs: 120_000, lowest: 0.8, alarmFrom: 5 };
const BIND_FAILED: RetryRule = { name: 'bind_failed', firstMs: 5_000, maxMs: 300_000, lowest: 0.5, alarmFrom: 3 };
/** Never fast, or the operator blocks the account; never given up, for the secret is read again each time. */
const CREDENTIALS: RetryRule = { name: 'credentials', firstMs: 900_000, maxMs: 900_000, lowest: 1 / 3, alarmFrom: 1 };
const CONFIGURATION: RetryRule = { name: 'configuration', firstMs: 60_000, maxMs: 300_000, lowest: 0.5, alarmFrom: 1 };

const BY_BIND_STATUS: Readonly<Record<number, RetryRule>> = {
  [STATUS.invalidMessageLength]: CONFIGURATION,
  [STATUS.invalidCommandId]: CONFIGURATION,
  [STATUS.alreadyBound]: HELD,
  [STATUS.bindFailed]: BIND_FAILED,
  [STATUS.invalidPassword]: CREDENTIALS,
  [STATUS.invalidSystemId]: CREDENTIALS,
  [0x53]: CREDENTIALS,
};

const BY_REASON: Readonly<Record<Exclude<CloseWord, 'requested' | 'bind_refused'>, RetryRule>> = {
  rebind: NETWORK,
  credentials_unavailable: BACK_OFF,
  connect_failed: NETWORK,
  connect_timeout: NETWORK,
  bind_timeout: NETWORK,
  bind_mismatched: CONFIGURATION,
  bind_not_encodable: CONFIGURATION,
  enquire_link_timeout: NETWORK,
  submits_unanswered: NETWORK,
  peer_not_reading: NETWORK,
  peer_unbound: NETWORK,
  peer_closed: NETWORK,
  connection_lost: NETWORK,
  bad_length: NETWORK,
};

/** Even full jitter leaves a moment for what is on its way. */
const SHORTEST_WAIT_MS = 50;
/** A session that was bound for this long has shown that the account works: what ends it is a first failure. */
const PROVEN_AFTER_MS = 10_000;

export function retryRule(failure: CloseReason): RetryRule {
  const { reason, commandStatus } = failure;
  if (reason === 'bind_refused') return BY_BIND_STATUS[commandStatus ?? -1] ?? BACK_OFF;
  return reason === 'requested' ? NETWORK : BY_REASON[reason];
}

/** Failures in a row under one rule. */
export interface RetryState {
  rule: string;
  attempt: number;
}

export interface Retry extends RetryState {
  waitMs: number;
  alarm: boolean;
}

/**
 * The wait after a failure.
 * @param options.boundForMs how long the session had been bound, 0 if never
 * @param options.random from 0 to 1, 1 excluded
 * @param options.timeScale multiplies every time here, so that a test of minutes takes seconds
 */
export function nextRetry(
  previous: RetryState | undefined,
  failure: CloseReason,
  options: { boundForMs: number; random: number; timeScale: number },
): Retry {
  const { boundForMs, random, timeScale } = options;
  const rule = retryRule(failure);
  const proven = boundForMs >= PROVEN_AFTER_MS * timeScale;
  const attempt = previous?.rule === rule.name && !proven ? previous.attempt + 1 : 1;
  const longestMs = Math.min(rule.maxMs, rule.firstMs * 2 ** (attempt - 1));
  const waitMs = Math.max(SHORTEST_WAIT_MS, longestMs * (rule.lowest + (1 - rule.lowest) * random)) * timeScale;
  return { rule: rule.name, attempt, waitMs, alarm: attempt >= (rule.alarmFrom ?? Number.POSITIVE_INFINITY) };
}
