import type * as z from 'zod';
import { inboundMessageListQuerySchema, inboundMessageSchema } from '../inbound-message.ts';
import { component, type Operation } from './operation.ts';
import { pageOf } from './page.ts';

const listQuery = component('ListInboundMessagesQuery', inboundMessageListQuerySchema, {
  description: 'Filters of a list of inbound messages.',
  fields: {
    limit: 'How many messages a page has at most: 1 to 200.',
    cursor: '`next_cursor` of the page before, with the same filters.',
    from: 'Messages from this subscriber; the number in any form.',
    to: 'Messages to this number or sender id.',
    account: 'Messages to this account.',
    created_after: 'Received at this time or later.',
    created_before: 'Received before this time, and not at it.',
  },
});

const FIELDS = {
  id: 'Made by us; sorts by time.',
  account: "The operator's account to which it came.",
  from: 'E.164, or as the operator wrote it where it is no mobile number of ours.',
  to: 'The number or sender id to which it was sent.',
  status:
    '`waiting`: some parts of it have not come yet. `complete`. `incomplete`: some did not come in time, and what came is given as it is.',
  text: 'Only with the scope `messages:read_body`; `null` where it is no text, or waits for parts. U+FFFD stands where parts are missing.',
  encoding: 'What came over the air; `ucs2` where parts differ; `null` while it waits for parts.',
  parts: 'A short message has one part.',
  'parts.received': 'How many have come.',
  'parts.total': 'How many there are.',
  created_at: 'When its first part was received.',
};

const EXAMPLE: z.output<typeof inboundMessageSchema> = {
  id: 'in_01M82AE4Q5EVH56SJP2SR34MJK',
  account: 'smpp-asia',
  from: '+639171234567',
  to: '21581234',
  status: 'complete',
  text: 'STOP',
  encoding: 'gsm7',
  parts: { received: 1, total: 1 },
  created_at: '2026-11-22T19:06:27.941Z',
};

export const inboundMessage = component('InboundMessage', inboundMessageSchema, {
  description: 'A message from a subscriber.',
  fields: FIELDS,
  example: EXAMPLE,
});

const page = pageOf('InboundMessagePage', inboundMessageSchema, {
  description: 'A page of inbound messages, newest first.',
  example: EXAMPLE,
});

export const inboundOperations: readonly Operation[] = [
  {
    id: 'listInboundMessages',
    route: 'GET /v1/inbound-messages',
    tag: 'Inbound messages',
    summary: 'List inbound messages',
    description:
      'Newest first, long ones as a whole. What waits for parts is listed, too. A key sees the messages of its account only.',
    scopes: ['messages:read'],
    query: listQuery,
    answers: { 200: { description: 'A page of inbound messages.', body: page } },
    errors: ['invalid_number', 'landline_number', 'unsupported_country'],
  },
  {
    id: 'getInboundMessage',
    route: 'GET /v1/inbound-messages/{id}',
    tag: 'Inbound messages',
    summary: 'Get an inbound message',
    description: 'The event `message.received` has its id, and not its text.',
    scopes: ['messages:read'],
    answers: { 200: { description: 'The message.', body: inboundMessage } },
    errors: ['not_found'],
  },
];
