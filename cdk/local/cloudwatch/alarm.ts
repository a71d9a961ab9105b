import { compile } from './expression.ts';
import { type MetricKey, type MetricStore, STATISTICS, type Statistic } from './metric-store.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface MetricQuery {
  metric: MetricKey;
  statistic: Statistic;
}

const COMPARISONS = {
  GreaterThanThreshold: (value: number, threshold: number) => value > threshold,
  GreaterThanOrEqualToThreshold: (value: number, threshold: number) => value >= threshold,
  LessThanThreshold: (value: number, threshold: number) => value < threshold,
  LessThanOrEqualToThreshold: (value: number, threshold: number) => value <= threshold,
} as const;

type MissingData = 'breaching' | 'notBreaching' | 'ignore' | 'missing';

/** An alarm of the template. */
export interface Alarm {
  name: string;
  description: string;
  queries: ReadonlyMap<string, MetricQuery>;
  /** Of the values of the queries, by their ids, over a period. */
  value: (valueOf: (id: string) => number | undefined, periodSeconds: number) => number | undefined;
  comparison: keyof typeof COMPARISONS;
  threshold: number;
  periodSeconds: number;
  evaluationPeriods: number;
  datapointsToAlarm: number;
  missing: MissingData;
}

interface MetricProperties {
  Namespace: string;
  MetricName: string;
  Dimensions?: { Name: string; Value: string }[];
}

/** AWS::CloudWatch::Alarm, its references resolved. */
export interface AlarmProperties extends Partial<MetricProperties> {
  AlarmName?: string;
  AlarmDescription?: string;
  Statistic?: string;
  Period?: number;
  Metrics?: {
    Id: string;
    Expression?: string;
    ReturnData?: boolean;
    MetricStat?: { Metric: MetricProperties; Stat: string; Period: number };
  }[];
  ComparisonOperator: string;
  Threshold?: number;
  EvaluationPeriods: number;
  DatapointsToAlarm?: number;
  TreatMissingData?: string;
}

/** @throws Error naming what is not known here */
export function readAlarm(name: string, properties: AlarmProperties): Alarm {
  const { ComparisonOperator: comparison, TreatMissingData: missing = 'missing', EvaluationPeriods } = properties;
  if (!isKeyOf(COMPARISONS, comparison)) throw new Error(`${comparison} is not known here`);
  if (properties.Threshold === undefined) throw new Error('an alarm without a threshold is not known here');
  return {
    name,
    description: properties.AlarmDescription ?? '',
    ...signalOf(properties),
    comparison,
    threshold: properties.Threshold,
    evaluationPeriods: EvaluationPeriods,
    datapointsToAlarm: properties.DatapointsToAlarm ?? EvaluationPeriods,
    missing: missing as MissingData,
  };
}

function signalOf(properties: AlarmProperties): Pick<Alarm, 'queries' | 'value' | 'periodSeconds'> {
  const { Metrics, Namespace = '', MetricName = '', Dimensions, Statistic: statistic, Period } = properties;
  if (Metrics === undefined) {
    const query = queryOf({ Namespace, MetricName, ...(Dimensions && { Dimensions }) }, statistic);
    return { queries: new Map([['m', query]]), value: (valueOf) => valueOf('m'), periodSeconds: Number(Period) };
  }
  const told = Metrics.flatMap(({ Id, MetricStat }) => (MetricStat === undefined ? [] : [{ Id, ...MetricStat }]));
  const queries = new Map(told.map(({ Id, Metric, Stat }) => [Id, queryOf(Metric, Stat)]));
  const { value, ids } = compile(Metrics.find(({ ReturnData }) => ReturnData !== false)?.Expression ?? '');
  for (const id of ids)
    if (!queries.has(id)) throw new Error(`the expression names ${id}, which is no metric of the alarm`);
  const periods = new Set(told.map(({ Period: period }) => period));
  const [periodSeconds] = periods;
  if (periodSeconds === undefined || periods.size > 1)
    throw new Error('an alarm over several periods is not known here');
  return { queries, value, periodSeconds };
}

function queryOf(
  { Namespace, MetricName, Dimensions = [] }: MetricProperties,
  statistic: string | undefined,
): MetricQuery {
  const known = STATISTICS.find((candidate) => candidate === statistic);
  if (known === undefined) throw new Error(`the statistic ${statistic} is not known here`);
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
  return { metric: { namespace: Namespace, name: MetricName, dimensions }, statistic: known };
}

function isKeyOf<T extends object>(table: T, key: string): key is keyof T & string {
  return Object.hasOwn(table, key);
}

/** How long a period of so many seconds lasts, in milliseconds: to whoever compresses time, less than that. */
export type PeriodMs = (periodSeconds: number) => number;

export const REAL_PERIODS: PeriodMs = (periodSeconds) => periodSeconds * 1000;

/** Since when there could be data, and what time it is: epoch milliseconds. */
export interface Moment {
  now: number;
  startedAt: number;
  periodMs: PeriodMs;
}

/**
 * The state of an alarm over its last periods, which end with the last minute that is over: the window of an alarm slides,
 * and is looked at each minute, however long its periods are. @param before the state that it had
 */
export function stateOf(alarm: Alarm, store: MetricStore, before: AlarmState, moment: Moment): AlarmState {
  const periodMs = moment.periodMs(alarm.periodSeconds);
  const minuteMs = moment.periodMs(60);
  const end = Math.floor(moment.now / minuteMs) * minuteMs;
  const periods = Array.from({ length: alarm.evaluationPeriods }, (_, index) => end - (index + 1) * periodMs);
  // Silence from before the beginning says nothing.
  if (alarm.missing === 'breaching' && periods.some((from) => from < moment.startedAt)) return 'INSUFFICIENT_DATA';
  const values = periods.map((from) => {
    const window = { from, until: from + periodMs };
    return alarm.value((id) => {
      const query = alarm.queries.get(id);
      return query && store.read(query.metric, query.statistic, window);
    }, periodMs / 1000);
  });
  if (values.every((value) => value === undefined)) {
    if (alarm.missing === 'missing') return 'INSUFFICIENT_DATA';
    if (alarm.missing === 'ignore') return before;
  }
  const compare = COMPARISONS[alarm.comparison];
  const breaching = values.filter((value) =>
    value === undefined ? alarm.missing === 'breaching' : compare(value, alarm.threshold),
  );
  return breaching.length >= alarm.datapointsToAlarm ? 'ALARM' : 'OK';
}
