import { embeddedLine } from '../../shared/metrics/embedded-format.ts';
import { functionMetric } from '../../shared/metrics/function-lines.ts';
import type { DeliverDependencies } from './deliver.ts';

type Endpoints = DeliverDependencies['endpoints'];

/** Tells of each recorded attempt, as metrics, whether it delivered and whether its event is lost to the endpoint. */
export function countedAttempts(
  endpoints: Endpoints,
  { stage, now, write }: { stage: string; now: () => number; write: (line: string) => void },
): Endpoints {
  return {
    get: (endpointId) => endpoints.get(endpointId),
    list: () => endpoints.list(),
    change: (...change) => endpoints.change(...change),
    async recordAttempt(attempt) {
      await endpoints.recordAttempt(attempt);
      const isLost = attempt.isLast && !attempt.delivered;
      const metrics = [
        functionMetric('WebhookAttempts', 1),
        functionMetric('WebhookFailures', attempt.delivered ? 0 : 1),
        ...(isLost ? [functionMetric('WebhooksLost', 1)] : []),
      ];
      write(embeddedLine({ program: 'deliver-webhook', at: now(), dimensions: { Stage: stage }, metrics }));
    },
  };
}
