import { type AlarmRule, laneOf, ofBindery } from '../alarm-rule.ts';

/** Of what becomes of messages. */
export const OUTCOME_ALARMS: readonly AlarmRule[] = [
  {
    id: 'refused-share',
    title: 'The operator refuses many messages',
    severity: 'page',
    scope: 'account',
    signal: {
      kind: 'share',
      part: ofBindery('Refused'),
      whole: ofBindery('Submits'),
      atLeast: 20,
      otherwise: 0,
    },
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 20,
    unit: '% of the segments',
    periodSeconds: 300,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    missing: 'notBreaching',
    whyMissing: 'nothing is submitted while no binder speaks; session-down says so',
    meaning:
      'A fifth of what is submitted is refused for good. Those messages have failed; their senders see `failed` with the operator’s code.',
    steps: [
      { text: 'See what failed last, and with which code.', command: 'npm run cli -- messages list --status failed' },
      {
        text: 'A code for the sender id: it is not registered with the operator. A code for the number: a list of bad numbers is being sent.',
        command: 'npm run cli -- tail',
      },
      {
        text: 'Register the sender id, or stop whoever sends the list: revoke the key that it comes from.',
        command: 'npm run cli -- keys list',
      },
    ],
  },
  {
    id: 'unknown-outcomes',
    title: 'Submits stay unanswered',
    severity: 'look',
    scope: 'account',
    signal: { kind: 'metric', metric: ofBindery('UnknownOutcomes') },
    comparison: 'GreaterThanThreshold',
    threshold: {
      words: 'one submit window (`submitWindow`) of the account: a single lost connection leaves no more',
      of: (subject) => laneOf(subject).account.submitWindow,
    },
    unit: 'segments in 15 minutes',
    periodSeconds: 900,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missing: 'notBreaching',
    whyMissing: 'the metric is told only when it happens',
    meaning:
      'Segments were written to the operator and never answered. Nobody knows whether they arrived: one-time passwords and transactional messages are sent once more and may come twice, bulk waits for its receipts.',
    steps: [
      {
        text: 'See whether sessions break (`connection_lost`) or answers come late (`LateAnswers` on the dashboard).',
        command: 'npm run cli -- status',
      },
      {
        text: 'Read when it happened, to which messages, and why: `link_lost` goes with a connection, `timeout` is an answer that the operator owes.',
        command: 'aws logs tail --since 30m --filter-pattern \'"without an answer"\' BINDER_LOG_GROUP',
      },
      {
        text: 'Tell the operator the times and the numbers of such messages. If answers are slow as a rule, raise `timers.submitAnswerMs` of the account.',
        command: 'npm run cli -- messages show MESSAGE_ID --full',
      },
    ],
  },
  {
    id: 'receipts-missing',
    title: 'Delivery receipts do not come',
    severity: 'look',
    scope: 'account',
    signal: {
      kind: 'share',
      part: ofBindery('MessagesSettled'),
      whole: ofBindery('MessagesSent'),
      atLeast: 50,
      otherwise: 100,
    },
    comparison: 'LessThanThreshold',
    threshold: 50,
    unit: '% of the messages sent',
    periodSeconds: 3_600,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    missing: 'notBreaching',
    whyMissing: 'the metrics are told only when messages go out or are settled',
    meaning:
      'For two hours fewer than half as many messages got their final receipt as were sent. Messages probably arrive, but stay `sent`, and end as `unknown` when the receipt window closes.',
    steps: [
      {
        text: 'See when the last receipt came. None comes to a session that may not receive: `bindType` of the account says `transmitter`.',
        command: 'npm run cli -- status',
      },
      {
        text: 'See whether receipts come and find no message: one or two outrun their answer; many are written with other ids than `messageIds` of the account says. One with a state that nobody has heard of settles nothing: `ReceiptsUnheardOf` on the dashboard, and `nobody has heard of` in the same log, with its `stat`.',
        command:
          'aws logs tail --since 1h --filter-pattern \'"receipt waits for its segment"\' APPLY_RECEIPTS_LOG_GROUP',
      },
      {
        text: 'Ask the operator for the receipts of some messages, by their numbers and times.',
        command: 'npm run cli -- messages list --status sent --full',
      },
    ],
  },
  {
    id: 'quota-near',
    title: 'The operator’s package is nearly used up',
    severity: 'look',
    scope: 'account with a limit',
    signal: { kind: 'metric', metric: ofBindery('QuotaUsed', 'Maximum') },
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 80,
    unit: '% of the day’s or the month’s segments',
    periodSeconds: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missing: 'notBreaching',
    whyMissing: 'the sweep tells it each minute; if that fails, function-errors says so',
    meaning: 'At 100 % every further message is refused with `quota_exceeded` until the day or the month is over.',
    steps: [
      {
        text: 'See what is used, by account and by key.',
        command: 'npm run cli -- usage',
      },
      {
        text: 'Buy segments from the operator, then raise `segmentsPerDay` or `segmentsPerMonth`.',
        command: 'npm run deploy',
      },
      {
        text: 'Or hold back what can wait: pause campaigns, or give keys limits of their own.',
        command: 'npm run cli -- keys list',
      },
    ],
  },
];
