import { describe, expect, test } from 'vitest';
import { idempotentRequest, sealAnswer, unsealAnswer } from '../../../functions/middleware/sealed-answer.ts';

const SCOPE = ['key-1', 'POST', '/v1/messages'];
const BODY = { to: '+639171234567', metadata: { a: '1', b: [1, { d: 2, c: 3 }] } };
const request = (key = 'order-17', body: unknown = BODY, scope = SCOPE) => idempotentRequest(scope, key, body);

describe('a request under an idempotency key', () => {
  test('is the same however its names are ordered', () => {
    const reordered = { metadata: { b: [1, { c: 3, d: 2 }], a: '1' }, to: '+639171234567' };
    expect(request('order-17', reordered)).toEqual(request());
  });

  test.each([
    ['another value', { ...BODY, to: '+639171234568' }],
    ['a field more', { ...BODY, from: 'x' }],
    ['another order of a list', { ...BODY, metadata: { a: '1', b: [{ d: 2, c: 3 }, 1] } }],
    ['a body that is nothing', null],
  ])('is another one with %s, under the same record', (_name, body) => {
    const [one, other] = [request(), request('order-17', body)];
    expect(other.id).toBe(one.id);
    expect(other.fingerprint).not.toBe(one.fingerprint);
    expect(other.seal.equals(one.seal)).toBe(false);
  });

  test.each([
    ['another key', request('order-18')],
    ['another caller', request('order-17', BODY, ['key-2', 'POST', '/v1/messages'])],
    ['another path', request('order-17', BODY, ['key-1', 'POST', '/v1/batches'])],
    // Parts that run into each other would let one caller meet the record of another.
    ['a part that looks like two', request('order-17', BODY, ['key-1POST', '/v1/messages'])],
  ])('has another record with %s', (_name, other) => {
    expect(other.id).not.toBe(request().id);
  });

  test('tells a reader of the table neither key nor body', () => {
    expect(JSON.stringify({ ...request(), seal: undefined })).not.toMatch(/order|639/);
  });
});

describe('a kept answer', () => {
  const answer = { result: { statusCode: 202, body: '{"text":"Your code is 123456"}' } };

  test('is read again with the same request', () => {
    expect(unsealAnswer(sealAnswer(answer, request().seal), request().seal)).toEqual(answer);
  });

  test('cannot be read without it, and not be changed', () => {
    const sealed = sealAnswer(answer, request().seal);
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('123456');
    expect(() => unsealAnswer(sealed, request('order-18').seal)).toThrow();
    const changed = Buffer.from(sealed);
    changed[20] = (changed[20] ?? 0) ^ 1;
    expect(() => unsealAnswer(changed, request().seal)).toThrow();
  });

  test('of a large batch stays far below what an item may have', () => {
    const items = Array.from({ length: 1_000 }, (_, index) => ({
      id: `msg_01JDA8K4ZZZZZZZZZZZZZZ${index}`,
      status: 'queued',
    }));
    expect(sealAnswer({ result: { body: JSON.stringify(items) } }, request().seal).length).toBeLessThan(40_000);
  });
});
