import type { QueueMeasure } from '../aws/api.ts';
import type { Observation } from '../observation.ts';
import { metricsIn } from './embedded-line.ts';
import type { MetricKey } from './metric-store.ts';

export interface Told {
  key: MetricKey;
  at: number;
  value: number;
}

/** What CloudWatch would be told of something that happened here: by a program, by Lambda, by API Gateway. */
export function metricsOf(
  observation: Observation,
  { now, functionName }: { now: number; functionName: (program: string) => string | undefined },
): Told[] {
  switch (observation.kind) {
    case 'line':
      return metricsIn(observation.line).flatMap(({ key, at, values }) => values.map((value) => ({ key, at, value })));
    case 'invocation': {
      const name = functionName(observation.program);
      if (name === undefined) return [];
      const { outcome, durationMs } = observation;
      const told = aws('Lambda', { FunctionName: name }, now);
      // What is throttled is no invocation.
      if (outcome === 'throttled') return told({ Throttles: 1 });
      return told({ Invocations: 1, Errors: Number(outcome === 'failed'), Throttles: 0, Duration: durationMs });
    }
    case 'request': {
      const { apiId, status, durationMs } = observation;
      const failed = { '4xx': Number(status >= 400 && status < 500), '5xx': Number(status >= 500) };
      return aws('ApiGateway', { ApiId: apiId }, now)({ Count: 1, ...failed, Latency: durationMs });
    }
    default:
      return [];
  }
}

/** What CloudWatch would be told of a queue each minute. */
export function metricsOfQueue(queue: QueueMeasure, now: number): Told[] {
  const { name, visible, hidden, delayed, oldestAgeSeconds } = queue;
  return aws(
    'SQS',
    { QueueName: name },
    now,
  )({
    ApproximateNumberOfMessagesVisible: visible,
    ApproximateNumberOfMessagesNotVisible: hidden,
    ApproximateNumberOfMessagesDelayed: delayed,
    ApproximateAgeOfOldestMessage: oldestAgeSeconds,
  });
}

function aws(service: string, dimensions: Record<string, string>, at: number) {
  return (values: Record<string, number>): Told[] =>
    Object.entries(values).map(([name, value]) => ({
      key: { namespace: `AWS/${service}`, name, dimensions },
      at,
      value,
    }));
}
