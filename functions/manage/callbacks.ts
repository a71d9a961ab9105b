import type * as z from 'zod';
import {
  callbackEnableSchema,
  type callbacksSchema,
  presentCallbackHost,
  type rotatedCallbacksSchema,
} from '../../shared/contracts/callback.ts';
import { webhookRotationSchema } from '../../shared/contracts/webhook-endpoint.ts';
import { newWebhookSecret } from '../../shared/domain/webhook-endpoint.ts';
import type { CallbackHostStore } from '../../shared/store/control-callback-hosts.ts';
import type { CallbackSecretStore } from '../../shared/store/control-callback-secret.ts';
import type { HttpAnswer, HttpCall } from '../middleware/api-event.ts';
import { parseBody } from '../middleware/check.ts';
import { notRotatable, oldSecretsAfter } from './webhook-rotation.ts';

export interface CallbackDependencies {
  callbackHosts: Pick<CallbackHostStore, 'list' | 'forget'>;
  callbackSecrets: Pick<CallbackSecretStore, 'get' | 'replace'>;
  /** As they are configured. */
  allowedHosts: readonly string[];
  /** Epoch milliseconds. */
  now: () => number;
  randomBytes: (octets: number) => Buffer;
}

/** `GET /v1/callbacks`: where they may go, and the hosts with which something is wrong. */
export async function showCallbacks(
  _call: HttpCall,
  { callbackHosts, allowedHosts }: CallbackDependencies,
): Promise<HttpAnswer> {
  const hosts = await callbackHosts.list();
  const body: z.output<typeof callbacksSchema> = {
    allowed_hosts: [...allowedHosts],
    hosts: hosts.map(presentCallbackHost),
  };
  return { status: 200, body };
}

/** `POST /v1/callbacks/enable`: what was wrong with a host is forgotten. Asking again is no error. */
export async function enableCallbackHost(
  { body }: HttpCall,
  { callbackHosts }: CallbackDependencies,
): Promise<HttpAnswer> {
  const { host } = parseBody(callbackEnableSchema, body);
  await callbackHosts.forget(`cb_${host.toLowerCase()}`);
  return { status: 204 };
}

/** `POST /v1/callbacks/rotate`: a new secret, shown this once; those before it sign for a while longer. @throws Refusal */
export async function rotateCallbacks(
  { body }: HttpCall,
  { callbackSecrets, now, randomBytes }: CallbackDependencies,
): Promise<HttpAnswer> {
  const { grace_seconds: graceSeconds } = parseBody(webhookRotationSchema, body ?? {});
  const seen = await callbackSecrets.get();
  const at = now();
  const oldSecrets = oldSecretsAfter(seen, { now: at, until: at + graceSeconds * 1_000 });
  const secret = newWebhookSecret(randomBytes);
  if (!(await callbackSecrets.replace(seen, { secret, oldSecrets })))
    throw notRotatable('it was rotated at the same moment');
  const rotated: z.output<typeof rotatedCallbacksSchema> = { secret };
  return { status: 200, body: rotated };
}
