import { callbackEnableSchema, callbackHostSchema, callbacksSchema, rotatedCallbacksSchema } from '../callback.ts';
import { webhookRotationSchema } from '../webhook-endpoint.ts';
import { component, type Operation } from './operation.ts';
import { attemptListQuery, attemptPage } from './webhook-attempts.ts';

const host = component('CallbackHost', callbackHostSchema, {
  description:
    'A host with which something is or was wrong. It is slowed down and disabled by itself, as an endpoint is.',
  fields: {
    host: 'With its port, where it has one of its own.',
    enabled: 'Whether anything is sent to it.',
    disabled_at: 'Since when nothing is.',
    disabled_reason: '`failing`: nothing got through to it for days.',
    failing_since: 'The first failure since anything got through, or since two days without an attempt.',
    paused_until: 'Nothing is sent before this; from then on one delivery at a time.',
  },
});

const callbacks = component('Callbacks', callbacksSchema, {
  description: 'Where the status of single messages may be posted to.',
  fields: {
    allowed_hosts:
      'As they are configured; `*.example.com` stands for every name below it. Empty: there are no callbacks.',
    hosts: 'Those with which something is or was wrong.',
  },
  example: { allowed_hosts: ['hooks.example.com'], hosts: [] },
});

const enableRequest = component('EnableCallbackHostRequest', callbackEnableSchema, {
  description: 'A host to send to again.',
  fields: { host: 'As it is listed.' },
  example: { host: 'hooks.example.com' },
});

const rotation = component('RotateCallbacksRequest', webhookRotationSchema, {
  description: 'How to rotate the secret of callbacks.',
  fields: { grace_seconds: 'For how long the old secret signs as well; 0 ends it now. At most 30 days.' },
  example: { grace_seconds: 3600 },
});

const rotated = component('CallbackSecret', rotatedCallbacksSchema, {
  description: 'The secret of callbacks.',
  fields: { secret: 'Signs every callback, after Standard Webhooks. Shown in this answer alone.' },
  example: { secret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDL6pUs3DnwyA=' },
});

export const callbackComponents = [host];

const TAG = 'Callbacks';

export const callbackOperations: readonly Operation[] = [
  {
    id: 'getCallbacks',
    route: 'GET /v1/callbacks',
    tag: TAG,
    summary: 'Show callbacks',
    description: 'Where callbacks may go, and the hosts with which something is wrong.',
    scopes: ['webhooks'],
    answers: { 200: { description: 'The hosts.', body: callbacks } },
    errors: [],
  },
  {
    id: 'enableCallbackHost',
    route: 'POST /v1/callbacks/enable',
    tag: TAG,
    summary: 'Enable a host',
    description: 'What was wrong with it is forgotten. Deliveries that it missed are not made up for.',
    scopes: ['webhooks'],
    body: enableRequest,
    answers: { 204: { description: 'It is sent to again.' } },
    errors: [],
  },
  {
    id: 'rotateCallbacks',
    route: 'POST /v1/callbacks/rotate',
    tag: TAG,
    summary: 'Rotate the secret of callbacks',
    description:
      'One secret signs the callbacks of the whole deployment. It is made by itself, and this is how to get to know one. Callbacks are signed with both for a while longer, so that receivers can change over.',
    scopes: ['webhooks'],
    body: rotation,
    bodyOptional: true,
    answers: { 200: { description: 'The new secret, shown this once.', body: rotated } },
    errors: ['not_rotatable'],
  },
  {
    id: 'listCallbackAttempts',
    route: 'GET /v1/messages/{id}/callback-attempts',
    tag: TAG,
    summary: 'List attempts of a message',
    description: 'Every try of the last 30 days to post to the `status_callback_url` of a message, newest first.',
    scopes: ['messages:read'],
    query: attemptListQuery,
    answers: { 200: { description: 'A page of attempts.', body: attemptPage } },
    errors: [],
  },
];
