import { describe, expect, test } from 'vitest';
import { FUNCTIONS } from '../../../cdk/bundle.ts';
import { type AlarmProperties, readAlarm } from '../../../cdk/local/cloudwatch/alarm.ts';
import { type AlarmRule, metricsOf } from '../../../cdk/monitoring/alarm-rule.ts';
import { ALARM_RULES } from '../../../cdk/monitoring/alarms/all.ts';
import { runbook } from '../../../cdk/monitoring/runbook.ts';
import { BINDER_METRICS, METRIC_NAMESPACE } from '../../../shared/config/binder-metrics.ts';
import { FUNCTION_METRICS } from '../../../shared/config/function-metrics.ts';
import { Template } from './stack-under-test.ts';

const LIMITED = { name: 'main', profile: 'smpp-asia', segmentsPerDay: 1_000 };
const template = new Template({ accounts: [LIMITED, { name: 'second', profile: 'smpp-asia' }] });

/** Alarms of a template by name, their references as text. */
function alarmsOf(some: Template): Map<string, AlarmProperties> {
  return new Map(
    some.ofType('AWS::CloudWatch::Alarm').map(([, { Properties }]) => {
      const properties = some.text(Properties) as AlarmProperties;
      return [String(properties.AlarmName), properties];
    }),
  );
}

const alarms = alarmsOf(template);
/** The longest id that a name begins with. */
function ruleOf(name: string): AlarmRule | undefined {
  const rest = name.replace('bindery-prod-', '');
  return ALARM_RULES.find(({ id }) => rest === id || rest.startsWith(`${id}-`));
}
const namesOf = ({ id }: AlarmRule): string[] => [...alarms.keys()].filter((name) => ruleOf(name)?.id === id);

describe('alarms', () => {
  test('are those of the rules, each at least once, and no others', () => {
    expect([...alarms.keys()].filter((name) => ruleOf(name) === undefined)).toEqual([]);
    expect(ALARM_RULES.filter((rule) => namesOf(rule).length === 0).map(({ id }) => id)).toEqual([]);
    expect(new Set(ALARM_RULES.map(({ id }) => id)).size).toBe(ALARM_RULES.length);
  });

  test.each([
    ['session-down', ['main', 'second']],
    ['quota-near', ['main']],
    [
      'lane-waiting',
      ['main-otp', 'main-transactional', 'main-bulk', 'second-otp', 'second-transactional', 'second-bulk'],
    ],
    ['function-errors', [...FUNCTIONS]],
    ['api-failing', ['']],
  ])('%s is there for each thing that it watches', (id, subjects) => {
    const expected = subjects.map((subject) => ['bindery-prod', id, subject].filter(Boolean).join('-'));
    expect([...alarms.keys()].filter((name) => ruleOf(name)?.id === id)).toEqual(expected);
  });

  test('watch every queue that nothing reads', () => {
    const read = new Set([
      ...template
        .ofType('AWS::SQS::Queue')
        .flatMap(([place]) => (place.startsWith('Lanes/') && place.endsWith('/Queue') ? [place] : [])),
      'Events/Webhooks/Queue',
      'Feed/Steps/Queue',
    ]);
    const unread = template
      .ofType('AWS::SQS::Queue')
      .flatMap(([place]) => (read.has(place) ? [] : [`${place}.QueueName`]));
    const watched = [...alarms].flatMap(([name, { Dimensions }]) =>
      ruleOf(name)?.id === 'dead-letters' ? [Dimensions?.[0]?.Value] : [],
    );
    expect(unread.length).toBeGreaterThan(8);
    expect(new Set(watched)).toEqual(new Set(unread));
  });

  test('say what it means to users and where the first steps stand, within what CloudWatch takes', () => {
    for (const [name, { AlarmDescription = '' }] of alarms) {
      const rule = ruleOf(name);
      expect(AlarmDescription).toContain(rule?.meaning);
      expect(AlarmDescription).toContain(`docs/runbook.md#${rule?.id}`);
      expect(AlarmDescription.length, name).toBeLessThanOrEqual(1_024);
      expect(name.length).toBeLessThanOrEqual(255);
    }
  });

  test('can all be evaluated on one machine', () => {
    for (const [name, properties] of alarms) expect(() => readAlarm(name, properties), name).not.toThrow();
  });

  test('allow each lane a quarter of its life, and bulk the hours in which it is closed', () => {
    const closed = { ...LIMITED, lanes: { bulk: { deliveryWindow: { from: '08:00', until: '20:00' } } } };
    const thresholds = (some: Map<string, AlarmProperties>) =>
      ['otp', 'transactional', 'bulk'].map((lane) => some.get(`bindery-prod-lane-waiting-main-${lane}`)?.Threshold);
    expect(thresholds(alarms)).toEqual([75, 3_600, 6 * 3_600]);
    expect(thresholds(alarmsOf(new Template({ accounts: [closed] })))).toEqual([75, 3_600, (6 + 12) * 3_600]);
  });

  test('have periods no shorter than the binder speaks', () => {
    const slow = alarmsOf(new Template({ binder: { metricsIntervalSeconds: 90 } }));
    expect(slow.get('bindery-prod-session-down-smpp-asia')?.Period).toBe(120);
    expect(slow.get('bindery-prod-function-errors-send')?.Period).toBe(60);
  });
});

describe('each rule', () => {
  test.each(ALARM_RULES)('$id looks at metrics that are told, with the dimensions of what it watches', (rule) => {
    for (const { namespace, name } of metricsOf(rule)) {
      if (namespace !== METRIC_NAMESPACE) continue;
      const byFunctions = (FUNCTION_METRICS as Record<string, { of: string }>)[name];
      const toldOf = name in BINDER_METRICS ? 'account' : byFunctions?.of;
      expect([toldOf, `${toldOf} with a limit`], name).toContain(rule.scope);
    }
  });

  test.each(ALARM_RULES)(
    '$id is over within what CloudWatch looks back, and asks for no more points than it has',
    (rule) => {
      expect(rule.periodSeconds % 60).toBe(0);
      expect(rule.periodSeconds * rule.evaluationPeriods).toBeLessThanOrEqual(86_400);
      expect(rule.datapointsToAlarm).toBeLessThanOrEqual(rule.evaluationPeriods);
    },
  );

  test.each(ALARM_RULES)(
    '$id has a section in the runbook, with its meaning and three steps',
    ({ id, meaning, steps }) => {
      const [, section = ''] = runbook().split(`\n## ${id}\n`);
      const own = section.split('\n## ')[0] ?? '';
      expect(own).toContain(meaning);
      expect(own.match(/^\d\. /gm)).toHaveLength(3);
      for (const { text, command } of steps) expect(own).toContain(command ?? text);
    },
  );
});

describe('notifications', () => {
  const TOPIC = 'Monitoring/Notifications/Topic';

  test('go nowhere unless somebody is named', () => {
    expect(template.ofType('AWS::SNS::Topic')).toEqual([]);
    for (const [, { Properties }] of template.ofType('AWS::CloudWatch::Alarm')) {
      expect(Properties).not.toHaveProperty('AlarmActions');
    }
  });

  test('go to addresses over a topic that takes nothing but TLS, and CloudWatch of this AWS account', () => {
    const told = new Template({ alarms: { emails: ['on-call@example.com', 'team@example.com'] } });
    expect(told.ofType('AWS::SNS::Subscription').map(([, { Properties }]) => Properties.Endpoint)).toEqual([
      'on-call@example.com',
      'team@example.com',
    ]);
    for (const [, { Properties }] of told.ofType('AWS::CloudWatch::Alarm')) {
      expect(told.texts(Properties.AlarmActions)).toEqual([TOPIC]);
      expect(told.texts(Properties.OKActions)).toEqual([TOPIC]);
    }
    const policy = told.at('AWS::SNS::TopicPolicy', `${TOPIC}/Policy`);
    const tls = { Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } };
    const publish = { Effect: 'Allow', Action: 'sns:Publish', Principal: { Service: 'cloudwatch.amazonaws.com' } };
    expect(policy.Properties.PolicyDocument.Statement).toEqual([
      expect.objectContaining(tls),
      expect.objectContaining({
        ...publish,
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      }),
    ]);
  });

  test('go to a topic that exists', () => {
    const topicArn = 'arn:aws:sns:eu-west-1:123456789012:on-call';
    const told = new Template({ alarms: { topicArn } });
    expect(told.ofType('AWS::SNS::Topic')).toEqual([]);
    expect(alarmsOf(told).get('bindery-prod-api-failing')).toMatchObject({ AlarmActions: [topicArn] });
  });

  test('are encrypted with the stack’s own key where there is one, which lets CloudWatch use it', () => {
    const told = new Template({ alarms: { emails: ['team@example.com'] }, encryption: { kind: 'own' } });
    const topic = told.at('AWS::SNS::Topic', TOPIC);
    expect(told.texts(topic.Properties.KmsMasterKeyId)).toEqual(['Keeping/Key.Arn']);
    const keys = told.all().filter(({ Type }) => Type === 'AWS::KMS::Key');
    expect(JSON.stringify(keys)).toContain('"Service":"cloudwatch.amazonaws.com"');
  });

  test('to addresses and to a topic that exists are refused together', () => {
    const both = { emails: ['team@example.com'], topicArn: 'arn:aws:sns:eu-west-1:123456789012:on-call' };
    expect(() => new Template({ alarms: both })).toThrow(/alarms.emails: not beside topicArn/);
  });
});

describe('ten accounts with limits', () => {
  const accounts = Array.from({ length: 10 }, (_, index) => ({ ...LIMITED, name: `sms-${index}` }));
  const most = new Template({ accounts, alarms: { emails: ['team@example.com'] }, encryption: { kind: 'own' } });

  test('fit into a stack', () => {
    expect(most.all().length).toBeLessThanOrEqual(500);
    expect(most.lengthOctets).toBeLessThan(1_000_000);
    expect(alarmsOf(most).size).toBe(most.ofType('AWS::CloudWatch::Alarm').length);
  });

  test('have more alarms than the dashboard can show: those for which somebody gets up are all there', () => {
    const { Properties } = most.at('AWS::CloudWatch::Dashboard', 'Monitoring/Dashboard');
    const { widgets } = JSON.parse(most.texts(Properties.DashboardBody).join()) as {
      widgets: { properties: { alarms?: string[] } }[];
    };
    const shown = new Set(widgets.flatMap(({ properties }) => properties.alarms ?? []));
    expect(shown.size).toBe(100);
    const pages = most.ofType('AWS::CloudWatch::Alarm').flatMap(([place, resource]) => {
      const { AlarmName } = most.text(resource.Properties) as AlarmProperties;
      return ruleOf(String(AlarmName))?.severity === 'page' ? [`${place}.Arn`] : [];
    });
    expect(pages.length).toBeGreaterThan(50);
    expect(pages.filter((place) => !shown.has(place))).toEqual([]);
  });
});
