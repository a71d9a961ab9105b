import { LANES, type Lane } from '../../shared/config/account.ts';
import { MESSAGE_STATUSES, type MessageStatus } from '../../shared/domain/message.ts';
import type { Entry, Ledger } from '../e2e/ledger.ts';
import { type Arrival, averageRate, worstSecond } from '../e2e/rate.ts';

export type PerLane<T> = Record<Lane | 'all', T>;

export interface Latency {
  /** Milliseconds. */
  p50: number;
  p99: number;
}

export interface Summary {
  accepted: PerLane<number>;
  segments: PerLane<number>;
  refused: number;
  /** By code, most frequent first. */
  refusals: [code: string, count: number][];
  /** Final states; the four of an operator always, others where there are any. */
  states: [status: MessageStatus, counts: PerLane<number>][];
  /** From the 202 to the receipt that made it delivered; undefined where nothing was delivered. */
  acceptedToDelivered: PerLane<Latency | undefined>;
  /** Absent where the operator can't be asked. */
  rate?: OperatorRate;
}

/** The rate as the operator saw it. */
export interface OperatorRate {
  submits: number;
  /** Submits that came while work certainly waited, and how many of those a second; undefined for fewer than two. */
  whileWorkWaited: number;
  average: number | undefined;
  worstSecond: number;
}

/** @param waitingSinceMs from when on messages waited until the last was gone, by `monotonicMs` */
export function rateOf(arrivals: readonly Arrival[], waitingSinceMs: number): OperatorRate {
  const waited = arrivals.filter(({ notBeforeMs }) => notBeforeMs >= waitingSinceMs);
  return {
    submits: arrivals.length,
    whileWorkWaited: waited.length,
    average: averageRate(waited),
    worstSecond: worstSecond(arrivals),
  };
}

const OF_AN_OPERATOR: ReadonlySet<MessageStatus> = new Set(['delivered', 'undelivered', 'expired', 'unknown']);

function perLane<T>(entries: readonly Entry[], of: (entries: readonly Entry[]) => T): PerLane<T> {
  const lanes = LANES.map((lane) => [lane, of(entries.filter(({ fixture }) => fixture.lane === lane))]);
  return { ...Object.fromEntries(lanes), all: of(entries) } as PerLane<T>;
}

/** The smallest value that at least `share` of all are not above. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

function latencyOf(entries: readonly Entry[]): Latency | undefined {
  const took = entries.flatMap(({ final }) =>
    final?.status === 'delivered' && final.finalized_at !== null
      ? [Date.parse(final.finalized_at) - Date.parse(final.created_at)]
      : [],
  );
  const [p50, p99] = [percentile(took, 0.5), percentile(took, 0.99)];
  return p50 === undefined || p99 === undefined ? undefined : { p50, p99 };
}

function refusalsOf(ledger: Ledger): [string, number][] {
  const codes = ledger.sent.flatMap(({ answer }) => (answer.kind === 'refused' ? [answer.problem.code] : []));
  const counts = [...Map.groupBy(codes, (code) => code)].map(([code, all]): [string, number] => [code, all.length]);
  return counts.sort(([, a], [, b]) => b - a);
}

export function summarize(ledger: Ledger, rate?: OperatorRate): Summary {
  const entries = ledger.all;
  const count = (status: MessageStatus) =>
    perLane(entries, (some) => some.filter(({ final }) => final?.status === status).length);
  const refusals = refusalsOf(ledger);
  return {
    accepted: perLane(entries, (some) => some.length),
    segments: perLane(entries, (some) => some.reduce((sum, { accepted }) => sum + accepted.segments.total, 0)),
    refused: refusals.reduce((sum, [, times]) => sum + times, 0),
    refusals,
    states: MESSAGE_STATUSES.map((status): [MessageStatus, PerLane<number>] => [status, count(status)]).filter(
      ([status, { all }]) => OF_AN_OPERATOR.has(status) || all > 0,
    ),
    acceptedToDelivered: perLane(entries, latencyOf),
    ...(rate === undefined ? {} : { rate }),
  };
}
