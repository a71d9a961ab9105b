import { type AlarmRule, ofAws, ofBindery } from '../alarm-rule.ts';

/** Of the programs behind the API, and of webhooks. */
export const PROGRAM_ALARMS: readonly AlarmRule[] = [
  {
    id: 'webhook-failures',
    title: 'Most webhook deliveries fail',
    severity: 'look',
    scope: 'stage',
    signal: {
      kind: 'share',
      part: ofBindery('WebhookFailures'),
      whole: ofBindery('WebhookAttempts'),
      atLeast: 10,
      otherwise: 0,
    },
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 50,
    unit: '% of the attempts',
    periodSeconds: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 3,
    missing: 'notBreaching',
    whyMissing: 'the metrics are told only when there is something to deliver',
    meaning: 'Customers’ programs do not hear of their messages in time. Each delivery is tried again for a day.',
    steps: [
      {
        text: 'Find the endpoints that fail.',
        command: 'curl API_URL/v1/webhook-endpoints -H "Authorization: Bearer KEY"',
      },
      {
        text: 'See what they answer: a status, or that nothing came in time.',
        command: 'curl API_URL/v1/webhook-endpoints/ENDPOINT_ID/attempts -H "Authorization: Bearer KEY"',
      },
      {
        text: 'Tell the owner of one that fails. If all fail, look at the function’s own log.',
        command: 'aws logs tail --since 15m DELIVER_WEBHOOK_LOG_GROUP',
      },
    ],
  },
  {
    id: 'webhooks-lost',
    title: 'Webhook deliveries were given up',
    severity: 'look',
    scope: 'stage',
    signal: { kind: 'metric', metric: ofBindery('WebhooksLost') },
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    unit: 'deliveries in 5 minutes',
    periodSeconds: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missing: 'notBreaching',
    whyMissing: 'the metric is told only when it happens',
    meaning:
      'An endpoint failed for a day, answered 410, or is disabled: its owner did not hear of some events, and will not by itself.',
    steps: [
      {
        text: 'Find the endpoint; one that is disabled says since when and why.',
        command: 'curl API_URL/v1/webhook-endpoints -H "Authorization: Bearer KEY"',
      },
      {
        text: 'When its owner has mended it, enable it and send a test.',
        command: 'curl -X POST API_URL/v1/webhook-endpoints/ENDPOINT_ID/test -H "Authorization: Bearer KEY"',
      },
      {
        text: 'Replay what was missed.',
        command:
          'curl -X POST API_URL/v1/webhook-endpoints/ENDPOINT_ID/replay -H "Authorization: Bearer KEY" -H "Content-Type: application/json" -d \'{"from":"…","to":"…","which":"undelivered"}\'',
      },
    ],
  },
  {
    id: 'function-errors',
    title: 'A function fails',
    severity: 'page',
    scope: 'function',
    signal: { kind: 'metric', metric: ofAws('Lambda', 'Errors') },
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    unit: 'failed invocations in a minute',
    periodSeconds: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    missing: 'notBreaching',
    whyMissing: 'a function that is not called cannot fail',
    meaning:
      'send, query, manage, docs: callers get 500. apply-receipts, publish-events: states and events come late, nothing is lost for six hours. sweep: what is stuck stays stuck. deliver-webhook, feed-batches: the queue brings it again.',
    steps: [
      {
        text: 'Read the error; one that took too long says `timed out`.',
        command: `aws logs tail --since 15m --filter-pattern '?error ?"timed out"' FUNCTION_LOG_GROUP`,
      },
      {
        text: 'See whether AWS has a bad day in the region, or the last deployment brought it.',
        command: 'npm run cli -- doctor',
      },
      { text: 'If it came with a deployment, deploy the release before it.', command: 'npm run deploy' },
    ],
  },
  {
    id: 'function-throttles',
    title: 'A function is throttled',
    severity: 'page',
    scope: 'function',
    signal: { kind: 'metric', metric: ofAws('Lambda', 'Throttles') },
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    unit: 'refused invocations in a minute',
    periodSeconds: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    missing: 'notBreaching',
    whyMissing: 'a function that is not called is not throttled',
    meaning:
      'The AWS account runs as many functions at once as it may, or this function as many as somebody reserved for it. Callers of the API get 503; receipts and events come late.',
    steps: [
      {
        text: 'See the limit; a young AWS account has ten.',
        command: 'aws lambda get-account-settings --query AccountLimit.ConcurrentExecutions',
      },
      {
        text: 'See which functions of the AWS account use it up between two times such as 2026-11-23T09:00:00Z, also those of other stacks.',
        command:
          'aws cloudwatch get-metric-data --start-time START --end-time END --metric-data-queries \'[{"Id":"most","Period":300,"Expression":"SELECT MAX(ConcurrentExecutions) FROM SCHEMA(\\"AWS/Lambda\\", FunctionName) GROUP BY FunctionName ORDER BY MAX() DESC LIMIT 10"}]\'',
      },
      {
        text: 'Ask AWS for more. What somebody reserved goes with `aws lambda delete-function-concurrency`.',
        command:
          'aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000',
      },
    ],
  },
  {
    id: 'api-failing',
    title: 'The API answers with 5xx',
    severity: 'page',
    scope: 'api',
    signal: { kind: 'metric', metric: ofAws('ApiGateway', '5xx') },
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 5,
    unit: 'answers in 5 minutes',
    periodSeconds: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missing: 'notBreaching',
    whyMissing: 'without requests there are no answers',
    meaning:
      'Callers get 500 or 503. A 503 with `operator_unavailable` is meant: the session has been down for so long that the message would expire.',
    steps: [
      {
        text: 'See which routes answer it, in the access log.',
        command: 'aws logs tail --since 15m --filter-pattern "{ $.status = 5* }" ACCESS_LOG_GROUP',
      },
      { text: 'See what is wrong behind it.', command: 'npm run cli -- doctor' },
      {
        text: 'Read the function’s own error.',
        command: `aws logs tail --since 15m --filter-pattern '?error ?"timed out"' SEND_LOG_GROUP`,
      },
    ],
  },
];
