import { arn } from '../aws/arn.ts';
import { type AlarmProperties, readAlarm } from '../cloudwatch/alarm.ts';
import type { StackContext } from '../context.ts';
import type { Identity, Resource, ResourceFamily } from './resource.ts';

const NAME_CHARACTERS = 255;
const NOBODY = 'nobody is called here; the view shows what is raised';

export const alarm: ResourceFamily = {
  type: 'AWS::CloudWatch::Alarm',
  honours: [
    'AlarmDescription',
    'AlarmName',
    'ComparisonOperator',
    'DatapointsToAlarm',
    'Dimensions',
    'EvaluationPeriods',
    'MetricName',
    'Metrics.Expression',
    'Metrics.Id',
    'Metrics.MetricStat',
    'Metrics.ReturnData',
    'Namespace',
    'Period',
    'Statistic',
    'Threshold',
    'TreatMissingData',
  ],
  ignores: {
    AlarmActions: NOBODY,
    OKActions: NOBODY,
    InsufficientDataActions: NOBODY,
    'Metrics.Label': 'a label changes nothing',
    Tags: 'tags change nothing',
  },

  deploy(resource: Resource, context: StackContext): Promise<Identity> {
    const name = context.nameOf(resource, 'AlarmName', NAME_CHARACTERS);
    context.cloudwatch.add(readAlarm(name, resource.properties as unknown as AlarmProperties));
    return Promise.resolve({ ref: name, attributes: { Arn: arn('cloudwatch', `alarm:${name}`) } });
  },
};
