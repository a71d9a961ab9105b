import type { FunctionMetricName } from '../../shared/config/function-metrics.ts';
import type { TypedMessageEvent } from '../../shared/contracts/event.ts';
import type { MessageStatus } from '../../shared/domain/message.ts';
import { embeddedLine, MOST_VALUES } from '../../shared/metrics/embedded-format.ts';
import { functionMetric } from '../../shared/metrics/function-lines.ts';
import type { EventBus, PublishedEvent } from '../middleware/event-bus.ts';

const OUTCOMES: Partial<Record<MessageStatus, FunctionMetricName>> = {
  delivered: 'MessagesDelivered',
  undelivered: 'MessagesUndelivered',
  expired: 'MessagesExpired',
  unknown: 'MessagesUnknown',
  failed: 'MessagesFailed',
  canceled: 'MessagesCanceled',
};

/** A bus that tells, as metrics of each account, what became of the messages whose events it took. Test keys count for nobody. */
export function countedBus(
  bus: Pick<EventBus, 'put'>,
  { stage, now, write }: { stage: string; now: () => number; write: (line: string) => void },
): Pick<EventBus, 'put'> {
  return {
    async put(events) {
      const refused = new Set(await bus.put(events));
      const taken = events.filter(isOfMessage).filter((event) => !refused.has(event) && !event.detail.metadata.test);
      for (const [account, some] of Map.groupBy(taken, ({ detail }) => detail.metadata.account)) {
        const metrics = metricsOf(some);
        if (metrics.length === 0) continue;
        write(
          embeddedLine({
            program: 'publish-events',
            at: now(),
            dimensions: { Stage: stage, Account: account },
            metrics,
          }),
        );
      }
      return [...refused];
    },
  };
}

function isOfMessage(event: PublishedEvent): event is TypedMessageEvent {
  return event.detail.metadata.schema === 'bindery.message';
}

function metricsOf(events: readonly TypedMessageEvent[]) {
  const counts = new Map<FunctionMetricName, number>();
  const count = (name: FunctionMetricName) => counts.set(name, (counts.get(name) ?? 0) + 1);
  const delays: number[] = [];
  for (const { detail } of events) {
    const { status, sent_at: sentAt, finalized_at: finalizedAt } = detail.data;
    const outcome = OUTCOMES[status];
    if (outcome !== undefined) count(outcome);
    if (status === 'sent') count('MessagesSent');
    // What expired in the queue was never sent, and has no receipt.
    if (sentAt === null || finalizedAt === null || !SETTLED.has(status)) continue;
    count('MessagesSettled');
    delays.push(Math.max(0, Date.parse(finalizedAt) - Date.parse(sentAt)));
  }
  if (counts.size === 0) return [];
  // Both are always told together, so that one can be set against the other.
  for (const name of ['MessagesSent', 'MessagesSettled'] as const) counts.set(name, counts.get(name) ?? 0);
  const delay = delays.length === 0 ? [] : [functionMetric('ReceiptDelay', delays.slice(0, MOST_VALUES))];
  return [...[...counts].map(([name, times]) => functionMetric(name, times)), ...delay];
}

const SETTLED: ReadonlySet<MessageStatus> = new Set(['delivered', 'undelivered', 'expired']);
