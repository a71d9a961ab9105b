import type * as z from 'zod';
import {
  createdWebhookEndpointSchema,
  webhookEndpointPatchSchema,
  webhookEndpointRequestSchema,
  webhookEndpointSchema,
  webhookRotationSchema,
} from '../webhook-endpoint.ts';
import { component, type Operation } from './operation.ts';
import { pageOf } from './page.ts';
import { webhookAttemptOperations } from './webhook-attempts.ts';

const ENDPOINT: z.input<typeof webhookEndpointSchema> = {
  id: 'we_01M82AE4Q5EVH56SJP2SR34MJK',
  url: 'https://example.com/sms-events',
  description: 'delivery states',
  events: ['message.delivered', 'message.undelivered', 'batch.*'],
  enabled: true,
  disabled_at: null,
  disabled_reason: null,
  created_at: '2026-11-22T19:06:27.941Z',
};

const FIELDS = {
  id: 'Made by us.',
  url: 'Where events are posted to.',
  description: 'What it is for.',
  events: 'What it is sent: types of events, all of a kind such as `message.*`, or `*`.',
  enabled: 'Whether anything is sent to it.',
  disabled_at: 'Since when nothing is.',
  disabled_reason:
    '`by_request`: through the API. `gone`: it answered 410. `failing`: nothing got through to it for days.',
  created_at: 'When it was made.',
};

const endpoint = component('WebhookEndpoint', webhookEndpointSchema, {
  description: 'An address to which events are posted.',
  fields: FIELDS,
  example: ENDPOINT,
});

const createdEndpoint = component('CreatedWebhookEndpoint', createdWebhookEndpointSchema, {
  description: 'An endpoint that was just made, with its secret.',
  fields: { ...FIELDS, secret: 'Signs every delivery, after Standard Webhooks. Shown in this answer alone.' },
  example: { ...ENDPOINT, secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDL6pUs3DnwyA=' },
});

const endpointRequest = component('CreateWebhookEndpointRequest', webhookEndpointRequestSchema, {
  description: 'An endpoint to make.',
  fields: {
    url: '`https` only, and no private address.',
    description: 'What it is for.',
    events: 'What to send: types of events, or all of a kind such as `message.*`. Without it, all.',
  },
  example: { url: 'https://example.com/sms-events', description: 'delivery states', events: ['message.*'] },
});

const endpointPatch = component('ChangeWebhookEndpointRequest', webhookEndpointPatchSchema, {
  description: 'What to change of an endpoint; what is not named stays.',
  fields: {
    url: '`https` only, and no private address.',
    description: 'What it is for; `null` removes it.',
    events: 'What to send, in place of what was.',
    enabled:
      '`false` stops it, and changes nothing where it is stopped; `true` starts it again, also where it was disabled because it failed.',
  },
  example: { events: ['message.delivered'], enabled: true },
});

const endpointRotation = component('RotateWebhookEndpointRequest', webhookRotationSchema, {
  description: 'How to rotate the secret of an endpoint.',
  fields: { grace_seconds: 'For how long the old secret signs as well; 0 ends it now. At most 30 days.' },
  example: { grace_seconds: 3600 },
});

const endpointPage = pageOf('WebhookEndpointPage', webhookEndpointSchema, {
  description: 'All endpoints.',
  example: ENDPOINT,
});

export const webhookComponents = [endpoint];

const TAG = 'Webhook endpoints';

export const webhookOperations: readonly Operation[] = [
  {
    id: 'createWebhookEndpoint',
    route: 'POST /v1/webhook-endpoints',
    tag: TAG,
    summary: 'Create an endpoint',
    description:
      'Every event that it asks for is posted to it, signed after Standard Webhooks 1.0.0: `webhook-id`, `webhook-timestamp` and `webhook-signature`. Any 2xx answer within 15 seconds takes it; else it is tried again for days.',
    scopes: ['webhooks'],
    body: endpointRequest,
    answers: { 201: { description: 'The endpoint with its secret, shown this once.', body: createdEndpoint } },
    errors: ['invalid_webhook_url', 'too_many_endpoints'],
  },
  {
    id: 'listWebhookEndpoints',
    route: 'GET /v1/webhook-endpoints',
    tag: TAG,
    summary: 'List endpoints',
    description: 'All of them, without their secrets.',
    scopes: ['webhooks'],
    answers: { 200: { description: 'The endpoints.', body: endpointPage } },
    errors: [],
  },
  {
    id: 'getWebhookEndpoint',
    route: 'GET /v1/webhook-endpoints/{id}',
    tag: TAG,
    summary: 'Get an endpoint',
    description: 'As it stands, without its secrets.',
    scopes: ['webhooks'],
    answers: { 200: { description: 'The endpoint.', body: endpoint } },
    errors: [],
  },
  {
    id: 'changeWebhookEndpoint',
    route: 'PATCH /v1/webhook-endpoints/{id}',
    tag: TAG,
    summary: 'Change an endpoint',
    description: 'It holds from the next event on; deliveries under way go to the new address.',
    scopes: ['webhooks'],
    body: endpointPatch,
    answers: { 200: { description: 'The endpoint as it is now.', body: endpoint } },
    errors: ['invalid_webhook_url'],
  },
  {
    id: 'deleteWebhookEndpoint',
    route: 'DELETE /v1/webhook-endpoints/{id}',
    tag: TAG,
    summary: 'Delete an endpoint',
    description: 'What still waits for it is dropped.',
    scopes: ['webhooks'],
    answers: { 204: { description: 'It is gone.' } },
    errors: [],
  },
  {
    id: 'rotateWebhookEndpoint',
    route: 'POST /v1/webhook-endpoints/{id}/rotate',
    tag: TAG,
    summary: 'Rotate the secret of an endpoint',
    description:
      'A new secret. Deliveries are signed with both for a while longer, each signature in `webhook-signature` after a space, so that receivers can change over.',
    scopes: ['webhooks'],
    body: endpointRotation,
    bodyOptional: true,
    answers: { 200: { description: 'The endpoint with its new secret, shown this once.', body: createdEndpoint } },
    errors: ['not_rotatable'],
  },
  ...webhookAttemptOperations,
];
