import { beforeAll, describe, expect, test } from 'vitest';
import type { HttpHandler } from '../../../functions/middleware/http.ts';
import { sendHandler } from '../../../functions/send/handler.ts';
import { problemSchema } from '../../../shared/contracts/problem.ts';
import { ACCOUNT, type Answer, call, httpParts, storedKey } from './api.ts';
import { startDatabase } from './database.ts';

const ROUTE = 'POST /v1/messages';
const BODY = { to: '09171234567', from: 'Bindery', text: 'Hello' };

let handler: HttpHandler;
const keys = new Map<string, string>();

beforeAll(async () => {
  const database = await startDatabase();
  const parts = httpParts(database);
  handler = sendHandler({
    ...parts,
    accounts: [ACCOUNT],
    newMessageId: () => 'msg_00000000000000000000000000',
    messages: {
      create: () => Promise.reject(new Error('nothing of this may be stored')),
      get: () => Promise.reject(new Error('nothing of this may be read')),
      change: () => Promise.reject(new Error('nothing of this may be changed')),
    },
    lanes: { send: () => Promise.reject(new Error('nothing of this may be queued')) },
  });
  const scopes = ['messages:send' as const];
  keys.set('good', await storedKey(database, { keyId: 'good', scopes }));
  keys.set('revoked', await storedKey(database, { keyId: 'revoked', scopes, revokedAt: 1 }));
  keys.set('expired', await storedKey(database, { keyId: 'expired', scopes, expiresAt: parts.now() }));
  keys.set('reader', await storedKey(database, { keyId: 'reader', scopes: ['messages:read'] }));
});

async function answerTo(body: unknown, options: Parameters<typeof call>[2] = {}): Promise<Answer> {
  return await call(handler, ROUTE, { key: keys.get('good') ?? '', body, ...options });
}

/** Every refusal is a problem as the contract has it, and repeats neither number nor text. */
function expectProblem(answer: Answer, status: number, code: string): void {
  const problem = problemSchema.parse(answer.body);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect({ answered: answer.status, status: problem.status, code: problem.code }).toEqual({
    answered: status,
    status,
    code,
  });
  expect(problem).toMatchObject({ type: `/docs/errors#${code}`, instance: '/v1/messages', request_id: 'request-1' });
  expect(JSON.stringify(problem)).not.toMatch(/1234567|Hello/);
}

describe('a body that is not JSON', () => {
  test.each<[string, string, string]>([
    ['cut off', '{"to": "09171234567"', 'it stops being JSON at line 1, column 21'],
    ['a comma too much', '{"text": "Hello",}', 'it stops being JSON at line 1, column 18'],
    ['single quotes', "{'text': 'Hello'}", 'it stops being JSON at line 1, column 2'],
    ['on a later line', '{\n"to": "x",\n"text": Hello\n}', 'it stops being JSON at line 3, column 9'],
    ['a form', 'To=09171234567&Body=Hello', 'it stops being JSON at line 1, column 1'],
    ['white space', '  ', 'it stops being JSON at line 1, column 3'],
    ['two objects', '{}{}', 'it stops being JSON at line 1, column 3'],
    ['NaN', '{"ttl_seconds": NaN}', 'it stops being JSON at line 1, column 17'],
    ['a name that objects use themselves', '{"__proto__": {"to": "x"}}', "a field must not be called '__proto__'"],
    [
      'the same, deeper and escaped',
      '{"metadata": {"__pr\\u006fto__": "x"}}',
      "a field must not be called '__proto__'",
    ],
  ])('%s', async (_name, body, detail) => {
    const answer = await answerTo(body);
    expectProblem(answer, 400, 'malformed_json');
    expect(answer.body).toMatchObject({ detail, errors: [{ pointer: '', code: 'malformed_json', detail }] });
  });

  test('not UTF-8', async () => {
    const body = Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]).toString('base64');
    const answer = await answerTo(body, { base64: true });
    expectProblem(answer, 400, 'malformed_json');
    expect(answer.body['detail']).toBe('it is not UTF-8');
  });

  test.each([
    'application/x-www-form-urlencoded',
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/jsonp',
  ])('sent as %s', async (mediaType) => {
    expectProblem(await answerTo(BODY, { headers: { 'content-type': mediaType } }), 415, 'unsupported_media_type');
  });

  test('over the limit, however it is written', async () => {
    const body = JSON.stringify({ ...BODY, text: 'a'.repeat(65_536) });
    expectProblem(await answerTo(body), 413, 'body_too_large');
    expectProblem(await answerTo(Buffer.from(body).toString('base64'), { base64: true }), 413, 'body_too_large');
    expectProblem(await answerTo('ñ'.repeat(40_000)), 413, 'body_too_large');
    expectProblem(await answerTo('['.repeat(65_000)), 400, 'malformed_json');
  });
});

describe('a body of the wrong shape', () => {
  const long = (length: number) => 'x'.repeat(length);
  const entries = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, 'v']));

  test.each<[string, unknown, [pointer: string, code: string, detail?: string][]]>([
    ['no body', undefined, [['', 'required']]],
    ['a list', [BODY], [['', 'wrong_type', 'must be an object, is an array']]],
    ['a word', '"Hello"', [['', 'wrong_type', 'must be an object, is a string']]],
    ['null', 'null', [['', 'wrong_type', 'must be an object, is null']]],
    [
      'nothing in it',
      {},
      [
        ['/to', 'required'],
        ['/from', 'required'],
        ['/text', 'required'],
      ],
    ],
    ['no recipient', { from: 'Bindery', text: 'Hello' }, [['/to', 'required', 'is required']]],
    ['a recipient of null', { ...BODY, to: null }, [['/to', 'wrong_type', 'must be a string, is null']]],
    ['a number as number', { ...BODY, to: 9_171_234_567 }, [['/to', 'wrong_type', 'must be a string, is a number']]],
    ['several recipients', { ...BODY, to: ['09171234567'] }, [['/to', 'wrong_type', 'must be a string, is an array']]],
    ['an empty recipient', { ...BODY, to: '' }, [['/to', 'too_short']]],
    ['an endless recipient', { ...BODY, to: `0917${long(60)}` }, [['/to', 'too_long']]],
    ['no sender', { to: '09171234567', text: 'Hello' }, [['/from', 'required']]],
    ['an empty sender', { ...BODY, from: '' }, [['/from', 'too_short']]],
    ['no text', { to: '09171234567', from: 'Bindery' }, [['/text', 'required']]],
    ['an empty text', { ...BODY, text: '' }, [['/text', 'too_short', 'must be at least 1 characters']]],
    ['a text that is an object', { ...BODY, text: {} }, [['/text', 'wrong_type']]],
    [
      'an unheard-of lane',
      { ...BODY, lane: 'fast' },
      [['/lane', 'invalid_value', "must be one of 'otp', 'transactional', 'bulk'"]],
    ],
    ['a lane in capitals', { ...BODY, lane: 'OTP' }, [['/lane', 'invalid_value']]],
    ['an unheard-of encoding', { ...BODY, encoding: 'utf-8' }, [['/encoding', 'invalid_value']]],
    ['a life of nothing', { ...BODY, ttl_seconds: 0 }, [['/ttl_seconds', 'out_of_range', 'must be at least 1']]],
    ['a negative life', { ...BODY, ttl_seconds: -5 }, [['/ttl_seconds', 'out_of_range']]],
    ['a life of years', { ...BODY, ttl_seconds: 99_999_999 }, [['/ttl_seconds', 'out_of_range']]],
    [
      'a life in words',
      { ...BODY, ttl_seconds: '60' },
      [['/ttl_seconds', 'wrong_type', 'must be a number, is a string']],
    ],
    [
      'half a second',
      { ...BODY, ttl_seconds: 0.5 },
      [['/ttl_seconds', 'wrong_type', 'must be a whole number, is a fraction']],
    ],
    [
      'a life without end',
      '{"to":"09171234567","from":"Bindery","text":"Hello","ttl_seconds":1e999}',
      [['/ttl_seconds', 'wrong_type']],
    ],
    ['an empty reference', { ...BODY, client_ref: '' }, [['/client_ref', 'too_short']]],
    [
      'a long reference',
      { ...BODY, client_ref: long(129) },
      [['/client_ref', 'too_long', 'must be at most 128 characters']],
    ],
    [
      'metadata that is a list',
      { ...BODY, metadata: ['a'] },
      [['/metadata', 'wrong_type', 'must be an object, is an array']],
    ],
    ['metadata of numbers', { ...BODY, metadata: { order: 7 } }, [['/metadata/order', 'wrong_type']]],
    ['nested metadata', { ...BODY, metadata: { a: { b: 'c' } } }, [['/metadata/a', 'wrong_type']]],
    [
      'a name in metadata that the SDK would trip over',
      { ...BODY, metadata: { constructor: 'x' } },
      [['/metadata/constructor', 'invalid_name']],
    ],
    ['a long value in metadata', { ...BODY, metadata: { a: long(501) } }, [['/metadata/a', 'too_long']]],
    [
      'a long name in metadata',
      { ...BODY, metadata: { [long(41)]: 'a' } },
      [[`/metadata/${long(41)}`, 'invalid_name']],
    ],
    ['a name with a slash in metadata', { ...BODY, metadata: { 'a/b': 'c' } }, [['/metadata/a~1b', 'invalid_name']]],
    ['an empty name in metadata', { ...BODY, metadata: { '': 'c' } }, [['/metadata/', 'invalid_name']]],
    [
      'too much metadata',
      { ...BODY, metadata: entries(21) },
      [['/metadata', 'too_many', 'must have at most 20 entries']],
    ],
    ['an unknown field', { ...BODY, priority: 1 }, [['/priority', 'unknown_field', "there is no field 'priority'"]]],
    [
      "Twilio's words",
      { To: '0917', From: 'x', Body: 'y' },
      [
        ['/to', 'required'],
        ['/from', 'required'],
        ['/text', 'required'],
        ['/To', 'unknown_field'],
        ['/From', 'unknown_field'],
        ['/Body', 'unknown_field'],
      ],
    ],
    ['a name of the object itself', { ...BODY, constructor: 'x' }, [['/constructor', 'unknown_field']]],
    [
      'several faults at once',
      { ...BODY, to: 1, lane: 'x', extra: true },
      [
        ['/to', 'wrong_type'],
        ['/lane', 'invalid_value'],
        ['/extra', 'unknown_field'],
      ],
    ],
  ])('%s', async (_name, body, errors) => {
    const answer = await answerTo(body);
    expectProblem(answer, 400, 'invalid_request');
    const found = problemSchema.parse(answer.body).errors ?? [];
    expect(found.map(({ pointer, code }) => [pointer, code])).toEqual(errors.map(([pointer, code]) => [pointer, code]));
    for (const [index, [, , detail]] of errors.entries()) if (detail) expect(found[index]?.detail).toBe(detail);
  });
});

describe('a body that cannot be meant', () => {
  test.each<[string, Record<string, unknown>, string, string]>([
    ['a landline', { to: '(02) 8123-4567' }, '/to', 'landline_number'],
    ['a landline of a province', { to: '032 234 5678' }, '/to', 'landline_number'],
    ['a foreign number', { to: '+6591234567' }, '/to', 'unsupported_country'],
    ['a short number', { to: '0917123' }, '/to', 'invalid_number'],
    ['a word', { to: 'my mother' }, '/to', 'invalid_number'],
    ['a number with letters', { to: '0917CALLME1' }, '/to', 'invalid_number'],
    ['two numbers', { to: '09171234567,09181234567' }, '/to', 'invalid_number'],
    ['spaces', { to: '   ' }, '/to', 'invalid_number'],
    ['a sender of two characters', { from: 'ab' }, '/from', 'invalid_sender_id'],
    ['a sender of twelve', { from: 'abcdefghijkl' }, '/from', 'invalid_sender_id'],
    ['a sender with a space', { from: 'My Shop' }, '/from', 'invalid_sender_id'],
    ['a number as sender', { from: '09171234567' }, '/from', 'invalid_sender_id'],
    ['a short code as sender', { from: '12345' }, '/from', 'invalid_sender_id'],
    ['an emoji as sender', { from: 'Shop🎉' }, '/from', 'invalid_sender_id'],
    ['a peso sign in GSM', { text: '₱100', encoding: 'gsm7' }, '/text', 'text_not_encodable'],
    ['an emoji in GSM', { text: 'yes 👍', encoding: 'gsm7' }, '/text', 'text_not_encodable'],
    ['half a surrogate pair', { text: 'a\ud83d' }, '/text', 'text_not_encodable'],
    ['four segments where three are allowed', { text: 'a'.repeat(460) }, '/text', 'too_many_segments'],
    ['the same in UCS-2', { text: '₱'.repeat(202) }, '/text', 'too_many_segments'],
  ])('%s', async (_name, different, pointer, code) => {
    const answer = await answerTo({ ...BODY, ...different });
    expectProblem(answer, 422, code);
    expect(problemSchema.parse(answer.body).errors).toMatchObject([{ pointer, code }]);
  });

  test('every fault is named at once, and the characters that cannot be sent', async () => {
    const answer = await answerTo({ to: '028123', from: 'ab', text: '₱ and 👍', encoding: 'gsm7' });
    expectProblem(answer, 422, 'invalid_number');
    expect(answer.body).toMatchObject({
      detail: '3 fields cannot be accepted',
      errors: [
        { pointer: '/to' },
        { pointer: '/from' },
        { pointer: '/text', detail: 'these characters cannot be sent as gsm7: ₱ 👍' },
      ],
    });
  });
});

describe('a caller who may not', () => {
  const good = () => keys.get('good') ?? '';

  test.each<[string, () => string | undefined, string]>([
    ['brings no key', () => undefined, 'missing_credentials'],
    ['brings nothing behind Bearer', () => 'Bearer', 'missing_credentials'],
    ['brings Basic credentials', () => `Basic ${Buffer.from('user:pass').toString('base64')}`, 'missing_credentials'],
    ['brings the key alone', () => good(), 'missing_credentials'],
    ['brings two keys', () => `Bearer ${good()} ${good()}`, 'missing_credentials'],
    ['brings something else', () => 'Bearer hello', 'invalid_key'],
    ['brings a key with a wrong secret', () => `Bearer ${good().slice(0, -1)}x`, 'invalid_key'],
    ['brings a key with a cut secret', () => `Bearer ${good().slice(0, -1)}`, 'invalid_key'],
    ['brings a key that does not exist', () => 'Bearer bk_live_nobody_0123456789abcdef', 'invalid_key'],
    ['brings a live key as a test key', () => `Bearer ${good().replace('bk_live', 'bk_test')}`, 'invalid_key'],
    ['brings an endless key', () => `Bearer bk_live_good_${'x'.repeat(10_000)}`, 'invalid_key'],
    ['brings a revoked key', () => `Bearer ${keys.get('revoked')}`, 'revoked_key'],
    ['brings an expired key', () => `Bearer ${keys.get('expired')}`, 'expired_key'],
    ['brings a revoked key with a wrong secret', () => `Bearer ${keys.get('revoked')}x`, 'invalid_key'],
  ])('%s', async (_name, authorization, code) => {
    const written = authorization();
    const answer = await call(handler, ROUTE, {
      body: BODY,
      ...(written === undefined ? {} : { authorization: written }),
    });
    expectProblem(answer, 401, code);
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="bindery"');
  });

  test('lacks the scope', async () => {
    const answer = await answerTo(BODY, { key: keys.get('reader') ?? '' });
    expectProblem(answer, 403, 'missing_scope');
    expect(answer.body['detail']).toBe('it needs the scope messages:send');
  });

  test('is asked for the key before anything of the body is read', async () => {
    expectProblem(await call(handler, ROUTE, { body: '{' }), 401, 'missing_credentials');
  });

  test('may write Bearer as he likes', async () => {
    const answer = await call(handler, ROUTE, { authorization: `bearer  ${good()}`, body: {} });
    expect(answer.status).toBe(400);
  });
});

test('a fault of ours is told apart from a fault of the caller, and says nothing of itself', async () => {
  const answer = await answerTo(BODY);
  expectProblem(answer, 500, 'internal_error');
  expect(JSON.stringify(answer.body)).not.toContain('stored');
});
