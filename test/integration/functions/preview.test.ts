import { beforeAll, describe, expect, test } from 'vitest';
import { sendHandler } from '../../../functions/send/handler.ts';
import type { ApiAccount } from '../../../shared/config/environment.ts';
import { dryRunSchema, previewSchema } from '../../../shared/contracts/message-preview.ts';
import { ACCOUNT, call, sendParts, storedKey } from './api.ts';
import { startDatabase, type TestDatabase } from './database.ts';

const BODY = { to: '0917 123 4567', from: 'Bindery', text: 'Hello' };
const CURLY = `Don’t miss it – only today… ${'a'.repeat(60)}`;

let database: TestDatabase;
let key: string;

beforeAll(async () => {
  database = await startDatabase();
  key = await storedKey(database, { keyId: 'sender', scopes: ['messages:send', 'messages:read_body'] });
});

async function post(route: string, body: unknown, account: Partial<ApiAccount> = {}, as = key) {
  const parts = sendParts(database, [{ ...ACCOUNT, ...account }]);
  const lanes = { send: () => Promise.reject(new Error('nothing of this may be queued')) };
  return await call(sendHandler({ ...parts, lanes }), route, { key: as, body });
}

async function preview(different: Record<string, unknown>, account: Partial<ApiAccount> = {}) {
  const answer = await post('POST /v1/messages/preview', { ...BODY, ...different }, account);
  expect(answer.status).toBe(200);
  return previewSchema.parse(answer.body);
}

describe('a preview', () => {
  test('says what would become of a message', async () => {
    expect(await preview({})).toEqual({
      would_be_accepted: true,
      errors: [],
      account: 'main',
      lane: 'transactional',
      to: '+639171234567',
      from: 'Bindery',
      encoding: 'gsm7',
      segments: 1,
      units: 5,
      outside_gsm7: [],
      smart_encoding: null,
      send_at: null,
      estimated_wait_seconds: null,
    });
    expect(await preview({ send_at: '2026-11-23T08:00:00+08:00' })).toMatchObject({
      send_at: '2026-11-23T00:00:00.000Z',
    });
  });

  test('names the characters that cost, where they stand, and what smart encoding would make of them', async () => {
    const text = `“Hi” ñ €1 😀 ${'a'.repeat(60)}“`;
    expect(await preview({ text })).toMatchObject({
      encoding: 'ucs2',
      segments: 2,
      units: text.length,
      outside_gsm7: [
        { character: '“', positions: [0, text.length - 1] },
        { character: '”', positions: [3] },
        { character: '😀', positions: [10] },
      ],
      // With the emoji nothing would be gained.
      smart_encoding: null,
    });
    const made = { text: `Don't miss it - only today... ${'a'.repeat(60)}`, encoding: 'gsm7', segments: 1 };
    expect(await preview({ text: CURLY })).toMatchObject({ segments: 2, smart_encoding: { applied: false, ...made } });
    expect(await preview({ text: CURLY, smart_encoding: true })).toMatchObject({
      encoding: 'gsm7',
      segments: 1,
      units: made.text.length,
      smart_encoding: { applied: true, ...made },
    });
  });

  test('names everything at once that would be refused', async () => {
    const different = { to: '028123456', from: 'A', text: 'Ω中', encoding: 'gsm7', send_at: '2020-01-01T00:00:00Z' };
    const all = await preview(different);
    expect(all).toMatchObject({
      would_be_accepted: false,
      to: null,
      from: null,
      encoding: null,
      segments: null,
      units: null,
    });
    expect(all.errors.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([
      '/to landline_number',
      '/from invalid_sender_id',
      '/text text_not_encodable',
      '/send_at invalid_send_at',
    ]);
    expect(await preview({ text: 'See bit.ly/x' }, { links: { policy: 'refuse' } })).toMatchObject({
      would_be_accepted: false,
      encoding: 'gsm7',
      errors: [{ pointer: '/text', code: 'url_not_allowed' }],
    });
  });

  test('needs neither recipient nor sender, but a text, and the right to send in the lane', async () => {
    const route = 'POST /v1/messages/preview';
    expect((await post(route, { text: 'Hello' })).body).toMatchObject({
      would_be_accepted: true,
      to: null,
      segments: 1,
    });
    expect(await post(route, { to: BODY.to })).toMatchObject({ status: 400, body: { errors: [{ pointer: '/text' }] } });
    expect((await post(route, { ...BODY, lane: 'otp' })).body['code']).toBe('missing_scope');
  });
});

describe('a dry run', () => {
  const dryRun = { ...BODY, dry_run: true };

  test('answers with the message as it would be, and nothing is stored or queued', async () => {
    const before = await database.items('Messages');
    const answer = await post('POST /v1/messages', {
      ...dryRun,
      client_ref: 'order-1',
      text: CURLY,
      smart_encoding: true,
    });
    expect(answer.status).toBe(200);
    expect(dryRunSchema.parse(answer.body)).toMatchObject({
      id: null,
      status: 'queued',
      to: '+639171234567',
      segments: { total: 1 },
      client_ref: 'order-1',
      original_text: CURLY,
    });
    expect(await database.items('Messages')).toEqual(before);
  });

  test('refuses what would be refused, in the same words', async () => {
    const wrong = { to: '1', text: '\u200b' };
    const dry = await post('POST /v1/messages', { ...dryRun, ...wrong });
    const real = await post('POST /v1/messages', { ...BODY, ...wrong });
    expect(dry.status).toBe(422);
    expect(dry.body).toEqual(real.body);
  });
});
