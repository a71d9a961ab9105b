import type { Account, Lane } from '../../../shared/config/account.ts';
import { minutesOf } from '../../../shared/domain/delivery-window.ts';
import { type AlarmRule, laneOf, ofAws } from '../alarm-rule.ts';

const MINUTES_A_DAY = 1_440;

/** A quarter of the life of its messages; while bulk's delivery window is closed, waiting is what they should do. */
export function longestWaitSeconds(account: Account, lane: Lane): number {
  const quarterSeconds = Math.max(1, Math.round(account.lanes[lane].defaultTtlSeconds / 4));
  const window = lane === 'bulk' ? account.lanes.bulk.deliveryWindow : undefined;
  if (window === undefined) return quarterSeconds;
  const openMinutes = (minutesOf(window.until) - minutesOf(window.from) + MINUTES_A_DAY) % MINUTES_A_DAY;
  return quarterSeconds + (MINUTES_A_DAY - openMinutes) * 60;
}

export const QUEUE_ALARMS: readonly AlarmRule[] = [
  {
    id: 'lane-waiting',
    title: 'Messages wait too long in a lane',
    severity: 'page',
    scope: 'lane',
    // Counts what a binder has in hand as well: a message is in the queue until it has gone out.
    signal: { kind: 'metric', metric: ofAws('SQS', 'ApproximateAgeOfOldestMessage', 'Maximum') },
    comparison: 'GreaterThanThreshold',
    threshold: {
      words:
        'a quarter of the lane’s `defaultTtlSeconds`; for bulk plus the hours in which its delivery window is closed',
      of: (subject) => {
        const { account, lane } = laneOf(subject);
        return longestWaitSeconds(account, lane);
      },
    },
    unit: 's',
    periodSeconds: 60,
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
    missing: 'notBreaching',
    whyMissing: 'SQS says nothing of a queue that has been empty for hours',
    meaning:
      'The oldest message of the lane has used up a quarter of its life. Callers see late messages now, and expired ones if nothing is done.',
    steps: [
      { text: 'See what waits in each lane, and how long it takes to drain.', command: 'npm run cli -- lanes' },
      {
        text: 'See whether the session is bound and used: if it is down or throttled, that alarm goes first. A sender id that the operator refuses lets its own messages wait.',
        command: 'npm run cli -- status',
      },
      {
        text: 'Pause the campaign that fills the lane, or let its owner do it; more urgent lanes go first in any case.',
        command: 'curl -X POST API_URL/v1/batches/BATCH_ID/pause -H "Authorization: Bearer KEY"',
      },
    ],
  },
  {
    id: 'dead-letters',
    title: 'Something stands in a dead-letter queue',
    severity: 'look',
    scope: 'queue',
    signal: { kind: 'metric', metric: ofAws('SQS', 'ApproximateNumberOfMessagesVisible', 'Maximum') },
    comparison: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    unit: 'messages',
    periodSeconds: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    missing: 'notBreaching',
    whyMissing: 'SQS says nothing of a queue that has been empty for hours',
    meaning:
      'A message, a webhook delivery, a step of a batch or a change of a table could not be processed and was put aside. It stays there for 14 days and goes no further by itself.',
    steps: [
      { text: 'See which queues hold something, and why.', command: 'npm run cli -- dlq list' },
      { text: 'Look at it: `reason` says what was wrong.', command: 'npm run cli -- dlq show QUEUE' },
      {
        text: 'When the cause is mended, send it on its way again. What is overdue by then expires, and is sent to nobody.',
        command: 'npm run cli -- dlq redrive QUEUE',
      },
    ],
  },
];
