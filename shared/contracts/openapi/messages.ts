import { messageListQuerySchema, messagePageSchema } from '../message-list.ts';
import { dryRunSchema, offendingCharacterSchema, previewRequestSchema, previewSchema } from '../message-preview.ts';
import { messageRequestSchema } from '../message-request.ts';
import { MESSAGE, MESSAGE_FIELDS, message } from './message.ts';
import { component, type Operation } from './operation.ts';
import { PAGE_FIELDS } from './page.ts';

const REQUEST_FIELDS = {
  to: 'A Philippine mobile number in any form: `+639171234567`, `0917 123 4567`, `639171234567`.',
  from: 'The sender id: 3 to 11 letters, digits, `-`, `.` or `_`, not digits only.',
  text: 'At most 255 segments; the account may allow fewer.',
  lane: '`otp` for one-time passwords, `transactional` for what a person waits for, `bulk` for campaigns.',
  encoding: '`auto` takes GSM 7-bit where the text fits into it, else UCS-2. The others refuse what they cannot write.',
  smart_encoding:
    'Replaces quotes, dashes, ellipses and odd spaces by plain ones where that saves a segment; `with_peso` also ₱ by PHP. What was changed is reported.',
  send_at: 'When to send it, with its offset, at most 35 days ahead; without it, at once.',
  ttl_seconds:
    "For how long it may still be sent, from the time when it is to be sent; without it, the lane's default.",
  client_ref: 'Your own reference, given back in answers and events.',
  metadata: 'Your own names and values, at most 20, given back in answers and events.',
  status_callback_url:
    'Where each event of this message is posted to, besides the webhook endpoints. Its host must be allowed in the configuration (`callbackHosts`). It is not shown again.',
};

const messageRequest = component('SendMessageRequest', messageRequestSchema, {
  description: 'A message to send.',
  fields: {
    ...REQUEST_FIELDS,
    dry_run: 'Answers `200` with the message as it would be, and neither stores nor sends it.',
  },
  example: { to: '+639171234567', from: 'BINDERY', text: 'Your code is 493021', lane: 'otp', client_ref: 'login-8812' },
});

const messageListQuery = component('ListMessagesQuery', messageListQuerySchema, {
  description: 'Filters of a list of messages.',
  fields: {
    limit: 'How many messages a page has at most: 1 to 200.',
    cursor: '`next_cursor` of the page before, with the same filters.',
    status: 'Messages that have this status now.',
    lane: 'Messages of this lane.',
    to: 'Messages to this number, in any form. Needs the scope `messages:read`.',
    from: 'Messages with this sender id.',
    client_ref: 'Messages with this reference of yours.',
    batch: 'Messages of this batch.',
    account: 'Messages of this account.',
    created_after: 'Accepted at this time or later.',
    created_before: 'Accepted before this time, and not at it.',
  },
});

const messagePage = component('MessagePage', messagePageSchema, {
  description: 'A page of messages, newest first.',
  fields: PAGE_FIELDS,
  example: { data: [MESSAGE], has_more: false, next_cursor: null },
});

const previewRequest = component('PreviewMessageRequest', previewRequestSchema, {
  description: 'A message as it would be sent; `to` and `from` may be left out.',
  fields: REQUEST_FIELDS,
  example: { text: 'Kumusta! “Sale” ends tonight…', lane: 'bulk', smart_encoding: true },
});

const offendingCharacter = component('OffendingCharacter', offendingCharacterSchema, {
  description: 'A character, as a reader sees it, that GSM 7-bit lacks.',
  fields: { character: 'The character.', positions: 'UTF-16 indexes of each occurrence in `text`.' },
});

const preview = component('MessagePreview', previewSchema, {
  description: 'What would become of a message. Nothing is stored, counted or sent.',
  fields: {
    would_be_accepted: 'As far as the message itself goes: limits and quotas count when it is sent.',
    errors: 'Everything that it would be refused for.',
    account: 'The account that it would go through.',
    lane: 'The lane that it would go through.',
    to: 'E.164; `null` where it is no number that can be reached, or none was given.',
    from: 'The sender id; `null` where it is not valid, or none was given.',
    encoding: '`null` where the text cannot be written in the encoding that was asked for.',
    segments: 'How many segments it takes.',
    units: 'Septets (`gsm7`) or UTF-16 code units (`ucs2`) of the text.',
    outside_gsm7: 'Why a text is not `gsm7`: at most 20 characters.',
    smart_encoding: 'What smart encoding would change; `null` where it would gain nothing.',
    'smart_encoding.applied':
      'Whether it would be used for this message; the fields above then are of the text that it makes.',
    'smart_encoding.text': 'The text that it makes.',
    'smart_encoding.encoding': 'Of that text.',
    'smart_encoding.segments': 'Of that text.',
    'smart_encoding.replacements': 'In order of appearance.',
    send_at: 'When it would go to the operator at the earliest; `null` where at once.',
    estimated_wait_seconds: 'How long it would wait in its lane; `null` where that is not known.',
  },
  example: {
    would_be_accepted: true,
    errors: [],
    account: 'smpp-asia',
    lane: 'bulk',
    to: null,
    from: null,
    encoding: 'ucs2',
    segments: 1,
    units: 29,
    outside_gsm7: [
      { character: '“', positions: [9] },
      { character: '”', positions: [14] },
      { character: '…', positions: [28] },
    ],
    smart_encoding: null,
    send_at: null,
    estimated_wait_seconds: 12,
  },
});

const dryRun = component('DryRunMessage', dryRunSchema, {
  description: 'A message as it would be. It has no id, for it does not exist.',
  fields: { ...MESSAGE_FIELDS, id: 'Always `null`.' },
  example: { ...MESSAGE, id: null },
});

export const previewComponents = [offendingCharacter];

const CONTENT_CODES = [
  'invalid_number',
  'landline_number',
  'unsupported_country',
  'test_number',
  'invalid_sender_id',
  'sender_not_allowed',
  'empty_text',
  'text_not_encodable',
  'too_many_segments',
  'url_not_allowed',
  'invalid_send_at',
  'recipient_opted_out',
  'callbacks_not_enabled',
  'callback_host_not_allowed',
  'invalid_webhook_url',
] as const;

const TAG = 'Messages';

export const messageOperations: readonly Operation[] = [
  {
    id: 'sendMessage',
    route: 'POST /v1/messages',
    tag: TAG,
    summary: 'Send a message',
    description:
      'A `202` means that the message is stored and will go its way, whatever breaks afterwards. Give an `Idempotency-Key`, and a request that is repeated sends nothing twice.\n\nThe lane `otp` needs the scope `messages:send:otp`, the others `messages:send`.',
    scopes: ['messages:send', 'messages:send:otp'],
    body: messageRequest,
    answers: {
      200: { description: 'With `dry_run`: the message as it would be.', body: dryRun, when: { dry_run: true } },
      202: { description: 'Accepted: the message as it stands.', body: message },
    },
    errors: [
      'account_not_allowed',
      ...CONTENT_CODES,
      'quota_exceeded',
      'lane_full',
      'would_expire_in_queue',
      'operator_unavailable',
    ],
  },
  {
    id: 'listMessages',
    route: 'GET /v1/messages',
    tag: TAG,
    summary: 'List messages',
    description:
      'Newest first. A key sees the messages of its account only. The filter `to` needs the scope `messages:read`.',
    scopes: ['messages:read', 'messages:read_masked'],
    query: messageListQuery,
    answers: { 200: { description: 'A page of messages.', body: messagePage } },
    errors: ['invalid_number', 'landline_number', 'unsupported_country'],
  },
  {
    id: 'getMessage',
    route: 'GET /v1/messages/{id}',
    tag: TAG,
    summary: 'Get a message',
    description: 'The message with its timeline.',
    scopes: ['messages:read', 'messages:read_masked'],
    answers: { 200: { description: 'The message.', body: message } },
    errors: [],
  },
  {
    id: 'cancelMessage',
    route: 'POST /v1/messages/{id}/cancel',
    tag: TAG,
    summary: 'Cancel a message',
    description:
      'A message that is scheduled or queued never goes to the operator after this. Canceling it again is no error.',
    scopes: ['messages:send', 'messages:send:otp'],
    answers: { 200: { description: 'The canceled message.', body: message } },
    errors: ['not_cancelable'],
  },
  {
    id: 'previewMessage',
    route: 'POST /v1/messages/preview',
    tag: TAG,
    summary: 'Preview a message',
    description:
      'The number in its normal form, the encoding, the segments, the characters that make it expensive, and everything that it would be refused for.',
    scopes: ['messages:send', 'messages:send:otp'],
    body: previewRequest,
    answers: { 200: { description: 'What would become of it.', body: preview } },
    errors: ['account_not_allowed'],
  },
];
