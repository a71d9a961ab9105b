import * as z from 'zod';
import { DISABLED_REASONS, type WebhookEndpoint } from '../domain/webhook-endpoint.ts';
import { isoTime, optionalTime } from './message.ts';

const time = z.iso.datetime({ precision: 3 });

/** `detail` of `webhook_endpoint.disabled` on the bus: nothing is sent to an endpoint any more, and nobody asked for that. */
export const endpointEventSchema = z.strictObject({
  metadata: z.strictObject({
    /** The same however often the event is repeated. */
    event_id: z.string(),
    schema: z.literal('bindery.webhook_endpoint'),
    schema_version: z.literal('1'),
    occurred_at: time,
    /** Each stands by itself. */
    sequence: z.literal(1),
    /** Endpoints belong to no account. */
    account: z.null(),
    stage: z.string(),
    test: z.literal(false),
  }),
  data: z.strictObject({
    webhook_endpoint_id: z.string(),
    url: z.string(),
    reason: z.enum(DISABLED_REASONS),
    /** Since when nothing got through. */
    failing_since: time.nullable(),
    disabled_at: time,
  }),
});

export interface TypedEndpointEvent {
  type: 'webhook_endpoint.disabled';
  detail: z.output<typeof endpointEventSchema>;
}

/** @throws TypeError where the endpoint is not disabled */
export function presentEndpointDisabled(
  { endpointId, url, disabled, failingSince }: WebhookEndpoint,
  stage: string,
): TypedEndpointEvent {
  if (disabled === undefined) throw new TypeError('an endpoint is announced as disabled and is not');
  return {
    type: 'webhook_endpoint.disabled',
    detail: {
      metadata: {
        event_id: `evt_${endpointId.slice('we_'.length)}_${disabled.at}`,
        schema: 'bindery.webhook_endpoint',
        schema_version: '1',
        occurred_at: isoTime(disabled.at),
        sequence: 1,
        account: null,
        stage,
        test: false,
      },
      data: {
        webhook_endpoint_id: endpointId,
        url,
        reason: disabled.reason,
        failing_since: optionalTime(failingSince),
        disabled_at: isoTime(disabled.at),
      },
    },
  };
}
