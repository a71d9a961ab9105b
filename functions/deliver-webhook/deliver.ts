import type { WebhookTask } from '../../shared/contracts/webhook-task.ts';
import {
  validOldEndpointSecrets,
  type WebhookAttempt,
  type WebhookEndpoint,
} from '../../shared/domain/webhook-endpoint.ts';
import type { Log } from '../../shared/log/log.ts';
import { MOST_DELAY_SECONDS, type WebhookQueue } from '../../shared/queue/webhooks.ts';
import { type AnnounceDependencies, announceDisabled } from './announce.ts';
import { type HealthDependencies, noteLate, noteVerdict, turnAt } from './endpoint-health.ts';
import type { PostOutcome } from './post.ts';
import { isOver, nextAttemptAt } from './schedule.ts';
import { sign } from './signature.ts';
import { type Target, type TargetDependencies, targetOf, toldUrl } from './target.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Milliseconds. */
export interface Patience {
  /** For an answer while other deliveries, perhaps to others, wait behind this one. */
  amongOthersMs: number;
  /** For an answer to a delivery that goes alone: what an endpoint is promised. */
  aloneMs: number;
}

export interface DeliverDependencies extends TargetDependencies, DeliveryDependencies {
  endpoints: TargetDependencies['endpoints'];
}

interface DeliveryDependencies extends HealthDependencies, AnnounceDependencies {
  endpoints: Extract<Target, { kind: 'found' }>['endpoints'];
  queue: Pick<WebhookQueue, 'send' | 'sendLater'>;
  post: (
    target: { url: string; headers: Record<string, string>; body: string },
    options: { timeoutMs: number },
  ) => Promise<PostOutcome>;
  patience: Patience;
  log: Log;
}

/**
 * Takes a delivery one step further: waits on, tries, and if that failed puts it back for its next attempt. Whoever receives
 * a task owns it until this returns; where it throws, the queue brings the task again.
 */
export async function deliver(task: WebhookTask, dependencies: DeliverDependencies): Promise<void> {
  if (task.not_before > dependencies.now()) return await putBack(task, dependencies);
  const target = await targetOf(task, dependencies);
  switch (target.kind) {
    case 'deleted':
      return dependencies.log.info('webhook dropped: its endpoint is gone', labels(task));
    case 'not_allowed':
      return await drop(task, 'callback host not allowed', dependencies);
    case 'found':
      return await deliverTo(target.endpoint, task, { ...dependencies, endpoints: target.endpoints });
  }
}

async function deliverTo(
  endpoint: WebhookEndpoint,
  task: WebhookTask,
  dependencies: DeliveryDependencies,
): Promise<void> {
  const { now, timeFactor } = dependencies;
  if (endpoint.disabled !== undefined) {
    if (endpoint.unannounced === true) await announce(endpoint, task, dependencies);
    return await drop(task, 'endpoint disabled', dependencies);
  }
  // Who tests an endpoint wants to see how it is now.
  const turn =
    task.schedule === 'once' ? { kind: 'go' as const, endpoint, isProbe: true } : await turnAt(endpoint, dependencies);
  if (turn.kind === 'go') return await attempt(task, turn, dependencies);
  if (isOver(task, { now: now(), timeFactor })) return await drop(task, 'endpoint paused', dependencies);
  await putBack({ ...task, not_before: turn.until }, dependencies);
}

async function attempt(
  task: WebhookTask,
  { endpoint, isProbe }: { endpoint: WebhookEndpoint; isProbe: boolean },
  dependencies: DeliveryDependencies,
): Promise<void> {
  const { endpoints, log, now, random, timeFactor, patience } = dependencies;
  const at = now();
  const timeoutMs = isProbe ? patience.aloneMs : patience.amongOthersMs;
  const outcome = await send(task, endpoint, { ...dependencies, timeoutMs });
  if (outcome.kind === 'late' && !isProbe) {
    log.info('webhook endpoint is slow: its deliveries go alone', labels(task));
    await noteLate(endpoint, dependencies);
    return await putBack(task, dependencies);
  }
  const moment = { now: now(), random: random(), timeFactor };
  const verdict = verdictOf(outcome, { ...moment, pauses: endpoint.pauses ?? 0 });
  const next = nextOf(task, verdict, nextAttemptAt(task, moment));
  const made: WebhookAttempt = {
    ...attemptAt(task, at),
    durationMs: now() - at,
    delivered: verdict.kind === 'delivered',
    isLast: next === undefined,
    ...(outcome.kind === 'answered' ? { httpStatus: outcome.httpStatus } : { reason: outcome.reason }),
  };
  const { endpointId: _endpoint, eventId: _event, number: _number, at: _at, durationMs, ...result } = made;
  log.info('webhook attempt', { ...labels(task), ...result, duration_ms: durationMs });
  await endpoints.recordAttempt(made);
  // That a message's own address is gone says nothing of others on its host, but that it answers.
  const shown = task.callback !== undefined && verdict.kind === 'gone' ? ({ kind: 'delivered' } as const) : verdict;
  const isEndless = outcome.kind === 'answered' && outcome.isEndless === true;
  const isLate = isEndless || made.durationMs > patience.amongOthersMs;
  const disabled = await noteVerdict(endpoint, shown, { ...dependencies, isLate });
  // From here on the task would go on twice if this broke off; what may break off finds its endpoint disabled.
  if (next !== undefined) await putBack(next, dependencies);
  else if (!made.delivered) log.warn('webhook given up', labels(task));
  if (disabled === undefined) return;
  log.warn('webhook endpoint disabled', { endpoint_id: endpoint.endpointId, reason: disabled.disabled?.reason });
  await announce(disabled, task, dependencies);
}

async function announce(
  endpoint: WebhookEndpoint,
  task: WebhookTask,
  dependencies: AnnounceDependencies,
): Promise<void> {
  await announceDisabled({ ...endpoint, url: toldUrl(task, endpoint) }, dependencies);
}

function nextOf(task: WebhookTask, { kind }: Verdict, notBefore: number | undefined): WebhookTask | undefined {
  if (kind === 'delivered' || kind === 'gone' || notBefore === undefined) return undefined;
  return { ...task, attempt: task.attempt + 1, not_before: notBefore };
}

async function send(
  task: WebhookTask,
  endpoint: WebhookEndpoint,
  { post, now, timeoutMs }: DeliveryDependencies & { timeoutMs: number },
): Promise<PostOutcome> {
  const timestampSeconds = Math.floor(now() / 1000);
  const secrets = [endpoint.secret, ...validOldEndpointSecrets(endpoint, now()).map(({ secret }) => secret)];
  const request = {
    url: endpoint.url,
    headers: {
      'content-type': 'application/json',
      'user-agent': 'Bindery-Webhooks/1',
      'webhook-id': task.event_id,
      'webhook-timestamp': String(timestampSeconds),
      'webhook-signature': sign({ id: task.event_id, timestampSeconds, body: task.payload }, ...secrets),
    },
    body: task.payload,
  };
  return await post(request, { timeoutMs });
}

/** Its end stands among the attempts: it was not delivered, and can be replayed. */
async function drop(
  task: WebhookTask,
  reason: string,
  { endpoints, log, now }: Pick<DeliveryDependencies, 'endpoints' | 'log' | 'now'>,
): Promise<void> {
  log.info('webhook dropped', { ...labels(task), reason });
  await endpoints.recordAttempt({ ...attemptAt(task, now()), durationMs: 0, delivered: false, isLast: true, reason });
}

/** Attempts at callbacks are kept by message: that is who asks for them. */
function attemptAt({ endpoint_id, callback, event_id, attempt: number }: WebhookTask, at: number) {
  return { endpointId: callback?.message_id ?? endpoint_id, eventId: event_id, number, at };
}

async function putBack(task: WebhookTask, { queue, now }: Pick<DeliveryDependencies, 'queue' | 'now'>): Promise<void> {
  const seconds = Math.ceil((task.not_before - now()) / 1000);
  await queue.sendLater(task, Math.min(MOST_DELAY_SECONDS, Math.max(0, seconds)));
}

function labels(task: WebhookTask): Record<string, unknown> {
  return { endpoint_id: task.endpoint_id, event_id: task.event_id, attempt: task.attempt };
}
