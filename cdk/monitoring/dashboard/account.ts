import { type Account, LANES } from '../../../shared/config/account.ts';
import { METRIC_NAMESPACE, type MetricName } from '../../../shared/config/binder-metrics.ts';
import type { FunctionMetricName } from '../../../shared/config/function-metrics.ts';
import { isLimited, type Site } from '../site.ts';
import type { Graph, Row, Series } from '../widget.ts';

const SQS = 'AWS/SQS';
const DEPTH = ['Visible', 'NotVisible', 'Delayed'] as const;

/** Sessions that ended without being asked to. */
const DISCONNECTS: readonly MetricName[] = [
  'SessionsEndedConnectionLost',
  'SessionsEndedPeerClosed',
  'SessionsEndedPeerUnbound',
  'SessionsEndedEnquireLinkTimeout',
  'SessionsEndedBindRefused',
  'SessionsEndedConnectFailed',
];

const OUTCOMES: readonly FunctionMetricName[] = [
  'MessagesDelivered',
  'MessagesUndelivered',
  'MessagesExpired',
  'MessagesUnknown',
  'MessagesFailed',
  'MessagesCanceled',
];

const TROUBLE: readonly MetricName[] = [
  'Refused',
  'RefusedForNow',
  'Throttles',
  'UnknownOutcomes',
  'LateAnswers',
  'Resends',
];

/** What an account's operator does, and what waits for him. */
export function accountRow(account: Account, site: Site): Row {
  const dimensions = { Stage: site.stage, Account: account.name };
  const own = (name: MetricName | FunctionMetricName, stat = 'Sum', more: { axis?: 'right' } = {}): Series => ({
    namespace: METRIC_NAMESPACE,
    name,
    dimensions,
    stat,
    label: stat.startsWith('p') ? `${name} ${stat}` : name,
    ...more,
  });
  const graph = (title: string, series: readonly Series[], more: Partial<Graph> = {}): Graph => ({
    title: `${account.name}: ${title}`,
    series,
    width: 6,
    periodSeconds: 60,
    ...more,
  });
  const limit = { label: 'limit of the operator', value: account.segmentsPerSecond };
  return {
    heading: `Account ${account.name}`,
    graphs: [
      graph('segments a second, and the limit', [submits(dimensions), rate()], { limit }),
      graph('messages in each lane', depths(account, site)),
      graph('age of the oldest, and time to drain, s', [...ages(account, site), ...drains(account, site)]),
      graph('wait before the first submit, 99 %', [
        own('LaneWaitOtpP99', 'Maximum'),
        own('LaneWaitTransactionalP99', 'Maximum'),
        own('LaneWaitBulkP99', 'Maximum'),
      ]),
      graph(
        'outcomes',
        OUTCOMES.map((name) => own(name)),
        { stacked: true, periodSeconds: 300 },
      ),
      graph(
        'from hand-off to receipt, ms',
        ['p50', 'p90', 'p99'].map((stat) => own('ReceiptDelay', stat)),
        {
          periodSeconds: 300,
        },
      ),
      graph(
        'sent, and settled by a receipt; receipts of unheard-of states',
        [own('MessagesSent'), own('MessagesSettled'), own('ReceiptsUnheardOf')],
        { periodSeconds: 3_600 },
      ),
      graph('session', [
        own('Bound', 'Minimum'),
        own('BindAttempts', 'Sum', { axis: 'right' }),
        own('LeasesTaken', 'Sum', { axis: 'right' }),
        ...DISCONNECTS.map((name) => own(name, 'Sum', { axis: 'right' })),
      ]),
      graph(
        'refused, throttled, unknown',
        TROUBLE.map((name) => own(name)),
        { periodSeconds: 300 },
      ),
      graph('pauses that the operator asked for, % of the time', [paused(dimensions), pausedShare()], {
        periodSeconds: 300,
        limit: { label: 'alarm', value: 20 },
        most: 100,
      }),
      ...(isLimited(account)
        ? [
            graph('quota used, %', [own('QuotaUsed', 'Maximum')], {
              periodSeconds: 300,
              limit: { label: 'alarm', value: 80 },
              most: 100,
            }),
          ]
        : []),
    ],
  };
}

function submits(dimensions: Readonly<Record<string, string>>): Series {
  return { namespace: METRIC_NAMESPACE, name: 'Submits', dimensions, stat: 'Sum', id: 'submits', hidden: true };
}

function rate(): Series {
  return { expression: 'submits / PERIOD(submits)', id: 'rate', label: 'submit_sm a second' };
}

function paused(dimensions: Readonly<Record<string, string>>): Series {
  return { namespace: METRIC_NAMESPACE, name: 'PausedTime', dimensions, stat: 'Sum', id: 'paused', hidden: true };
}

function pausedShare(): Series {
  return { expression: '100 * paused / (1000 * PERIOD(paused))', id: 'share', label: '% of the time' };
}

function lanesOf(account: Account, { lanes }: Site) {
  const own = lanes.filter((lane) => lane.account.name === account.name);
  return LANES.flatMap((lane) => own.filter((queue) => queue.lane === lane));
}

/** All that is in a lane's queue: what waits, what a binder holds, what is to be seen later. */
function depthParts(account: Account, site: Site): Series[] {
  return lanesOf(account, site).flatMap(({ lane, queueName }) =>
    DEPTH.map((part) => ({
      namespace: SQS,
      name: `ApproximateNumberOfMessages${part}`,
      dimensions: { QueueName: queueName },
      stat: 'Maximum',
      id: `${lane}${part}`,
      hidden: true as const,
    })),
  );
}

const depthOf = (lane: string): string => `(${DEPTH.map((part) => `${lane}${part}`).join(' + ')})`;

function depths(account: Account, site: Site): Series[] {
  const sums = lanesOf(account, site).map(({ lane }) => ({
    expression: depthOf(lane),
    id: `${lane}Depth`,
    label: lane,
  }));
  return [...depthParts(account, site), ...sums];
}

function ages(account: Account, site: Site): Series[] {
  return lanesOf(account, site).map(({ lane, queueName }) => ({
    namespace: SQS,
    name: 'ApproximateAgeOfOldestMessage',
    dimensions: { QueueName: queueName },
    stat: 'Maximum',
    label: `${lane}: age`,
  }));
}

/** At the least: a message has one segment or more. */
function drains(account: Account, site: Site): Series[] {
  const times = lanesOf(account, site).map(({ lane }) => ({
    expression: `${depthOf(lane)} / ${account.segmentsPerSecond}`,
    id: `${lane}Drain`,
    label: `${lane}: time to drain`,
  }));
  return [...depthParts(account, site), ...times];
}
