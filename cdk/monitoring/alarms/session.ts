import { type AlarmRule, ofBindery } from '../alarm-rule.ts';

/** Of the session to the operator, and of who may hold it. */
export const SESSION_ALARMS: readonly AlarmRule[] = [
  {
    id: 'session-down',
    title: 'The session to the operator is down',
    severity: 'page',
    scope: 'account',
    signal: { kind: 'metric', metric: ofBindery('Bound', 'Maximum') },
    comparison: 'LessThanThreshold',
    threshold: 1,
    unit: 'bound',
    periodSeconds: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    missing: 'breaching',
    whyMissing: 'no binder speaks for the account, so none is bound',
    meaning:
      'Nothing goes out on this account and no receipt comes in. The API goes on accepting what has time to wait; one-time passwords expire first.',
    steps: [
      {
        text: 'See what the binder says: credentials refused, no connection, or no binder at all.',
        command: 'npm run cli -- doctor',
      },
      {
        text: 'Read the last words of the session: the reason says who ended it, the answer what the operator said.',
        command: 'aws logs tail --since 15m --filter-pattern session BINDER_LOG_GROUP',
      },
      {
        text: 'If the bind is refused, compare system id, password and listed address with the operator’s portal, then store them again; the binder tries the new ones by itself.',
        command: 'npm run cli -- credentials',
      },
    ],
  },
  {
    id: 'lease-flapping',
    title: 'The account changes hands again and again',
    severity: 'look',
    scope: 'account',
    signal: { kind: 'metric', metric: ofBindery('LeasesTaken') },
    comparison: 'GreaterThanThreshold',
    threshold: 3,
    unit: 'changes of owner',
    periodSeconds: 900,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missing: 'notBreaching',
    whyMissing: 'the metric is told only when an owner changes',
    meaning:
      'Binders start, die or lose their lease every few minutes. Messages still go out once, but each change pauses sending for seconds and leaves what was on the wire with an unknown outcome.',
    steps: [
      {
        text: 'See whether tasks are replaced: out of memory, unhealthy, or a deployment that rolls back.',
        command: 'aws ecs describe-services --cluster CLUSTER --services SERVICE --query "services[0].events[:10]"',
      },
      {
        text: 'Read why leases end: `lease lost` means that DynamoDB did not answer in time.',
        command: 'aws logs tail --since 30m --filter-pattern lease BINDER_LOG_GROUP',
      },
      {
        text: 'See that the session is bound now, and since when.',
        command: 'npm run cli -- status',
      },
    ],
  },
  {
    id: 'throttled',
    title: 'The operator slows the account down',
    severity: 'look',
    scope: 'account',
    signal: { kind: 'time', metric: ofBindery('PausedTime') },
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 20,
    unit: '% of the time',
    periodSeconds: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    missing: 'notBreaching',
    whyMissing: 'the metric is told only when the operator asks for a pause',
    meaning:
      'A fifth of the time or more is spent in pauses that the operator asked for. Messages wait longer; campaigns end later than was foretold.',
    steps: [
      {
        text: 'Compare the rate with the limit: a pause below the limit is a quota or a block, not the rate.',
        command: 'npm run cli -- status',
      },
      {
        text: 'Ask the operator whether the limit was lowered, and whether another program uses the same system id.',
      },
      {
        text: 'If it was, set `segmentsPerSecond` of the account and deploy.',
        command: 'npm run deploy',
      },
    ],
  },
];
