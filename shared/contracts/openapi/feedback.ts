import {
  feedbackRequestSchema,
  messageFeedbackSchema,
  senderUsageListSchema,
  senderUsageQuerySchema,
  senderUsageSchema,
} from '../feedback.ts';
import { component, type Operation } from './operation.ts';

const request = component('MessageFeedbackRequest', feedbackRequestSchema, {
  description: 'What a message led to.',
  fields: {
    outcome:
      '`converted`: it did what it was for; a one-time password was used. `not_converted`: it did not, in its time.',
    at: 'When that was known; without it, now.',
  },
  example: { outcome: 'converted' },
});

const feedback = component('MessageFeedback', messageFeedbackSchema, {
  description: 'What stands with the message now.',
  fields: { message_id: 'The message.', outcome: 'What it led to.', at: 'When that was known, as it was said first.' },
  example: { message_id: 'msg_01M82AE4Q5EVH56SJP2SR34MJK', outcome: 'converted', at: '2026-11-22T19:07:02.000Z' },
});

const query = component('ListSenderUsageQuery', senderUsageQuerySchema, {
  description: 'Which month.',
  fields: { month: 'Such as `2026-11`; without it, the present one.', account: 'Only this account.' },
});

const senderUsage = component('SenderUsage', senderUsageSchema, {
  description: 'What became of the messages of one sender id in one lane, accepted in one month.',
  fields: {
    account: 'The account.',
    month: 'By its clocks.',
    lane: 'The lane.',
    from: 'The sender id; `null` for all that came after the first two hundred.',
    sent: 'Handed to the operator.',
    delivered: 'Delivered, as the operator says in its receipts.',
    converted: 'With the feedback `converted`.',
    not_converted: 'With the feedback `not_converted`.',
    delivery_rate: 'Delivered of those sent, 0 to 1; `null` where none was.',
    conversion_rate:
      'Converted of those sent, 0 to 1. One that falls while `delivery_rate` stays says that receipts are false.',
  },
});

const senderUsageList = component('SenderUsageList', senderUsageListSchema, {
  description: 'By account, lane and sender id.',
  fields: {
    data: 'By account, lane and sender id.',
    has_more: 'Always `false`: it is one page.',
    next_cursor: 'Always `null`.',
  },
});

export const feedbackComponents = [senderUsage];

export const feedbackOperations: readonly Operation[] = [
  {
    id: 'giveFeedback',
    route: 'POST /v1/messages/{id}/feedback',
    tag: 'Messages',
    summary: 'Say what a message led to',
    description:
      'Receipts can be false; that a one-time password was used cannot. Each message counts once in `GET /v1/usage/senders`, and another outcome moves it. Saying the same again is no error.',
    scopes: ['messages:send', 'messages:send:otp'],
    body: request,
    answers: { 200: { description: 'What stands with the message now.', body: feedback } },
    errors: ['message_not_sent'],
  },
];

export const senderUsageOperations: readonly Operation[] = [
  {
    id: 'listSenderUsage',
    route: 'GET /v1/usage/senders',
    tag: 'Lanes and limits',
    summary: 'Show what became of messages by sender',
    description:
      'Sent, delivered by receipt and converted, by lane and sender id. Statistics: where a function dies while it counts, some messages may be counted twice or not at all.',
    scopes: ['messages:read'],
    query,
    answers: { 200: { description: 'By account, lane and sender id.', body: senderUsageList } },
    errors: [],
  },
];
