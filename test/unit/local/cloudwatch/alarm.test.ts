import { describe, expect, test } from 'vitest';
import {
  type Alarm,
  type AlarmProperties,
  type AlarmState,
  type PeriodMs,
  REAL_PERIODS,
  readAlarm,
  stateOf,
} from '../../../../cdk/local/cloudwatch/alarm.ts';
import { MetricStore } from '../../../../cdk/local/cloudwatch/metric-store.ts';
import { ALARM_RULES } from '../../../../cdk/monitoring/alarms/all.ts';
import { Template } from '../../cdk/stack-under-test.ts';

/** What one period tells, by metric. */
type Period = Record<string, number>;
interface Recorded {
  /** A period as it is when something is wrong. */
  bad: Period;
  /** And one that is nearly as bad, and still good. */
  good: Period;
}

const RECORDED: Record<string, Recorded> = {
  'session-down': { bad: { Bound: 0 }, good: { Bound: 1 } },
  'lease-flapping': { bad: { LeasesTaken: 4 }, good: { LeasesTaken: 3 } },
  throttled: { bad: { PausedTime: 60_000 }, good: { PausedTime: 59_000 } },
  'lane-waiting': { bad: { ApproximateAgeOfOldestMessage: 76 }, good: { ApproximateAgeOfOldestMessage: 75 } },
  'dead-letters': { bad: { ApproximateNumberOfMessagesVisible: 1 }, good: { ApproximateNumberOfMessagesVisible: 0 } },
  'refused-share': { bad: { Submits: 3_000, Refused: 600 }, good: { Submits: 3_000, Refused: 599 } },
  'unknown-outcomes': { bad: { UnknownOutcomes: 11 }, good: { UnknownOutcomes: 10 } },
  'receipts-missing': {
    bad: { MessagesSent: 100, MessagesSettled: 49 },
    good: { MessagesSent: 100, MessagesSettled: 50 },
  },
  'quota-near': { bad: { QuotaUsed: 80 }, good: { QuotaUsed: 79 } },
  'webhook-failures': {
    bad: { WebhookAttempts: 10, WebhookFailures: 5 },
    good: { WebhookAttempts: 10, WebhookFailures: 4 },
  },
  'webhooks-lost': { bad: { WebhooksLost: 1 }, good: {} },
  'function-errors': { bad: { Errors: 1 }, good: { Errors: 0 } },
  'function-throttles': { bad: { Throttles: 1 }, good: { Throttles: 0 } },
  'api-failing': { bad: { '5xx': 5 }, good: { '5xx': 4 } },
};

/** Few enough that a share says nothing. */
const FEW: Record<string, Period> = {
  'refused-share': { Submits: 19, Refused: 19 },
  'receipts-missing': { MessagesSent: 49, MessagesSettled: 0 },
  'webhook-failures': { WebhookAttempts: 9, WebhookFailures: 9 },
};

const template = new Template({ accounts: [{ profile: 'smpp-asia', segmentsPerDay: 1_000 }] });
const alarms = new Map(
  template.ofType('AWS::CloudWatch::Alarm').map(([place, { Properties }]) => {
    const properties = template.text(Properties) as AlarmProperties;
    return [place.replace('Monitoring/Alarms/', ''), readAlarm(String(properties.AlarmName), properties)] as const;
  }),
);
/** The first alarm that a rule makes: of lanes, otp. */
function alarmOf(id: string): Alarm {
  const found = [...alarms].find(([place]) => place === id || place.startsWith(`${id}-`));
  if (found === undefined) throw new Error(`no alarm of ${id}`);
  return found[1];
}

const STARTED_AT = 1_800_000_000_000;

/** Tells an alarm's metrics period by period, and asks for its state after each. */
function statesOver(alarm: Alarm, periods: readonly (Period | undefined)[], periodsMs = REAL_PERIODS): AlarmState[] {
  const store = new MetricStore(periodsMs(60));
  const periodMs = periodsMs(alarm.periodSeconds);
  const startedAt = Math.ceil(STARTED_AT / periodMs) * periodMs;
  let state: AlarmState = 'INSUFFICIENT_DATA';
  return periods.map((period, index) => {
    for (const { metric } of alarm.queries.values()) {
      const value = period?.[metric.name];
      if (value !== undefined) store.add(metric, startedAt + (index + 0.5) * periodMs, value);
    }
    const now = startedAt + (index + 1) * periodMs;
    state = stateOf(alarm, store, state, { now, startedAt, periodMs: periodsMs });
    return state;
  });
}

/** Sixty times faster than usual. */
const COMPRESSED: PeriodMs = (periodSeconds) => REAL_PERIODS(periodSeconds) / 60;
/** What is itself a time is shorter then, too; counts are not. */
const inCompressedTime = ({ PausedTime, ...counts }: Period): Period =>
  PausedTime === undefined ? counts : { PausedTime: PausedTime / 60 };

const times = <T>(count: number, value: T): T[] => Array.from({ length: count }, () => value);

describe.each(ALARM_RULES)('$id', ({ id }) => {
  const alarm = alarmOf(id);
  const { bad, good } = RECORDED[id] ?? { bad: {}, good: {} };
  const { evaluationPeriods: all, datapointsToAlarm: enough } = alarm;

  test('is raised when enough periods are bad, and over when they are good again', () => {
    const states = statesOver(alarm, [...times(all, good), ...times(all, bad), ...times(all, good)]);
    const [before, during, after] = [states.slice(0, all), states.slice(all, 2 * all), states.slice(2 * all)];
    expect(before.at(-1)).toBe('OK');
    expect(during.indexOf('ALARM')).toBe(enough - 1);
    expect(during.at(-1)).toBe('ALARM');
    expect(after.at(-1)).toBe('OK');
  });

  test('is raised in compressed time, too', () => {
    expect(statesOver(alarm, times(all, inCompressedTime(bad)), COMPRESSED).at(-1)).toBe('ALARM');
  });

  test('is not raised by what is nearly bad', () => {
    expect(statesOver(alarm, times(2 * all, good))).not.toContain('ALARM');
  });

  test('takes silence as its rule says', () => {
    const states = statesOver(alarm, [...times(all, good), ...times(all, undefined)]);
    expect(states.at(-1)).toBe(alarm.missing === 'breaching' ? 'ALARM' : 'OK');
  });

  test.runIf(id in FEW)('says nothing of a share of few', () => {
    expect(statesOver(alarm, times(2 * all, FEW[id]))).not.toContain('ALARM');
  });
});

test('silence from before the beginning is no alarm', () => {
  expect(statesOver(alarmOf('session-down'), [{}, {}, {}])).toEqual([
    'INSUFFICIENT_DATA',
    'INSUFFICIENT_DATA',
    'ALARM',
  ]);
});

test('what happens within one period is seen as such, whatever the clock says', () => {
  const alarm = alarmOf('lease-flapping');
  const store = new MetricStore();
  const startedAt = Math.ceil(STARTED_AT / 900_000) * 900_000;
  const stateAfter = (minutes: number) =>
    stateOf(alarm, store, 'OK', { now: startedAt + minutes * 60_000, startedAt, periodMs: REAL_PERIODS });
  // Four within ten minutes: two before a quarter of an hour is over, two after it.
  for (const { metric } of alarm.queries.values()) {
    for (const minute of [10.5, 13.5, 16.5, 19.5]) store.add(metric, startedAt + minute * 60_000, 1);
  }
  expect([19, 20, 25, 26].map(stateAfter)).toEqual(['OK', 'ALARM', 'ALARM', 'OK']);
});

describe('what is not known here is refused', () => {
  const known: AlarmProperties = {
    Namespace: 'Bindery',
    MetricName: 'Bound',
    Statistic: 'Sum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
  };
  test.each<[string, Partial<AlarmProperties>]>([
    ['p99', { Statistic: 'p99' }],
    ['LessThanLowerThreshold', { ComparisonOperator: 'LessThanLowerThreshold' }],
    ['RATE', { Metrics: [{ Id: 'e', Expression: 'RATE(m)' }] }],
  ])('%s', (word, different) => {
    expect(() => readAlarm('known', known)).not.toThrow();
    expect(() => readAlarm('other', { ...known, ...different })).toThrow(word);
  });
});
