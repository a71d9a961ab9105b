import { beforeAll, describe, expect, test } from 'vitest';
import { sendHandler } from '../../../functions/send/handler.ts';
import type { ApiAccount } from '../../../shared/config/environment.ts';
import { messageSchema } from '../../../shared/contracts/message.ts';
import { MessageStore } from '../../../shared/store/messages.ts';
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

async function send(different: Record<string, unknown>, account: Partial<ApiAccount> = {}, as = key) {
  const handler = sendHandler(sendParts(database, [{ ...ACCOUNT, ...account }]));
  return await call(handler, 'POST /v1/messages', { key: as, body: { ...BODY, ...different } });
}

describe('smart encoding', () => {
  test('replaces what costs a segment, says so, and keeps what was written', async () => {
    const { body } = await send({ text: CURLY, smart_encoding: true });
    expect(messageSchema.parse(body)).toMatchObject({
      encoding: 'gsm7',
      segments: { total: 1 },
      text: `Don't miss it - only today... ${'a'.repeat(60)}`,
      original_text: CURLY,
      smart_encoding: {
        encoding_without: 'ucs2',
        segments_without: 2,
        replacements: [
          { character: '’', replacement: "'", count: 1 },
          { character: '–', replacement: '-', count: 1 },
          { character: '…', replacement: '...', count: 1 },
        ],
      },
    });
    const stored = await new MessageStore(database.document, 'Messages').get(String(body['id']));
    expect(stored).toMatchObject({ text: expect.stringContaining("Don't"), originalText: CURLY });
  });

  test.each<[string, Record<string, unknown>, Partial<ApiAccount>, number, boolean]>([
    ['is off unless somebody asks for it', {}, {}, 2, false],
    ['is on where the account says so', {}, { smartEncoding: true }, 1, true],
    ['is off where the message says so', { smart_encoding: false }, { smartEncoding: true }, 2, false],
    ['leaves UCS-2 by wish alone', { smart_encoding: true, encoding: 'ucs2' }, {}, 2, false],
  ])('%s', async (_name, different, account, total, changed) => {
    const { body } = await send({ text: CURLY, ...different }, account);
    expect(body).toMatchObject({ segments: { total } });
    expect(body['smart_encoding'] !== null).toBe(changed);
    expect(Object.hasOwn(body, 'original_text')).toBe(changed);
  });

  test('writes PHP for the peso sign only by choice, and makes a text possible in the GSM alphabet', async () => {
    const text = `Your balance is ₱1,250. ${'a'.repeat(60)}`;
    expect((await send({ text, smart_encoding: true })).body).toMatchObject({ encoding: 'ucs2', smart_encoding: null });
    expect((await send({ text, smart_encoding: 'with_peso' })).body).toMatchObject({
      encoding: 'gsm7',
      segments: { total: 1 },
    });
    expect((await send({ text: 'It’s ₱5', encoding: 'gsm7', smart_encoding: true })).body['code']).toBe(
      'text_not_encodable',
    );
    expect((await send({ text: 'It’s ₱5', encoding: 'gsm7', smart_encoding: 'with_peso' })).body).toMatchObject({
      text: "It's PHP5",
      smart_encoding: { encoding_without: null, segments_without: null },
    });
    expect(await send({ smart_encoding: 'yes' })).toMatchObject({
      status: 400,
      body: { errors: [{ pointer: '/smart_encoding' }] },
    });
  });
});

describe('what a text may not be', () => {
  test.each([' ', '\u200b', '\u200b\ufeff\u2060', ' \n\t\r', '\u3164\u2800', '\u00a0\u00ad', '\u0000'])(
    'nothing that could be seen: %j',
    async (text) => {
      expect(await send({ text })).toMatchObject({
        status: 422,
        body: { code: 'empty_text', errors: [{ pointer: '/text' }] },
      });
    },
  );

  test.each<[ApiAccount['links'], string, string | undefined]>([
    [{ policy: 'allow' }, 'See https://evil.com', undefined],
    [{ policy: 'refuse' }, 'See example.com/x', 'url_not_allowed'],
    [{ policy: 'refuse' }, 'Thank you.', undefined],
    [{ policy: 'allow_hosts', hosts: ['example.com'] }, 'See https://m.example.com/x', undefined],
    [{ policy: 'allow_hosts', hosts: ['example.com'] }, 'See bit.ly/3xYz', 'url_not_allowed'],
  ])('a link where the account has %j: %s', async (links, text, code) => {
    const { status, body } = await send({ text }, { links });
    expect(status).toBe(code === undefined ? 202 : 422);
    expect(body['code']).toBe(code);
    // No piece of the text is repeated.
    if (code !== undefined) expect(JSON.stringify(body)).not.toMatch(/bit\.ly|example\.com\/x/);
  });
});

test("a sender id may not have a word of the account's list", async () => {
  const rules = { forbiddenWords: ['gcash'] };
  expect(await send({ from: 'G-Cash.Help' }, rules)).toMatchObject({
    status: 422,
    body: { code: 'invalid_sender_id', detail: expect.stringContaining('gcash') },
  });
  expect((await send({ from: 'MyShop' }, rules)).status).toBe(202);
});
