import { readWebhookUrl } from './url.ts';

/** Where the status of single messages may be posted to. */
export interface CallbackRules {
  /** Names, exact or `*.example.com`, which stands for every name below it and not for itself. */
  hosts: readonly string[];
  /** Only on one machine. */
  loopbackAllowed: boolean;
}

export type CheckedCallbackUrl =
  | { kind: 'ok'; url: string }
  | {
      kind: 'refused';
      code: 'callbacks_not_enabled' | 'callback_host_not_allowed' | 'invalid_webhook_url';
      detail: string;
    };

/** Whoever may send names this address, so that its host must have been allowed by whoever deploys; besides, as for endpoints. */
export function checkCallbackUrl(written: string, rules: CallbackRules): CheckedCallbackUrl {
  if (rules.hosts.length === 0 && !rules.loopbackAllowed)
    return { kind: 'refused', code: 'callbacks_not_enabled', detail: 'no host is allowed in this deployment' };
  const read = readWebhookUrl(written, rules);
  if (read.kind === 'refused') return { ...read, code: 'invalid_webhook_url' };
  const { url, isLocal } = read;
  // Only names are ever allowed: an address in place of one is refused here, and what a name leads to when it is called.
  if (isLocal || rules.hosts.some((allowed) => stands(allowed, url.hostname))) return { kind: 'ok', url: url.href };
  return { kind: 'refused', code: 'callback_host_not_allowed', detail: 'its host is not among those that are allowed' };
}

function stands(allowed: string, host: string): boolean {
  return allowed.startsWith('*.') ? host.endsWith(allowed.slice(1)) : host === allowed;
}

/** By which the host of a callback is known where endpoints are by their id; ports count, for they are different programs. */
export function callbackHostId(url: string): string {
  return `cb_${new URL(url).host}`;
}
