import type { BindAnswer, BindRetry } from '../../shared/config/statuses.ts';
import type { CloseReason, CloseWord } from './close-reason.ts';
import type { StatusTable } from './status-table.ts';

/**
 * How long to wait before the next bind. The wait before attempt k is drawn evenly between `lowest` times and once
 * min(maxMs, firstMs * 2^(k-1)). `lowest` 0 is full jitter: many binders that lost the same operator come back spread out.
 */
interface RetryRule {
  firstMs: number;
  maxMs: number;
  lowest: number;
}

const RULES: Readonly<Record<BindRetry, RetryRule>> = {
  network: { firstMs: 500, maxMs: 30_000, lowest: 0 },
  back_off: { firstMs: 1_000, maxMs: 60_000, lowest: 0 },
  already_bound: { firstMs: 15_000, maxMs: 120_000, lowest: 0.8 },
  bind_failed: { firstMs: 10_000, maxMs: 300_000, lowest: 0.5 },
  credentials: { firstMs: 900_000, maxMs: 900_000, lowest: 1 / 3 },
  configuration: { firstMs: 60_000, maxMs: 300_000, lowest: 0.5 },
};

const NETWORK: BindAnswer = { retry: 'network' };
const CONFIGURATION: BindAnswer = { retry: 'configuration', alarmFrom: 1 };

/** What the end of a session asks for where no answer of the message centre says it. */
const BY_REASON: Readonly<Record<CloseWord, BindAnswer>> = {
  requested: NETWORK,
  rebind: NETWORK,
  bind_refused: { retry: 'back_off' },
  credentials_unavailable: { retry: 'back_off', alarmFrom: 3 },
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

function asksFor({ reason, commandStatus }: CloseReason, statuses: StatusTable): BindAnswer {
  if (commandStatus === undefined) return BY_REASON[reason];
  if (reason === 'bind_refused') return statuses.bindAnswer(commandStatus);
  const answer = statuses.submitAnswer(commandStatus);
  return reason === 'rebind' && answer.action === 'rebind'
    ? { retry: answer.retry, ...(answer.alarm === true ? { alarmFrom: 1 } : {}) }
    : BY_REASON[reason];
}

/** Failures in a row under one rule. */
export interface RetryState {
  rule: BindRetry;
  attempt: number;
}

export interface Retry extends RetryState {
  waitMs: number;
  alarm: boolean;
}

/**
 * The wait after a failure.
 * @param options.statuses what refusals of a bind or a submit ask for
 * @param options.boundForMs how long the session had been bound, 0 if never
 * @param options.random from 0 to 1, 1 excluded
 * @param options.timeScale multiplies every time here, so that a test of minutes takes seconds
 */
export function nextRetry(
  previous: RetryState | undefined,
  failure: CloseReason,
  options: { statuses: StatusTable; boundForMs: number; random: number; timeScale: number },
): Retry {
  const { statuses, boundForMs, random, timeScale } = options;
  const { retry, alarmFrom = Number.POSITIVE_INFINITY } = asksFor(failure, statuses);
  const rule = RULES[retry];
  const proven = boundForMs >= PROVEN_AFTER_MS * timeScale;
  const attempt = previous?.rule === retry && !proven ? previous.attempt + 1 : 1;
  const longestMs = Math.min(rule.maxMs, rule.firstMs * 2 ** (attempt - 1));
  const waitMs = Math.max(SHORTEST_WAIT_MS, longestMs * (rule.lowest + (1 - rule.lowest) * random)) * timeScale;
  return { rule: retry, attempt, waitMs, alarm: attempt >= alarmFrom };
}
