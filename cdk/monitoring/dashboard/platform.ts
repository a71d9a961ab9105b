import { METRIC_NAMESPACE } from '../../../shared/config/binder-metrics.ts';
import type { FunctionMetricName } from '../../../shared/config/function-metrics.ts';
import type { Site } from '../site.ts';
import type { Row, Series } from '../widget.ts';

/** What is there once, whatever the accounts: API, functions, webhooks, queues of what failed, tasks. */
export function platformRows(site: Site): Row[] {
  return [
    { heading: 'API', graphs: apiGraphs(site) },
    { heading: 'Webhooks and what was put aside', graphs: [...webhookGraphs(site), putAsideGraph(site)] },
    { heading: 'Programs', graphs: programGraphs(site) },
  ];
}

function apiGraphs({ apiId }: Site): Row['graphs'] {
  const metric = (name: string, stat: string): Series => ({
    namespace: 'AWS/ApiGateway',
    name,
    dimensions: { ApiId: apiId },
    stat,
    label: stat === 'Sum' ? name : `${name} ${stat}`,
  });
  const graph = { width: 8, periodSeconds: 60 };
  return [
    { ...graph, title: 'requests', series: [metric('Count', 'Sum')] },
    { ...graph, title: 'refused and failed', series: [metric('4xx', 'Sum'), metric('5xx', 'Sum')] },
    { ...graph, title: 'latency, ms', series: ['p50', 'p90', 'p99'].map((stat) => metric('Latency', stat)) },
  ];
}

function webhookGraphs({ stage, webhookQueue }: Site): Row['graphs'] {
  const told: readonly FunctionMetricName[] = ['WebhookAttempts', 'WebhookFailures', 'WebhooksLost'];
  const queue = (name: string): Series => ({
    namespace: 'AWS/SQS',
    name,
    dimensions: { QueueName: webhookQueue },
    stat: 'Maximum',
    label: name,
  });
  return [
    {
      title: 'webhook attempts',
      width: 8,
      periodSeconds: 300,
      series: told.map((name) => ({
        namespace: METRIC_NAMESPACE,
        name,
        dimensions: { Stage: stage },
        stat: 'Sum',
        label: name,
      })),
    },
    {
      title: 'webhook queue: waiting now, and for a later attempt',
      width: 8,
      periodSeconds: 60,
      series: [queue('ApproximateNumberOfMessagesVisible'), queue('ApproximateNumberOfMessagesDelayed')],
    },
  ];
}

function putAsideGraph({ putAside }: Site): Row['graphs'][number] {
  return {
    title: 'dead letters and parked records',
    width: 8,
    periodSeconds: 300,
    series: putAside.map(({ name, queueName }) => ({
      namespace: 'AWS/SQS',
      name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: queueName },
      stat: 'Maximum',
      label: name,
    })),
  };
}

function programGraphs({ functions, clusterName, serviceName }: Site): Row['graphs'] {
  const each = (name: string, stat: string): Series[] =>
    functions.map((target) => ({
      namespace: 'AWS/Lambda',
      name,
      dimensions: { FunctionName: target.functionName },
      stat,
      label: target.name,
    }));
  const task = (name: string): Series => ({
    namespace: 'AWS/ECS',
    name,
    dimensions: { ClusterName: clusterName, ServiceName: serviceName },
    stat: 'Maximum',
    label: name,
  });
  const graph = { width: 6, periodSeconds: 60 };
  return [
    { ...graph, title: 'invocations', series: each('Invocations', 'Sum'), stacked: true },
    { ...graph, title: 'failed', series: each('Errors', 'Sum') },
    { ...graph, title: 'throttled', series: each('Throttles', 'Sum') },
    { ...graph, title: 'duration, 99 %, ms', series: each('Duration', 'p99') },
    { ...graph, title: 'binder, % of what it has', series: [task('CPUUtilization'), task('MemoryUtilization')] },
  ];
}
