import { type Account, LANES, type Lane } from '../../shared/config/account.ts';
import { METRIC_NAMESPACE, type MetricName } from '../../shared/config/binder-metrics.ts';
import type { FunctionMetricName } from '../../shared/config/function-metrics.ts';

export type Statistic = 'Sum' | 'Maximum';

/** A metric without its dimensions, which the alarm's subject gives. */
export interface MetricOfSubject {
  namespace: string;
  name: string;
  statistic: Statistic;
}

/** What an alarm looks at: one metric, what part of one another one is, or what part of the time, both in percent. */
export type Signal =
  | { kind: 'metric'; metric: MetricOfSubject }
  /** A sum of milliseconds. */
  | { kind: 'time'; metric: MetricOfSubject }
  | {
      kind: 'share';
      part: MetricOfSubject;
      whole: MetricOfSubject;
      /** Below this many a share says nothing, and is taken for `otherwise`. */
      atLeast: number;
      otherwise: 0 | 100;
    };

/** What there is one alarm of. */
export type Scope = 'account' | 'account with a limit' | 'lane' | 'queue' | 'function' | 'api' | 'stage';

/** One thing that an alarm watches. */
export interface Subject {
  /** Behind the rule's id in the alarm's name; empty where there is but one. */
  name: string;
  dimensions: Readonly<Record<string, string>>;
  account?: Account;
  lane?: Lane;
}

export interface Step {
  text: string;
  command?: string;
}

export type Comparison = 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';

/** A rule of which alarms are made: one for each subject. The source of alarms, runbook and tests. */
export interface AlarmRule {
  /** Part of the alarm's name, and its anchor in the runbook. */
  id: string;
  title: string;
  /** `page`: somebody gets up for it. `look`: somebody looks at it in working hours. */
  severity: 'page' | 'look';
  scope: Scope;
  signal: Signal;
  comparison: Comparison;
  /** A number, or one that follows from the subject, in words and as a function. */
  threshold: number | { words: string; of: (subject: Subject) => number };
  /** Of the threshold, where it is a number. */
  unit: string;
  periodSeconds: number;
  evaluationPeriods: number;
  datapointsToAlarm: number;
  /** What a period counts as from which there is no number. */
  missing: 'breaching' | 'notBreaching';
  whyMissing: string;
  /** What it means to those who send messages. */
  meaning: string;
  steps: readonly [Step, Step, Step];
}

export const ofBindery = (name: FunctionMetricName | MetricName, statistic: Statistic = 'Sum'): MetricOfSubject => ({
  namespace: METRIC_NAMESPACE,
  name,
  statistic,
});

export const ofAws = (service: string, name: string, statistic: Statistic = 'Sum'): MetricOfSubject => ({
  namespace: `AWS/${service}`,
  name,
  statistic,
});

/** The metrics that a rule looks at. */
export function metricsOf({ signal }: Pick<AlarmRule, 'signal'>): MetricOfSubject[] {
  return signal.kind === 'share' ? [signal.part, signal.whole] : [signal.metric];
}

/** Metrics by their ids, and an expression over them. */
export interface Computed {
  metrics: Readonly<Record<string, MetricOfSubject>>;
  expression: string;
  label: string;
}

/** How a signal that is no metric by itself is computed. */
export function computedOf(signal: Exclude<Signal, { kind: 'metric' }>): Computed {
  switch (signal.kind) {
    case 'share': {
      const { part, whole, atLeast, otherwise } = signal;
      const expression = `IF(whole >= ${atLeast}, 100 * part / whole, ${otherwise})`;
      return { metrics: { part, whole }, expression, label: 'share in percent' };
    }
    case 'time':
      return {
        metrics: { spent: signal.metric },
        expression: '100 * spent / (1000 * PERIOD(spent))',
        label: 'percent of the time',
      };
  }
}

export function thresholdOf({ threshold }: Pick<AlarmRule, 'threshold'>, subject: Subject): number {
  return typeof threshold === 'number' ? threshold : threshold.of(subject);
}

/** CloudWatch shows no less than a minute, and a binder may be told to speak less often than that. */
export function periodOf(rule: AlarmRule, metricsIntervalSeconds: number): number {
  const toldByBinder =
    rule.scope === 'account' && metricsOf(rule).some(({ namespace }) => namespace === METRIC_NAMESPACE);
  return toldByBinder ? Math.max(rule.periodSeconds, 60 * Math.ceil(metricsIntervalSeconds / 60)) : rule.periodSeconds;
}

/** The lane of a subject, with its account. @throws where a rule for lanes is asked of something else */
export function laneOf({ account, lane = LANES[0] }: Subject): { account: Account; lane: Lane } {
  if (account === undefined) throw new TypeError('a lane belongs to an account');
  return { account, lane };
}
