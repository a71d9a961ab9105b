import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import {
  type AlarmRule,
  computedOf,
  type MetricOfSubject,
  periodOf,
  type Subject,
  thresholdOf,
} from '../monitoring/alarm-rule.ts';
import { ALARM_RULES } from '../monitoring/alarms/all.ts';
import { type Site, subjectsOf } from '../monitoring/site.ts';
import { descriptionOf } from '../monitoring/words.ts';

export interface AlarmsProps {
  site: Site;
  stackName: string;
  metricsIntervalSeconds: number;
  /** Address of the runbook. */
  runbook: string;
  topicArn: string | undefined;
}

const isForLater = ({ severity }: AlarmRule): number => Number(severity === 'look');

/** One alarm for each rule and each thing that it watches. */
export class Alarms extends Construct {
  /** First of those for which somebody gets up: a dashboard has no room for more than some. */
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, props: AlarmsProps) {
    super(scope, id);
    const rules = ALARM_RULES.toSorted((one, other) => isForLater(one) - isForLater(other));
    const alarms = rules.flatMap((rule) =>
      subjectsOf(rule.scope, props.site).map((subject) => this.#alarm(rule, subject, props)),
    );
    this.arns = alarms.map(({ attrArn }) => attrArn);
  }

  #alarm(rule: AlarmRule, subject: Subject, props: AlarmsProps): CfnAlarm {
    const { stackName, topicArn, runbook, metricsIntervalSeconds } = props;
    const id = [rule.id, subject.name].filter(Boolean).join('-');
    const actions = topicArn === undefined ? {} : { alarmActions: [topicArn], okActions: [topicArn] };
    return new CfnAlarm(this, id, {
      alarmName: `${stackName}-${id}`,
      alarmDescription: descriptionOf(rule, runbook),
      ...signalOf(rule, subject, periodOf(rule, metricsIntervalSeconds)),
      comparisonOperator: rule.comparison,
      threshold: thresholdOf(rule, subject),
      evaluationPeriods: rule.evaluationPeriods,
      datapointsToAlarm: rule.datapointsToAlarm,
      treatMissingData: rule.missing,
      ...actions,
    });
  }
}

type SignalProps = Pick<
  ConstructorParameters<typeof CfnAlarm>[2] & object,
  'metrics' | 'namespace' | 'metricName' | 'dimensions' | 'statistic' | 'period'
>;

function signalOf({ signal }: AlarmRule, subject: Subject, period: number): SignalProps {
  const dimensions = Object.entries(subject.dimensions).map(([name, value]) => ({ name, value }));
  if (signal.kind === 'metric') {
    const { namespace, name, statistic } = signal.metric;
    return { namespace, metricName: name, dimensions, statistic, period };
  }
  const metric = (id: string, { namespace, name, statistic }: MetricOfSubject) => ({
    id,
    returnData: false,
    metricStat: { metric: { namespace, metricName: name, dimensions }, stat: statistic, period },
  });
  const { metrics, expression, label } = computedOf(signal);
  return {
    metrics: [
      ...Object.entries(metrics).map(([id, one]) => metric(id, one)),
      { id: 'share', expression, label, returnData: true },
    ],
  };
}
