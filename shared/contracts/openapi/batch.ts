import type * as z from 'zod';
import {
  acceptedItemSchema,
  batchPageSchema,
  batchSchema,
  batchSummarySchema,
  createdBatchSchema,
  refusedItemSchema,
} from '../batch.ts';
import { component } from './operation.ts';
import { PAGE_FIELDS } from './page.ts';

const SUMMARY: z.input<typeof batchSummarySchema> = {
  id: 'bat_01M82AE4Q5EVH56SJP2SR34MJK',
  status: 'running',
  status_at: '2026-11-22T19:06:27.941Z',
  lane: 'bulk',
  account: 'smpp-asia',
  client_ref: 'sale-november',
  speed_limit: { segments: 5, per: 'second' },
  total: 2,
  accepted: 1,
  refused: 1,
  segments: 1,
  created_at: '2026-11-22T19:06:27.941Z',
  starts_at: '2026-11-22T19:06:27.941Z',
  test: false,
};

const SUMMARY_FIELDS = {
  id: 'Made by us; sorts by time.',
  status: '`done` where all that was accepted has gone to the operator or come to its end. Receipts may still follow.',
  status_at: 'When the status became so.',
  lane: 'The lane of all its messages.',
  account: "The operator's account that they go through.",
  client_ref: 'Your own reference.',
  speed_limit: 'Most segments in any second or minute; `null` where it is as fast as its lane.',
  'speed_limit.segments': 'How many.',
  'speed_limit.per': 'In what time.',
  total: 'Items that it was given.',
  accepted: 'Items that became messages.',
  refused: 'Items that did not.',
  segments: 'Of the accepted items together.',
  created_at: 'When it was accepted.',
  starts_at: 'When its first message goes at the earliest.',
  test: 'Whether it was sent with a test key.',
};

const COUNTERS: z.input<typeof batchSchema>['counters'] = {
  waiting: 0,
  queued: 1,
  sent: 0,
  delivered: 0,
  undelivered: 0,
  failed: 0,
  expired: 0,
  canceled: 0,
  unknown: 0,
};

const FIELDS = {
  ...SUMMARY_FIELDS,
  counters: 'Where the messages of the accepted items stand; together they are those that were accepted.',
  'counters.waiting': 'Not yet in their lane.',
  'counters.queued': 'In their lane, or with the binder.',
  'counters.sent': 'Accepted by the operator.',
  'counters.delivered': 'Reported as delivered.',
  'counters.undelivered': 'Reported as not delivered.',
  'counters.failed': 'Never accepted by the operator.',
  'counters.expired': 'Not sent or not delivered in time.',
  'counters.canceled': 'Canceled before they were sent.',
  'counters.unknown': 'Without a final receipt.',
};

const acceptedItem = component('AcceptedBatchItem', acceptedItemSchema, {
  description: 'An item that became a message.',
  fields: {
    index: 'Its place in the request, from 0.',
    status: 'Always `accepted`.',
    id: 'Of its message.',
    client_ref: 'Your own reference.',
    segments: 'How many segments its text takes.',
    encoding: 'What goes over the air.',
  },
});

const refusedItem = component('RefusedBatchItem', refusedItemSchema, {
  description: 'An item that was refused. The others go their way.',
  fields: {
    index: 'Its place in the request, from 0.',
    status: 'Always `refused`.',
    client_ref: 'Your own reference.',
    code: 'What a single message would have been refused with.',
    errors: 'Everything that is wrong with it; pointers begin with `/items/`.',
  },
});

export const batch = component('Batch', batchSchema, {
  description: 'A batch, and where the messages of its accepted items stand.',
  fields: FIELDS,
  example: { ...SUMMARY, counters: COUNTERS },
});

const summary = component('BatchSummary', batchSummarySchema, {
  description: 'A batch as lists show it.',
  fields: SUMMARY_FIELDS,
  example: SUMMARY,
});

export const createdBatch = component('CreatedBatch', createdBatchSchema, {
  description: 'A batch that was just accepted, and what became of each of its items.',
  fields: {
    ...FIELDS,
    estimated_seconds:
      'How long it will take until its last message has gone to the operator, by what is measured now; `null` where nobody knows.',
    items: 'In the order of the request.',
  },
  example: {
    ...SUMMARY,
    counters: COUNTERS,
    estimated_seconds: 12,
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
        errors: [{ pointer: '/items/1/to', code: 'landline_number', detail: 'this is a landline' }],
      },
    ],
  },
});

export const batchPage = component('BatchPage', batchPageSchema, {
  description: 'A page of batches, newest first.',
  fields: PAGE_FIELDS,
  example: { data: [SUMMARY], has_more: false, next_cursor: null },
});

export const batchComponents = [summary, acceptedItem, refusedItem];
