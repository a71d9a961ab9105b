import { batchListQuerySchema } from '../batch.ts';
import { batchDefaultsSchema, batchItemSchema, batchRequestSchema } from '../batch-request.ts';
import { batch, batchPage, createdBatch } from './batch.ts';
import { component, type Operation } from './operation.ts';

const ITEM_FIELDS = {
  from: 'The sender id.',
  text: 'May have places such as `{{name}}`. For a real `{{`, use a variable that has it as its value.',
  encoding: 'As for a single message.',
  smart_encoding: 'As for a single message.',
  metadata: 'Your own names and values, at most 20, given back in answers and events.',
  status_callback_url: 'As for a single message.',
};

const defaults = component('BatchDefaults', batchDefaultsSchema, {
  description: 'What all items share that do not say otherwise.',
  fields: { ...ITEM_FIELDS, variables: 'Values for whatever text uses them.' },
});

const item = component('BatchItem', batchItemSchema, {
  description: 'One message of a batch.',
  fields: {
    to: 'A Philippine mobile number in any form.',
    ...ITEM_FIELDS,
    client_ref: 'Your own reference, given back in answers and events.',
    variables: 'Values for the text; each must be used in it. They go before those of the defaults.',
  },
});

const request = component('CreateBatchRequest', batchRequestSchema, {
  description: 'Up to 1,000 messages through one lane. The body may have two megabytes.',
  fields: {
    lane: 'The lane of all messages.',
    speed_limit:
      'Most segments in any second or minute; without it, as fast as the lane. An item that lives for less long than it would wait for its turn is refused.',
    'speed_limit.segments': 'How many; at most 1,000 a second.',
    'speed_limit.per': 'In what time.',
    send_at: 'When the first message may go, with its offset, at most 35 days ahead; without it, at once.',
    ttl_seconds: "For how long its messages may be sent, from its start; without it, the lane's default.",
    client_ref: 'Your own reference of the batch.',
    defaults: 'What all items share that do not say otherwise.',
    items: 'The messages.',
  },
  example: {
    client_ref: 'november-sale',
    speed_limit: { segments: 5, per: 'second' },
    defaults: { from: 'BINDERY', text: 'Hi {{name}}, the sale ends tonight.', variables: { name: 'friend' } },
    items: [{ to: '0917 123 4567', variables: { name: 'Ana' } }, { to: '02 8456 7890' }],
  },
});

const listQuery = component('ListBatchesQuery', batchListQuerySchema, {
  description: 'Filters of a list of batches.',
  fields: {
    limit: 'How many batches a page has at most: 1 to 200.',
    cursor: '`next_cursor` of the page before, with the same filters.',
    account: 'Batches of this account.',
  },
});

export const batchRequestComponents = [defaults, item];

const TAG = 'Batches';
const SEND = ['messages:send', 'messages:send:otp'] as const;
const READ = ['messages:read', 'messages:read_masked'] as const;

export const batchOperations: readonly Operation[] = [
  {
    id: 'createBatch',
    route: 'POST /v1/batches',
    tag: TAG,
    summary: 'Send a batch',
    description:
      'Each item is accepted or refused by itself, with the codes of a single message. What is accepted waits outside the queue and is put into its lane a few seconds ahead, so that a batch delays others little and can be stopped at any time.\n\nGive an `Idempotency-Key`, and a request that is repeated sends nothing twice. List its messages with `GET /v1/messages?batch=…`.',
    scopes: SEND,
    body: request,
    answers: { 202: { description: 'Accepted, as far as `items` says.', body: createdBatch } },
    errors: ['account_not_allowed', 'invalid_send_at'],
  },
  {
    id: 'listBatches',
    route: 'GET /v1/batches',
    tag: TAG,
    summary: 'List batches',
    description: 'Newest first, without counters. A key sees the batches of its account only.',
    scopes: READ,
    query: listQuery,
    answers: { 200: { description: 'A page of batches.', body: batchPage } },
    errors: [],
  },
  {
    id: 'getBatch',
    route: 'GET /v1/batches/{id}',
    tag: TAG,
    summary: 'Get a batch',
    description: 'The batch, with counters of where its messages stand at this moment.',
    scopes: READ,
    answers: { 200: { description: 'The batch.', body: batch } },
    errors: [],
  },
  {
    id: 'pauseBatch',
    route: 'POST /v1/batches/{id}/pause',
    tag: TAG,
    summary: 'Pause a batch',
    description:
      'Within a second or two nothing of it goes to the operator any more. The life of its messages goes on. Pausing it again is no error.',
    scopes: SEND,
    answers: { 200: { description: 'The paused batch.', body: batch } },
    errors: ['batch_over'],
  },
  {
    id: 'resumeBatch',
    route: 'POST /v1/batches/{id}/resume',
    tag: TAG,
    summary: 'Resume a batch',
    description: 'It goes on where it was paused. Resuming one that is running is no error.',
    scopes: SEND,
    answers: { 200: { description: 'The running batch.', body: batch } },
    errors: ['batch_over'],
  },
  {
    id: 'cancelBatch',
    route: 'POST /v1/batches/{id}/cancel',
    tag: TAG,
    summary: 'Cancel a batch',
    description:
      'What the operator has not been given never goes to it. Its messages are canceled within seconds, each with an event; the counters say how far that is. Canceling it again is no error.',
    scopes: SEND,
    answers: { 200: { description: 'The canceled batch.', body: batch } },
    errors: ['batch_over'],
  },
];
