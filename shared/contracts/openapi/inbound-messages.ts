import { inboundMessageListQuerySchema, inboundMessagePageSchema } from '../inbound-message.ts';
import { component, type Operation } from './operation.ts';
import { PAGE_FIELDS } from './page.ts';

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

const page = component('InboundMessagePage', inboundMessagePageSchema, {
  description: 'A page of inbound messages, newest first.',
  fields: {
    ...PAGE_FIELDS,
    'data.id': 'Made by us; sorts by time.',
    'data.account': "The operator's account to which it came.",
    'data.from': 'E.164, or as the operator wrote it where it is no mobile number of ours.',
    'data.to': 'The number or sender id to which it was sent.',
    'data.text': 'Only with the scope `messages:read_body`; `null` where it is no text.',
    'data.encoding': 'What came over the air.',
    'data.part': 'A long message comes in parts, each of which stands here by itself; `null` where it is whole.',
    'data.part.reference': 'The same in all parts of one message from one sender.',
    'data.part.index': 'Its place among them, from 1.',
    'data.part.total': 'How many there are.',
    'data.created_at': 'When it was received.',
  },
  example: {
    data: [
      {
        id: 'in_01M82AE4Q5EVH56SJP2SR34MJK',
        account: 'smpp-asia',
        from: '+639171234567',
        to: 'BINDERY',
        text: 'STOP',
        encoding: 'gsm7',
        part: null,
        created_at: '2026-11-22T19:06:27.941Z',
      },
    ],
    has_more: false,
    next_cursor: null,
  },
});

export const inboundOperations: readonly Operation[] = [
  {
    id: 'listInboundMessages',
    route: 'GET /v1/inbound-messages',
    tag: 'Inbound messages',
    summary: 'List inbound messages',
    description: 'Newest first. A key sees the messages of its account only.',
    scopes: ['messages:read'],
    query: listQuery,
    answers: { 200: { description: 'A page of inbound messages.', body: page } },
    errors: ['invalid_number', 'landline_number', 'unsupported_country'],
  },
];
