import * as z from 'zod';
import { DISABLED_REASONS, type WebhookEndpoint } from '../domain/webhook-endpoint.ts';
import { eventMetadata } from './event-metadata.ts';
import { isoTime, optionalTime } from './message.ts';

const time = z.iso.datetime({ precision: 3 });

/** `detail` of `webhook_endpoint.disabled` on the bus: nothing is sent to an endpoint any more, and nobody asked for that. */
export const endpointEventSchema = z.strictObject({
  /** Each stands by itself, and endpoints belong to no account. */
  metadata: eventMetadata('bindery.webhook_endpoint').extend({
    sequence: z.literal(1),
    account: z.null(),
    test: z.literal(false),
  }),
  data: z.strictObject({
    webhook_endpoint_id: z.string(),
    url: z.string(),
    reason: z.enum(DISABLED_REASONS),
    /** The first failure since anything got through, or since two days without an attempt. */
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
