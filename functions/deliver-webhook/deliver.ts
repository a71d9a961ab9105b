import type { WebhookTask } from '../../shared/contracts/webhook-task.ts';
import type { WebhookAttempt, WebhookEndpoint } from '../../shared/domain/webhook-endpoint.ts';
import type { Log } from '../../shared/log/log.ts';
import { MOST_DELAY_SECONDS, type WebhookQueue } from '../../shared/queue/webhooks.ts';
import type { WebhookStore } from '../../shared/store/control-webhooks.ts';
import type { PostOutcome } from './post.ts';
import { nextAttemptAt } from './schedule.ts';
import { sign } from './signature.ts';

export interface DeliverDependencies {
  endpoints: Pick<WebhookStore, 'get' | 'recordAttempt'>;
  queue: Pick<WebhookQueue, 'sendLater'>;
  post: (target: { url: string; headers: Record<string, string>; body: string }) => Promise<PostOutcome>;
  log: Log;
  /** Epoch milliseconds. */
  now: () => number;
  /** From 0 to 1. */
  random: () => number;
}

/**
 * Takes a delivery one step further: waits on, tries, and if that failed puts it back for its next attempt. Whoever receives
 * a task owns it until this returns; where it throws, the queue brings the task again.
 */
export async function deliver(task: WebhookTask, dependencies: DeliverDependencies): Promise<void> {
  const { endpoints, queue, log, now, random } = dependencies;
  if (task.not_before > now()) return await queue.sendLater(task, delaySeconds(task.not_before, now()));
  const endpoint = await endpoints.get(task.endpoint_id);
  if (endpoint === undefined) return log.info('webhook dropped: its endpoint is gone', labels(task));
  if (endpoint.disabled !== undefined) return log.info('webhook dropped: its endpoint is disabled', labels(task));
  const attempt = await attemptDelivery(task, endpoint, dependencies);
  await endpoints.recordAttempt(attempt);
  if (attempt.delivered) return;
  const next = nextAttemptAt(task.first_at, task.attempt, random());
  if (next === undefined) return log.warn('webhook given up after its last attempt', labels(task));
  // A late attempt does not make the next one come at once.
  const notBefore = Math.max(next, now() + 1_000);
  await queue.sendLater({ ...task, attempt: task.attempt + 1, not_before: notBefore }, delaySeconds(notBefore, now()));
}

async function attemptDelivery(
  task: WebhookTask,
  endpoint: WebhookEndpoint,
  { post, log, now }: DeliverDependencies,
): Promise<WebhookAttempt> {
  const at = now();
  const timestampSeconds = Math.floor(at / 1000);
  const signature = sign({ id: task.event_id, timestampSeconds, body: task.payload }, endpoint.secret);
  const outcome = await post({
    url: endpoint.url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Bindery-Webhooks/1',
      'webhook-id': task.event_id,
      'webhook-timestamp': String(timestampSeconds),
      'webhook-signature': signature,
    },
    body: task.payload,
  });
  const delivered = outcome.kind === 'answered' && outcome.httpStatus >= 200 && outcome.httpStatus < 300;
  const result = outcome.kind === 'answered' ? { httpStatus: outcome.httpStatus } : { reason: outcome.reason };
  const durationMs = now() - at;
  log.info('webhook attempt', { ...labels(task), delivered, duration_ms: durationMs, ...result });
  return {
    endpointId: task.endpoint_id,
    eventId: task.event_id,
    number: task.attempt,
    at,
    durationMs,
    delivered,
    ...result,
  };
}

function delaySeconds(until: number, now: number): number {
  return Math.min(MOST_DELAY_SECONDS, Math.max(0, Math.ceil((until - now) / 1000)));
}

function labels(task: WebhookTask): Record<string, unknown> {
  return { endpoint_id: task.endpoint_id, event_id: task.event_id, attempt: task.attempt };
}
