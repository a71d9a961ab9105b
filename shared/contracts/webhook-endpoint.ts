import * as z from 'zod';
import { EVENT_FILTERS } from '../domain/event-type.ts';
import { DISABLED_REASONS, type WebhookEndpoint } from '../domain/webhook-endpoint.ts';
import { isoTime, optionalTime } from './message.ts';

const url = z.string().min(1).max(2048);
const description = z.string().max(200);
const events = z.array(z.enum(EVENT_FILTERS)).min(1).max(EVENT_FILTERS.length);

/** The body of `POST /v1/webhook-endpoints`. Which addresses are allowed is checked after it. */
export const webhookEndpointRequestSchema = z.strictObject({
  url,
  description: description.optional(),
  /** Types of events, or all of a kind such as `message.*`; without it, all. */
  events: events.optional(),
});

/** The body of `PATCH /v1/webhook-endpoints/{id}`: what is not named stays. */
export const webhookEndpointPatchSchema = z.strictObject({
  url: url.optional(),
  description: description.nullable().optional(),
  events: events.optional(),
  enabled: z.boolean().optional(),
});
export type WebhookEndpointPatch = z.output<typeof webhookEndpointPatchSchema>;

const DAY_SECONDS = 86_400;

/** The body of `POST /v1/webhook-endpoints/{id}/rotate`; it may be left out. */
export const webhookRotationSchema = z.strictObject({
  /** For so long the secrets that it has had sign as well, seconds; 0 ends them now. */
  grace_seconds: z
    .int()
    .min(0)
    .max(30 * DAY_SECONDS)
    .default(DAY_SECONDS),
});

/** An endpoint as the API shows it. */
export const webhookEndpointSchema = z.strictObject({
  id: z.string(),
  url: z.string(),
  description: z.string().nullable(),
  events: z.array(z.enum(EVENT_FILTERS)),
  enabled: z.boolean(),
  disabled_at: z.iso.datetime({ precision: 3 }).nullable(),
  disabled_reason: z.enum(DISABLED_REASONS).nullable(),
  created_at: z.iso.datetime({ precision: 3 }),
});
/** The answer that creates an endpoint, and the only one with its secret. */
export const createdWebhookEndpointSchema = webhookEndpointSchema.extend({ secret: z.string() });
export type PresentedWebhookEndpoint = z.output<typeof webhookEndpointSchema>;

export function presentWebhookEndpoint(endpoint: WebhookEndpoint): PresentedWebhookEndpoint {
  return {
    id: endpoint.endpointId,
    url: endpoint.url,
    description: endpoint.description ?? null,
    events: endpoint.events ?? ['*'],
    enabled: endpoint.disabled === undefined,
    disabled_at: optionalTime(endpoint.disabled?.at),
    disabled_reason: endpoint.disabled?.reason ?? null,
    created_at: isoTime(endpoint.createdAt),
  };
}
