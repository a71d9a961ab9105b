import { fieldErrorSchema, problemSchema } from '../problem.ts';
import { component } from './operation.ts';

export const problemField = component('FieldError', fieldErrorSchema, {
  description: 'What is wrong with one field of a request.',
  fields: {
    pointer: 'A JSON pointer into the body, or `/name` of a query parameter; empty means the whole body.',
    code: 'For programs.',
    detail: 'For people. Never repeats a number or a text.',
  },
});

export const problem = component('Problem', problemSchema, {
  description: 'Why a request was refused, after RFC 9457.',
  fields: {
    type: 'Where the code is explained, relative to this API.',
    title: 'The code in words.',
    status: 'The HTTP status.',
    detail: 'What is wrong with this request. Never repeats a number or a text.',
    instance: 'The path of the request.',
    code: 'For programs. New ones may come: treat an unknown one by its status.',
    request_id: 'Name it when you ask us.',
    retryable: 'Whether the same request may succeed later.',
    errors: 'Every field that is wrong.',
  },
  example: {
    type: '/docs/errors#landline_number',
    title: 'The recipient is a landline',
    status: 422,
    detail: '/to: this is a landline, which cannot receive text messages',
    instance: '/v1/messages',
    code: 'landline_number',
    request_id: 'c1f7a0c2-8f0f-4f37-a5a1-6f0f3b1f2b7e',
    retryable: false,
    errors: [
      { pointer: '/to', code: 'landline_number', detail: 'this is a landline, which cannot receive text messages' },
    ],
  },
});
