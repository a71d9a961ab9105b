import type * as z from 'zod';
import { createdKeySchema, keyRequestSchema, keyRotationSchema, keySchema } from '../api-key.ts';
import { component, type Operation } from './operation.ts';
import { pageOf } from './page.ts';

const KEY: z.input<typeof keySchema> = {
  id: '3f9c1a7be2d04c58',
  name: 'checkout',
  scopes: ['messages:send', 'messages:read'],
  sender_ids: ['BINDERY'],
  account: null,
  quota: { segments_per_day: 10_000, segments_per_month: null },
  test: false,
  created_at: '2026-11-22T19:06:27.941Z',
  rotated_at: null,
  old_secrets_until: null,
  expires_at: null,
  revoked_at: null,
  last_used_at: null,
};

const FIELDS = {
  id: 'The part of the key between its second and third underscore.',
  name: 'What it is for.',
  scopes: 'What it may do.',
  sender_ids: 'Sender ids that it may use; `null` means any.',
  account: 'The account that it belongs to; `null` means the first one for sending, and all for reading.',
  quota: 'Most segments that it may send; `null` means as many as its account.',
  'quota.segments_per_day': "By the days of its account's time zone.",
  'quota.segments_per_month': "By the months of its account's time zone.",
  test: 'Whether it is a test key, whose messages never reach an operator.',
  created_at: 'When it was made.',
  rotated_at: 'When its secret was last replaced.',
  old_secrets_until: 'Until then a secret that it had before works as well; `null` where none does.',
  expires_at: 'When it stops working; `null` means never.',
  revoked_at: 'When it was revoked.',
  last_used_at: 'When it was last used, to the hour.',
};

const key = component('ApiKey', keySchema, {
  description: 'An API key without its secret.',
  fields: FIELDS,
  example: KEY,
});

const createdKey = component('CreatedApiKey', createdKeySchema, {
  description: 'A key with a secret that was just made. This answer alone holds the key itself.',
  fields: { ...FIELDS, key: 'The key. Keep it: only its hash is stored.' },
  example: { ...KEY, key: 'bk_live_3f9c1a7be2d04c58_Vn8r0l3mZqTg2yXw5uKpJd7hBsEa9cFi4oRt6vMxNk1' },
});

const keyRequest = component('CreateKeyRequest', keyRequestSchema, {
  description: 'A key to make.',
  fields: {
    name: 'What it is for.',
    scopes: 'What it may do. `admin` may do everything; a test key can have neither it nor `webhooks`.',
    sender_ids: 'Sender ids that it may use; without it, any.',
    account:
      'The account that it belongs to; without it, that of the key which makes it, or else the first one for sending, and all for reading.',
    expires_at: 'When it stops working, with its offset; without it, never.',
    quota: 'Most segments that it may send; without it, as many as its account.',
    'quota.segments_per_day': "By the days of its account's time zone.",
    'quota.segments_per_month': "By the months of its account's time zone.",
    test: 'Makes a test key: its messages go the whole way to a simulated message centre, never to an operator.',
  },
  example: { name: 'checkout', scopes: ['messages:send', 'messages:read'], sender_ids: ['BINDERY'] },
});

const keyRotation = component('RotateKeyRequest', keyRotationSchema, {
  description: 'How to rotate a key.',
  fields: { grace_seconds: 'For how long the old secret works as well; 0 ends it now. At most 30 days.' },
  example: { grace_seconds: 3600 },
});

const keyPage = pageOf('ApiKeyPage', keySchema, { description: 'All keys.', example: KEY });

export const keyComponents = [key];

const TAG = 'API keys';

export const keyOperations: readonly Operation[] = [
  {
    id: 'createKey',
    route: 'POST /v1/keys',
    tag: TAG,
    summary: 'Create a key',
    description: 'Several keys live side by side, so that a new one can be rolled out before the old one is revoked.',
    scopes: ['admin'],
    body: keyRequest,
    answers: { 201: { description: 'The key, shown this once.', body: createdKey } },
    errors: [
      'expiry_in_the_past',
      'invalid_sender_id',
      'unknown_account',
      'test_mode_unavailable',
      'scope_not_for_tests',
    ],
  },
  {
    id: 'listKeys',
    route: 'GET /v1/keys',
    tag: TAG,
    summary: 'List keys',
    description: 'All of them, revoked ones too; with a key that belongs to an account, those of that account.',
    scopes: ['admin'],
    answers: { 200: { description: 'The keys, without their secrets.', body: keyPage } },
    errors: [],
  },
  {
    id: 'rotateKey',
    route: 'POST /v1/keys/{id}/rotate',
    tag: TAG,
    summary: 'Rotate a key',
    description:
      'A new secret under the same id. The old one works for a while longer, so that programs can change over.',
    scopes: ['admin'],
    body: keyRotation,
    bodyOptional: true,
    answers: { 200: { description: 'The key with its new secret, shown this once.', body: createdKey } },
    errors: ['admin_key_kept', 'not_rotatable'],
  },
  {
    id: 'revokeKey',
    route: 'DELETE /v1/keys/{id}',
    tag: TAG,
    summary: 'Revoke a key',
    description: 'It stops working within half a minute, and stays in the list.',
    scopes: ['admin'],
    answers: { 200: { description: 'The key as it stands.', body: key } },
    errors: ['admin_key_kept'],
  },
];
