import { LANES, type Lane } from '../../shared/config/account.ts';
import { type MetricName, memberMetric } from '../../shared/config/binder-metrics.ts';
import { type PerLane, perLane } from '../per-lane.ts';
import { Flow } from '../report/flow.ts';
import { SessionCounters } from '../session/session-counters.ts';
import { PausedTime } from './paused-time.ts';
import { WaitHistogram } from './wait-histogram.ts';

const DELIVER_METRICS = { receipt: 'ReceiptsStored', inbound: 'InboundStored', not_stored: 'NotStored' } as const;

export type MetricValues = ReadonlyMap<MetricName, number>;

/** What happens to one account in this process, counted where it happens. It outlives terms and sessions, so nothing is lost with them. */
export class Tally {
  /** Counted by the sessions. */
  readonly session = new SessionCounters();
  readonly paused = new PausedTime();
  /** Over the last minute, for the API. */
  readonly flow = new Flow();
  readonly #counts = new Map<MetricName, number>();
  readonly #waits = perLane(() => new WaitHistogram());
  #told: MetricValues = new Map();

  count(name: MetricName, times = 1): void {
    this.#counts.set(name, (this.#counts.get(name) ?? 0) + times);
  }

  /** What a deliver_sm brought, at this time (epoch milliseconds), and whether it was stored. */
  delivered(what: keyof typeof DELIVER_METRICS, at: number): void {
    this.count(DELIVER_METRICS[what]);
    if (what === 'receipt') this.flow.received(at);
  }

  /** A message of `lane` goes to the wire for the first time, so long after it was queued. */
  waited(lane: Lane, waitMs: number): void {
    this.#waits[lane].add(waitMs);
  }

  /** Since the process began. */
  total(nowMs: number): MetricValues {
    const total = new Map(sessionEvents(this.session.counts));
    for (const [name, count] of this.#counts) total.set(name, (total.get(name) ?? 0) + count);
    const refused = REFUSALS.reduce((sum, name) => sum + (total.get(name) ?? 0), 0);
    return total.set('Refused', refused).set('PausedTime', Math.round(this.paused.total(nowMs)));
  }

  /** What happened since this was asked last. */
  take(nowMs: number): MetricValues {
    const total = this.total(nowMs);
    const since = [...total].map(([name, count]) => [name, count - (this.#told.get(name) ?? 0)] as const);
    this.#told = total;
    return new Map(since);
  }

  /** How long messages waited that were first submitted since this was asked last. */
  takeWaits(): MetricValues {
    const waits = LANES.flatMap((lane) => {
      const { p50, p99 } = WAIT_METRICS[lane];
      const [half, most] = [this.#waits[lane].quantile(0.5), this.#waits[lane].quantile(0.99)];
      this.#waits[lane].clear();
      return half === undefined || most === undefined ? [] : ([[p50, half] as const, [p99, most] as const] as const);
    });
    return new Map(waits);
  }
}

const WAIT_METRICS: PerLane<{ p50: MetricName; p99: MetricName }> = {
  otp: { p50: 'LaneWaitOtpP50', p99: 'LaneWaitOtpP99' },
  transactional: { p50: 'LaneWaitTransactionalP50', p99: 'LaneWaitTransactionalP99' },
  bulk: { p50: 'LaneWaitBulkP50', p99: 'LaneWaitBulkP99' },
};

/** Together they are `Refused`. */
const REFUSALS = ['RefusedSender', 'RefusedRecipient', 'RefusedOtherwise'] as const satisfies readonly MetricName[];

const ANSWER = /^(submit_sm|bind_\w+)_resp 0x([0-9a-f]+)$/;

function sessionEvents({
  written,
  read,
  submits,
  malformed,
  closed,
  lateAnswers,
}: SessionCounters['counts']): MetricValues {
  const events = new Map<MetricName, number>([
    ['Submits', written['submit_sm'] ?? 0],
    ['UnknownOutcomes', (submits['timeout'] ?? 0) + (submits['link_lost'] ?? 0)],
    ['LateAnswers', lateAnswers],
  ]);
  const add = (name: MetricName, count: number) => events.set(name, (events.get(name) ?? 0) + count);
  for (const [command, count] of Object.entries(written)) if (command.startsWith('bind_')) add('BindAttempts', count);
  for (const count of Object.values(malformed)) add('MalformedPdus', count);
  for (const [reason, count] of Object.entries(closed)) add(memberMetric('SessionsEnded', reason), count);
  for (const [name, count] of Object.entries(read)) {
    const [, command, code] = ANSWER.exec(name) ?? [];
    if (command === undefined || code === undefined) continue;
    const hex = `0x${code.toUpperCase().padStart(2, '0')}`;
    add(memberMetric(command === 'submit_sm' ? 'Answers' : 'BindAnswers', hex), count);
  }
  return events;
}
