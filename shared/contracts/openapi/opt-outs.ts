import type * as z from 'zod';
import {
  optOutExportQuerySchema,
  optOutImportResultSchema,
  optOutImportSchema,
  optOutListQuerySchema,
  optOutPageSchema,
  optOutRemovalQuerySchema,
  optOutRequestSchema,
  optOutSchema,
} from '../opt-out.ts';
import { component, type Operation } from './operation.ts';
import { PAGE_FIELDS } from './page.ts';

const OPT_OUT: z.input<typeof optOutSchema> = {
  number: '+639171234567',
  scope: 'promotional',
  account: 'smpp-asia',
  source: 'api',
  created_at: '2026-11-22T19:06:27.941Z',
  updated_at: '2026-11-22T19:06:27.941Z',
};

const NUMBER = 'A Philippine mobile number in any form.';
const SCOPE = '`promotional` keeps bulk messages away, `all` every message but one-time passwords.';
const ACCOUNT = 'Whose opt-outs; without it, those of the account through which the key sends.';
const CURSOR = '`next_cursor` of the page before.';

export const optOut = component('OptOut', optOutSchema, {
  description: 'A recipient who does not want messages.',
  fields: {
    number: 'E.164.',
    scope: SCOPE,
    account: 'The account whose messages are kept away.',
    source: 'How it came here.',
    created_at: 'When the recipient opted out.',
    updated_at: 'When it last changed.',
  },
  example: OPT_OUT,
});

const optOutRequest = component('AddOptOutRequest', optOutRequestSchema, {
  description: 'A recipient who does not want messages.',
  fields: { number: NUMBER, scope: SCOPE, account: ACCOUNT },
  example: { number: '0917 123 4567', scope: 'promotional' },
});

const optOutImport = component('ImportOptOutsRequest', optOutImportSchema, {
  description: 'Up to 1,000 recipients at once.',
  fields: {
    numbers: 'Each in any form. A number that cannot be read is refused by itself.',
    scope: SCOPE,
    account: ACCOUNT,
  },
  example: { numbers: ['0917 123 4567', '+639181234567'], scope: 'all' },
});

const importResult = component('ImportOptOutsResult', optOutImportResultSchema, {
  description: 'What became of each number.',
  fields: {
    added: 'How many are new.',
    known: 'How many stood there already.',
    refused: 'How many cannot be read.',
    data: 'One entry for each number, in the order of the request.',
  },
  example: {
    added: 1,
    known: 0,
    refused: 1,
    data: [
      { index: 0, status: 'added', number: '+639171234567', scope: 'all' },
      { index: 1, status: 'refused', code: 'landline_number', detail: 'this is a landline' },
    ],
  },
});

const listQuery = component('ListOptOutsQuery', optOutListQuerySchema, {
  description: 'What to list.',
  fields: { limit: 'How many a page has at most: 1 to 200.', cursor: CURSOR, account: ACCOUNT },
});

const exportQuery = component('ExportOptOutsQuery', optOutExportQuerySchema, {
  description: 'What to export.',
  fields: { cursor: 'The header `Next-Cursor` of the answer before.', account: ACCOUNT },
});

const removalQuery = component('RemoveOptOutQuery', optOutRemovalQuerySchema, {
  description: 'Where to remove it.',
  fields: { account: ACCOUNT },
});

const page = component('OptOutPage', optOutPageSchema, {
  description: 'A page of opt-outs, in the order of the numbers.',
  fields: { ...PAGE_FIELDS, data: 'In the order of the numbers.' },
  example: { data: [OPT_OUT], has_more: false, next_cursor: null },
});

const TAG = 'Opt-outs';
const NUMBER_CODES = ['invalid_number', 'landline_number', 'unsupported_country'] as const;

export const optOutOperations: readonly Operation[] = [
  {
    id: 'addOptOut',
    route: 'POST /v1/opt-outs',
    tag: TAG,
    summary: 'Add an opt-out',
    description:
      'From now on no message that the recipient does not want is accepted. Where both scopes were given, the wider one holds.',
    scopes: ['optouts'],
    body: optOutRequest,
    answers: {
      200: { description: 'It stood there already.', body: optOut },
      201: { description: 'It is new.', body: optOut },
    },
    errors: ['account_not_allowed', 'unknown_account', ...NUMBER_CODES],
  },
  {
    id: 'listOptOuts',
    route: 'GET /v1/opt-outs',
    tag: TAG,
    summary: 'List opt-outs',
    description: 'In the order of the numbers.',
    scopes: ['optouts'],
    query: listQuery,
    answers: { 200: { description: 'A page of opt-outs.', body: page } },
    errors: ['account_not_allowed', 'unknown_account'],
  },
  {
    id: 'removeOptOut',
    route: 'DELETE /v1/opt-outs/{number}',
    tag: TAG,
    summary: 'Remove an opt-out',
    description: 'The recipient wants messages again.',
    scopes: ['optouts'],
    query: removalQuery,
    answers: { 204: { description: 'It is gone.' } },
    errors: ['account_not_allowed', 'unknown_account', ...NUMBER_CODES],
  },
  {
    id: 'importOptOuts',
    route: 'POST /v1/opt-outs/import',
    tag: TAG,
    summary: 'Import opt-outs',
    description: 'Each number is taken or refused by itself, and may come again.',
    scopes: ['optouts'],
    body: optOutImport,
    answers: { 200: { description: 'What became of each number.', body: importResult } },
    errors: ['account_not_allowed', 'unknown_account'],
  },
  {
    id: 'exportOptOuts',
    route: 'GET /v1/opt-outs/export',
    tag: TAG,
    summary: 'Export opt-outs',
    description:
      'CSV with the columns `number`, `scope`, `source`, `created_at` and `updated_at`; up to 10,000 rows an answer.',
    scopes: ['optouts'],
    query: exportQuery,
    answers: { 200: { description: 'The rows, with a header line.', mediaType: 'text/csv', headers: ['Next-Cursor'] } },
    errors: ['account_not_allowed', 'unknown_account'],
  },
];
