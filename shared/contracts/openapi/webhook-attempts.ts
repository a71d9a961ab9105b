import {
  attemptListQuerySchema,
  attemptSchema,
  endpointTestSchema,
  replayRequestSchema,
  replaySchema,
} from '../webhook-attempt.ts';
import { component, type Operation } from './operation.ts';
import { PAGE_FIELDS, pageOf } from './page.ts';

export const attemptListQuery = component('ListWebhookAttemptsQuery', attemptListQuerySchema, {
  description: 'Filters of a list of attempts.',
  fields: {
    limit: 'How many attempts a page has at most: 1 to 200.',
    cursor: '`next_cursor` of the page before, with the same filters.',
    created_after: 'Made at this time or later.',
    created_before: 'Made before this time, and not at it.',
  },
});

export const attemptPage = {
  ...pageOf('WebhookAttemptPage', attemptSchema, {
    description: 'A page of attempts, newest first.',
    example: {
      event_id: 'evt_01M82AE4Q5EVH56SJP2SR34MJK_3',
      number: 1,
      at: '2026-11-22T19:06:27.941Z',
      duration_ms: 87,
      delivered: true,
      is_last: true,
      http_status: 204,
      reason: null,
    },
  }),
  fields: {
    ...PAGE_FIELDS,
    'data.event_id': '`webhook-id` of the delivery.',
    'data.number': 'Of this delivery, from 1.',
    'data.at': 'When it was made.',
    'data.duration_ms': 'Until the answer, or until it was given up.',
    'data.delivered': 'Whether the answer was a 2xx.',
    'data.is_last': 'Whether no other follows. What ended undelivered can be replayed.',
    'data.http_status': 'Of the answer; `null` where none came.',
    'data.reason': 'Why no answer came, or why it was not tried.',
  },
};

const tested = component('WebhookEndpointTest', endpointTestSchema, {
  description: 'A test that is on its way.',
  fields: { event_id: '`webhook-id` of the test; look for it among the attempts.' },
  example: { event_id: 'evt_01M82AE4Q5EVH56SJP2SR34MJK_1' },
});

const replayRequest = component('ReplayWebhooksRequest', replayRequestSchema, {
  description: 'What to send again: one event, or what came to its end in a stretch of time.',
  fields: {
    event_id: 'One event. Give this, or `from` and `to`.',
    from: 'Deliveries that ended at this time or later.',
    to: 'Deliveries that ended before this time.',
    which: '`undelivered`: given up or dropped. `all`: what was delivered, too.',
    cursor: '`next_cursor` of the last answer, where it was not done.',
  },
  example: { from: '2026-11-22T00:00:00Z', to: '2026-11-23T00:00:00Z', which: 'undelivered' },
});

const replay = component('WebhookReplay', replaySchema, {
  description: 'How far a replay has come.',
  fields: {
    queued: 'Events that are on their way again.',
    gone: 'Events whose message is not kept any more.',
    done: 'Whether nothing is left. Where something is, ask again with `next_cursor`.',
    next_cursor: 'Where to go on; `null` where nothing is left.',
  },
  example: { queued: 42, gone: 0, done: true, next_cursor: null },
});

const TAG = 'Webhook endpoints';

export const webhookAttemptOperations: readonly Operation[] = [
  {
    id: 'listWebhookAttempts',
    route: 'GET /v1/webhook-endpoints/{id}/attempts',
    tag: TAG,
    summary: 'List attempts',
    description: 'Every try of the last 30 days, newest first, and every delivery that ended without one.',
    scopes: ['webhooks'],
    query: attemptListQuery,
    answers: { 200: { description: 'A page of attempts.', body: attemptPage } },
    errors: [],
  },
  {
    id: 'testWebhookEndpoint',
    route: 'POST /v1/webhook-endpoints/{id}/test',
    tag: TAG,
    summary: 'Send a test event',
    description: 'An event of the type `webhook_endpoint.test`, signed like any other and tried once.',
    scopes: ['webhooks'],
    answers: { 202: { description: 'The test is on its way.', body: tested } },
    errors: ['endpoint_disabled'],
  },
  {
    id: 'replayWebhooks',
    route: 'POST /v1/webhook-endpoints/{id}/replay',
    tag: TAG,
    summary: 'Send events again',
    description:
      'Each under its own `webhook-id`, so that a receiver knows what it has. An event tells the change as it was, and of the rest what is known today.',
    scopes: ['webhooks'],
    body: replayRequest,
    answers: { 200: { description: 'What was sent again by this request.', body: replay } },
    errors: ['endpoint_disabled', 'invalid_cursor'],
  },
];
