import { describe, expect, test } from 'vitest';
import { toAnswer } from '../../../cdk/local/http-api/answer.ts';
import { toEvent } from '../../../cdk/local/http-api/event.ts';
import { RouteTable } from '../../../cdk/local/http-api/routes.ts';

const details = {
  apiId: 'Api',
  stage: '$default',
  routeKey: 'POST /v1/messages',
  pathParameters: {},
  requestId: 'request-1',
  receivedAtEpochMs: Date.UTC(2026, 10, 22, 18, 3, 8, 5),
};

const request = (rawHeaders: string[], body = '', target = '/v1/messages') => ({
  method: 'POST',
  target,
  rawHeaders,
  body: Buffer.from(body),
  sourceIp: '127.0.0.1',
});

describe('the event of a request (payload format 2.0)', () => {
  test('has headers in small letters, repeated ones joined, and cookies apart', () => {
    const event = toEvent(request(['X-Tag', 'a', 'x-tag', 'b', 'Cookie', 'c=1; d=2', 'Host', 'localhost:1']), details);
    expect(event.headers).toMatchObject({ 'x-tag': 'a,b', host: 'localhost:1', 'x-forwarded-for': '127.0.0.1' });
    expect(event.headers).not.toHaveProperty('cookie');
    expect(event.cookies).toEqual(['c=1', 'd=2']);
  });

  test('has the query raw and decoded, and none when there is none', () => {
    const event = toEvent(request([], '', '/v1/messages?a=1&a=%202&b'), details);
    expect(event.rawQueryString).toBe('a=1&a=%202&b');
    expect(event.queryStringParameters).toEqual({ a: '1, 2', b: '' });
    expect(event.rawPath).toBe('/v1/messages');
    expect(toEvent(request([]), details)).not.toHaveProperty('queryStringParameters');
  });

  test('has text as text, and a form or anything binary as base64', () => {
    const json = toEvent(request(['content-type', 'application/json; charset=utf-8'], '{"ñ":1}'), details);
    expect([json.body, json.isBase64Encoded]).toEqual(['{"ñ":1}', false]);
    const form = toEvent(request(['content-type', 'application/x-www-form-urlencoded'], 'a=1'), details);
    expect([form.body, form.isBase64Encoded]).toEqual(['YT0x', true]);
    expect(toEvent(request([]), details)).not.toHaveProperty('body');
  });

  test('says when and by whom', () => {
    const { requestContext } = toEvent(request(['User-Agent', 'curl']), details);
    expect(requestContext).toMatchObject({
      routeKey: 'POST /v1/messages',
      stage: '$default',
      requestId: 'request-1',
      time: '22/Nov/2026:18:03:08 +0000',
      timeEpoch: details.receivedAtEpochMs,
      http: { method: 'POST', path: '/v1/messages', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'curl' },
    });
  });
});

test('a body that is no UTF-8 reaches a function as it came, whatever it says it is', () => {
  const body = Buffer.from('7b2274657874223a22ff227d', 'hex');
  const event = toEvent({ ...request(['Content-Type', 'application/json']), body }, details);
  expect([event.isBase64Encoded, event.body]).toEqual([true, body.toString('base64')]);
});

describe('the answer that is made of a function’s', () => {
  const answered = (payload: unknown) => toAnswer({ kind: 'answered', payload: JSON.stringify(payload) });

  test('is the structured one, with cookies and base64', () => {
    const body = Buffer.from('hello').toString('base64');
    const answer = answered({ statusCode: 201, headers: { 'X-A': 1 }, cookies: ['a=1'], body, isBase64Encoded: true });
    expect(answer).toMatchObject({ status: 201, headers: { 'x-a': '1', 'set-cookie': ['a=1'] } });
    expect(answer.body.toString()).toBe('hello');
  });

  test.each([
    [{ ok: true }, '{"ok":true}'],
    ['hello', 'hello'],
    [null, 'null'],
  ])('is a 200 in JSON when there is no statusCode: %j', (payload, body) => {
    const answer = answered(payload);
    expect([answer.status, answer.headers['content-type'], answer.body.toString()]).toEqual([
      200,
      'application/json',
      body,
    ]);
  });

  test('is a 500 when the function failed or answers nonsense, a 503 when it was throttled', () => {
    expect(answered({ statusCode: 'nonsense' }).status).toBe(500);
    expect(answered({ statusCode: 200, body: { not: 'text' } }).status).toBe(500);
    const failed = toAnswer({ kind: 'failed', error: { errorType: 'Error', errorMessage: 'a secret' } });
    expect([failed.status, failed.body.toString()]).toEqual([500, '{"message":"Internal Server Error"}']);
    expect(toAnswer({ kind: 'throttled' }).status).toBe(503);
  });
});

describe('the route of a request', () => {
  const integration = (name: string) => ({ name }) as never;
  const routes = new RouteTable();
  routes.add('ANY /{proxy+}', integration('greedy'));
  routes.add('GET /v1/messages/{id}', integration('one'));
  routes.add('GET /v1/messages/preview', integration('literal'));
  routes.add('ANY /v1/messages', integration('any'));
  routes.add('POST /v1/messages', integration('post'));

  test.each([
    ['POST', '/v1/messages', 'POST /v1/messages', {}],
    ['PUT', '/v1/messages', 'ANY /v1/messages', {}],
    ['GET', '/v1/messages/preview', 'GET /v1/messages/preview', {}],
    ['GET', '/v1/messages/msg_1%2F2', 'GET /v1/messages/{id}', { id: 'msg_1/2' }],
    ['DELETE', '/v1/messages/a/b', 'ANY /{proxy+}', { proxy: 'v1/messages/a/b' }],
    ['GET', '/v1/messages/', 'ANY /{proxy+}', { proxy: 'v1/messages/' }],
  ])('%s %s is %s', (method, path, routeKey, pathParameters) => {
    expect(routes.match(method, path)).toMatchObject({ routeKey, pathParameters });
  });

  test('is none, or the default', () => {
    const few = new RouteTable();
    few.add('GET /a', integration('a'));
    expect(few.match('GET', '/b')).toBeUndefined();
    few.add('$default', integration('default'));
    expect(few.match('GET', '/b')?.routeKey).toBe('$default');
  });
});
