import * as z from 'zod';
import type { WebhookEndpoint } from '../domain/webhook-endpoint.ts';
import { isoTime } from './message.ts';

/** The body of `POST /v1/webhook-endpoints`. Which addresses are allowed is checked after it. */
export const webhookEndpointRequestSchema = z.strictObject({
  url: z.string().min(1).max(2048),
  description: z.string().max(200).optional(),
});

/** An endpoint as the API shows it. */
export const webhookEndpointSchema = z.strictObject({
  id: z.string(),
  url: z.string(),
  description: z.string().nullable(),
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
    created_at: isoTime(endpoint.createdAt),
  };
}
