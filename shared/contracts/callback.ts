import * as z from 'zod';
import { DISABLED_REASONS, type WebhookEndpoint } from '../domain/webhook-endpoint.ts';
import { optionalTime } from './message.ts';

const time = z.iso.datetime({ precision: 3 });

/** A host with which something is or was wrong. */
export const callbackHostSchema = z.strictObject({
  /** With its port, where it has one of its own. */
  host: z.string(),
  enabled: z.boolean(),
  disabled_at: time.nullable(),
  disabled_reason: z.enum(DISABLED_REASONS).nullable(),
  /** The first failure since anything got through, or since two days without an attempt. */
  failing_since: time.nullable(),
  /** Nothing is sent before this; from then on one delivery at a time. */
  paused_until: time.nullable(),
});

/** The answer of `GET /v1/callbacks`. */
export const callbacksSchema = z.strictObject({
  allowed_hosts: z.array(z.string()),
  hosts: z.array(callbackHostSchema),
});

/** The body of `POST /v1/callbacks/enable`. */
export const callbackEnableSchema = z.strictObject({ host: z.string().min(1).max(260) });

/** The answer of `POST /v1/callbacks/rotate`, and the only one with the secret. */
export const rotatedCallbacksSchema = z.strictObject({ secret: z.string() });

type Health = Pick<WebhookEndpoint, 'endpointId' | 'disabled' | 'failingSince' | 'pausedUntil'>;

export function presentCallbackHost({ endpointId, disabled, failingSince, pausedUntil }: Health) {
  return {
    host: endpointId.slice('cb_'.length),
    enabled: disabled === undefined,
    disabled_at: optionalTime(disabled?.at),
    disabled_reason: disabled?.reason ?? null,
    failing_since: optionalTime(failingSince),
    paused_until: optionalTime(pausedUntil),
  } satisfies z.output<typeof callbackHostSchema>;
}
