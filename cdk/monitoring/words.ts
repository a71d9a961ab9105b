import { type AlarmRule, type Comparison, metricsOf } from './alarm-rule.ts';

const COMPARISONS: Record<Comparison, string> = {
  GreaterThanThreshold: 'more than',
  GreaterThanOrEqualToThreshold: 'at least',
  LessThanThreshold: 'less than',
};

/** When an alarm is raised, in one line. */
export function conditionOf(rule: AlarmRule): string {
  const { comparison, threshold, unit, periodSeconds, evaluationPeriods, datapointsToAlarm, signal } = rule;
  const names = metricsOf(rule).map(({ namespace, name }) => `\`${name}\` (${namespace})`);
  const what = names.join(' as a share of ');
  const limit =
    typeof threshold === 'number' ? `${threshold.toLocaleString('en-US')} ${unit}` : `${threshold.words}, in ${unit}`;
  const least = signal.kind === 'share' ? `, where there are at least ${signal.atLeast}` : '';
  const period = periodSeconds % 3_600 === 0 ? `${periodSeconds / 3_600} h` : `${periodSeconds / 60} min`;
  return `${what}: ${COMPARISONS[comparison]} ${limit}${least}; in ${datapointsToAlarm} of ${evaluationPeriods} periods of ${period}`;
}

/** The description of an alarm, as its notification shows it. CloudWatch takes 1,024 characters. */
export function descriptionOf(rule: AlarmRule, runbook: string): string {
  return `${rule.title}. ${rule.meaning} First steps: ${runbook}#${rule.id} (severity: ${rule.severity})`;
}
