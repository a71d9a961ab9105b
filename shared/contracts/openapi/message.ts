import type * as z from 'zod';
import {
  messageErrorSchema,
  messageSchema,
  replacementSchema,
  segmentCountsSchema,
  smartEncodingSchema,
} from '../message.ts';
import { component } from './operation.ts';

export const MESSAGE: z.input<typeof messageSchema> = {
  id: 'msg_01M82AE4Q5EVH56SJP2SR34MJK',
  status: 'queued',
  status_at: '2026-11-22T19:06:27.941Z',
  is_final: false,
  lane: 'otp',
  account: 'smpp-asia',
  to: '+639171234567',
  from: 'BINDERY',
  text: 'Your code is 493021',
  encoding: 'gsm7',
  segments: { total: 1, sent: 0, delivered: 0, failed: 0 },
  smart_encoding: null,
  client_ref: 'login-8812',
  batch_id: null,
  metadata: {},
  error: null,
  feedback: null,
  created_at: '2026-11-22T19:06:27.941Z',
  queued_at: '2026-11-22T19:06:27.941Z',
  sent_at: null,
  finalized_at: null,
  send_at: null,
  expires_at: '2026-11-22T19:11:27.941Z',
  estimated_wait_seconds: 0,
  test: false,
  timeline: [{ status: 'queued', at: '2026-11-22T19:06:27.941Z', sequence: 1, detail: null }],
};

const segmentCounts = component('SegmentCounts', segmentCountsSchema, {
  description: 'A text is sent in one or more segments. The operator charges for each of them.',
  fields: {
    total: 'How many segments the text takes.',
    sent: 'Accepted by the operator.',
    delivered: 'Reported as delivered.',
    failed: 'Refused by the operator, or reported as not delivered.',
  },
});

const messageError = component('MessageError', messageErrorSchema, {
  description: 'Why a message was not delivered.',
  fields: {
    code: 'One of the codes of the errors page.',
    detail: 'The same for a person.',
    operator_code: "The operator's own word: the command_status of a refusal, or the `err` of a receipt.",
    retryable: 'Whether the same message may succeed later.',
  },
});

export const replacement = component('Replacement', replacementSchema, {
  description: 'A character that smart encoding replaced.',
  fields: {
    character: 'As it was written.',
    replacement: 'What stands there instead; empty where it was left out.',
    count: 'How often.',
  },
});

export const smartEncoding = component('SmartEncoding', smartEncodingSchema, {
  description: 'What smart encoding changed in a text.',
  fields: {
    replacements: 'In order of appearance.',
    encoding_without:
      'What the text would have been without; `null` where the encoding that was asked for could not write it.',
    segments_without: 'How many segments it would have taken.',
  },
});

export const MESSAGE_FIELDS = {
  id: 'Made by us; sorts by time.',
  status: 'Where it stands. `delivered`, `undelivered`, `expired`, `unknown`, `failed` and `canceled` are final.',
  status_at: 'When the status became so.',
  is_final: 'Whether the status will stay. Only `unknown` may still change, when a receipt comes late.',
  lane: 'The queue that it goes through. One-time passwords overtake everything else.',
  account: "The operator's account that it goes through.",
  to: 'E.164. With the scope `messages:read_masked` alone its middle is hidden; `erased` where the data of the recipient was deleted.',
  from: 'The sender id.',
  original_text: 'As it was written, where smart encoding changed it; with the same scope.',
  smart_encoding: 'What smart encoding changed; `null` where it left the text alone.',
  text: 'Only with the scope `messages:read_body`; `null` where it is not kept any more.',
  encoding: 'What goes over the air.',
  segments: 'How many segments it takes, and what became of them.',
  client_ref: 'Your own reference.',
  batch_id: 'The batch that it belongs to.',
  metadata: 'Your own names and values.',
  error: '`null` unless something went wrong.',
  feedback: 'What its sender said of its effect; `null` where nothing.',
  'feedback.outcome': '`converted`: it did what it was for; a one-time password was used.',
  'feedback.at': 'When that was known.',
  created_at: 'When it was accepted.',
  queued_at: 'When it was put into its lane.',
  sent_at: 'When the operator had accepted all its segments.',
  finalized_at: 'When it came to its final status.',
  send_at: 'When it goes to the operator at the earliest; `null` where it goes at once.',
  expires_at: 'It is not sent after this time.',
  estimated_wait_seconds:
    'How long it will still wait in its lane, by what is measured now; `null` where it does not wait, in lists, and where nobody knows.',
  test: 'Whether it was sent with a test key, to the simulated message centre.',
  timeline: 'Every change so far, in order.',
  'timeline.status': 'The status that it came to.',
  'timeline.at': 'When.',
  'timeline.sequence': 'Number of the event that was published for it; `null` where none was.',
  'timeline.detail': 'What else is known of the change.',
};

export const message = component('Message', messageSchema, {
  description: 'A message as it stands.',
  fields: MESSAGE_FIELDS,
  example: MESSAGE,
});

export const messageComponents = [message, segmentCounts, messageError, smartEncoding, replacement];
