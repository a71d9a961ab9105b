import type { WebhookTask } from '../../shared/contracts/webhook-task.ts';
import type { WebhookEndpoint, WebhookSecrets } from '../../shared/domain/webhook-endpoint.ts';
import type { CallbackHostStore } from '../../shared/store/control-callback-hosts.ts';
import type { WebhookStore } from '../../shared/store/control-webhooks.ts';
import { type CallbackRules, checkCallbackUrl } from '../../shared/webhooks/callback.ts';

export interface TargetDependencies {
  endpoints: Pick<WebhookStore, 'get' | 'list' | 'change' | 'recordAttempt'>;
  callbackHosts: Pick<CallbackHostStore, 'get' | 'change'>;
  callbackSecrets: { get: () => Promise<WebhookSecrets> };
  callbackRules: CallbackRules;
}

/** Where a delivery goes, and where what it shows of that is written down. */
export type Target =
  | { kind: 'found'; endpoint: WebhookEndpoint; endpoints: Omit<TargetDependencies['endpoints'], 'get'> }
  | { kind: 'deleted' }
  /** Allowed when the message was accepted, and not any more. */
  | { kind: 'not_allowed' };

export async function targetOf(task: WebhookTask, dependencies: TargetDependencies): Promise<Target> {
  if (task.callback !== undefined) return await callbackTarget(task, task.callback.url, dependencies);
  const endpoint = await dependencies.endpoints.get(task.endpoint_id);
  return endpoint === undefined ? { kind: 'deleted' } : { kind: 'found', endpoint, endpoints: dependencies.endpoints };
}

/** The host of a callback stands for an endpoint: it is slowed down and disabled as one, whatever paths messages name on it. */
async function callbackTarget(
  { endpoint_id: endpointId }: WebhookTask,
  written: string,
  { endpoints, callbackHosts, callbackSecrets, callbackRules }: TargetDependencies,
): Promise<Target> {
  const checked = checkCallbackUrl(written, callbackRules);
  if (checked.kind === 'refused') return { kind: 'not_allowed' };
  const [health, secrets] = await Promise.all([callbackHosts.get(endpointId), callbackSecrets.get()]);
  const base = { ...secrets, url: checked.url, createdAt: 0 };
  return {
    kind: 'found',
    endpoint: { ...base, ...health },
    endpoints: {
      list: async () => await endpoints.list(),
      recordAttempt: async (attempt) => await endpoints.recordAttempt(attempt),
      change: async (...change) => {
        const changed = await callbackHosts.change(...change);
        return changed && { ...base, ...changed };
      },
    },
  };
}

/** An address as others may be told of it: that of a callback may hold a token. */
export function toldUrl({ callback }: WebhookTask, { url }: WebhookEndpoint): string {
  return callback === undefined ? url : new URL(url).origin;
}
