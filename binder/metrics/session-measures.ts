import type { Lane } from '../../shared/config/account.ts';
import type { MetricName } from '../../shared/config/binder-metrics.ts';
import type { LinkCounters } from '../session/link.ts';
import type { LinkStatus } from '../session/link-status.ts';
import type { MetricValues } from './tally.ts';

export interface Measured {
  status: LinkStatus;
  counters: LinkCounters;
  /** Messages in hand. */
  held: Readonly<Record<Lane, number>>;
  mostUnanswered: number;
  submitWindow: number;
}

/** How a session stands, in metrics. */
export function sessionMeasures({ status, counters, held, mostUnanswered, submitWindow }: Measured): MetricValues {
  const { oldestUnansweredMs, lastInboundAgeMs } = counters;
  return new Map<MetricName, number>([
    ['Bound', status.state === 'bound' ? 1 : 0],
    ['WindowUsed', Math.round((100 * mostUnanswered) / submitWindow)],
    ['OldestUnanswered', oldestUnansweredMs],
    ...(lastInboundAgeMs === undefined ? [] : [['LastInboundAge', lastInboundAgeMs] as const]),
    ['HeldOtp', held.otp],
    ['HeldTransactional', held.transactional],
    ['HeldBulk', held.bulk],
  ]);
}
