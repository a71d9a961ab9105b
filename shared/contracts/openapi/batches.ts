import type * as z from 'zod';
import {
  acceptedItemSchema,
  batchCountersSchema,
  batchListQuerySchema,
  batchPageSchema,
  batchSchema,
  batchSummarySchema,
  createdBatchSchema,
  refusedItemSchema,
} from '../batch.ts';
import { batchDefaultsSchema, batchItemSchema, batchRequestSchema, speedLimitSchema } from '../batch-request.ts';
import { component, type Operation } from './operation.ts';
import { PAGE_FIELDS } from './page.ts';

const SUMMARY: z.input<typeof batchSummarySchema> = {
  id: 'bat_01M82AE4Q5EVH56SJP2SR34MJK',
  status: 'running',
  status_at: '2026-11-22T19:06:27.941Z',
  lane: 'bulk',
  account: 'smpp-asia',
  client_ref: 'november-sale',
  speed_limit: { segments: 5, per: 'second' },
  total: 2,
  accepted: 1,
  refused: 1,
  segments: 1,
  created_at: '2026-11-22T19:06:27.412Z',
  starts_at: '2026-11-22T19:06:27.412Z',
  test: false,
};

const BATCH: z.input<typeof batchSchema> = {
  ...SUMMARY,
  counters: {
    waiting: 1,
    queued: 0,
    sent: 0,
    delivered: 0,
    undelivered: 0,
    failed: 0,
    expired: 0,
    canceled: 0,
    unknown: 0,
  },
};

const SUMMARY_FIELDS = {
  id: 'Made by us; sorts by time.',
  status:
    '`done`: everything that was accepted has gone to the operator or come to its end; receipts may still follow. `done` and `canceled` stay.',
  status_at: 'When the status became so.',
  lane: 'The lane that its messages go through.',
  account: "The operator's account that they go through.",
  client_ref: 'Your own reference.',
  speed_limit: '`null` where it goes as fast as its lane.',
  total: 'How many items it was given.',
  accepted: 'How many of them became messages.',
  refused: 'How many of them did not.',
  segments: 'Of all accepted items together.',
  created_at: 'When it was accepted.',
  starts_at: 'When its first message goes at the earliest.',
  test: 'Whether it was sent with a test key, to the simulated message centre.',
};

const ITEM_FIELDS = {
  from: 'The sender id.',
  text: 'May have places such as `{{name}}`. For a real `{{`, use a variable that has it as its value.',
  encoding: 'As for a single message.',
  smart_encoding: 'As for a single message.',
  metadata: 'Your own names and values, at most 20, given back in answers and events.',
};

const speedLimit = component('SpeedLimit', speedLimitSchema, {
  description: 'Most segments in any second or minute.',
  fields: { segments: 'At most 1,000 a second.', per: 'What they are counted in.' },
});

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
    speed_limit: 'Without it, as fast as the lane.',
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

const counters = component('BatchCounters', batchCountersSchema, {
  description: 'Where the messages stand; together they are those that were accepted.',
  fields: {
    waiting: 'Not yet in their lane.',
    queued: 'In their lane, or just being sent.',
    sent: 'Accepted by the operator, without a final receipt yet.',
    delivered: 'Reported as delivered.',
    undelivered: 'Reported as not delivered.',
    failed: 'Never accepted by the operator.',
    expired: 'Their time ended before they were sent, or before the operator could deliver them.',
    canceled: 'Canceled before they were sent.',
    unknown: 'No final receipt came in time.',
  },
});

const summary = component('BatchSummary', batchSummarySchema, {
  description: 'A batch in a list.',
  fields: SUMMARY_FIELDS,
  example: SUMMARY,
});

const batch = component('Batch', batchSchema, {
  description: 'A batch as it stands.',
  fields: { ...SUMMARY_FIELDS, counters: 'Where the messages stand.' },
  example: BATCH,
});

const acceptedItem = component('AcceptedItem', acceptedItemSchema, {
  description: 'An item that became a message.',
  fields: {
    index: 'Its place in the request, from 0.',
    status: 'Always `accepted`.',
    id: 'Of the message.',
    client_ref: 'Your own reference.',
    segments: 'How many segments it takes.',
    encoding: 'What goes over the air.',
  },
});

const refusedItem = component('RefusedItem', refusedItemSchema, {
  description: 'An item that became none.',
  fields: {
    index: 'Its place in the request, from 0.',
    status: 'Always `refused`.',
    client_ref: 'Your own reference, where it could be read.',
    code: 'What a single message would have been refused with.',
    errors: 'Everything that is wrong with it; pointers begin with `/items/`.',
  },
});

const created = component('CreatedBatch', createdBatchSchema, {
  description: 'A batch that was accepted, and what became of each of its items.',
  fields: {
    ...SUMMARY_FIELDS,
    counters: 'Where the messages stand.',
    items: 'In the order of the request.',
  },
  example: {
    ...BATCH,
    items: [
      {
        index: 0,
        status: 'accepted',
        id: 'msg_01M82AE4Q5EVH56SJP2SR34MJM',
        client_ref: null,
        segments: 1,
        encoding: 'gsm7',
      },
      {
        index: 1,
        status: 'refused',
        client_ref: null,
        code: 'landline_number',
        errors: [{ pointer: '/items/1/to', code: 'landline_number', detail: 'it is a landline' }],
      },
    ],
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

const page = component('BatchPage', batchPageSchema, {
  description: 'A page of batches, newest first.',
  fields: PAGE_FIELDS,
  example: { data: [SUMMARY], has_more: false, next_cursor: null },
});

export const batchComponents = [speedLimit, defaults, item, counters, summary, batch, acceptedItem, refusedItem];

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
    answers: { 202: { description: 'Accepted, as far as `items` says.', body: created } },
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
    answers: { 200: { description: 'A page of batches.', body: page } },
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
