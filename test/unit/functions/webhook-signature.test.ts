import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { sign } from '../../../functions/deliver-webhook/signature.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

function headers(body: string, secret: string, timestampSeconds = Math.floor(Date.now() / 1000)) {
  const id = 'evt_1_2';
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestampSeconds),
    'webhook-signature': sign({ id, timestampSeconds, body }, secret),
  };
}

test('the reference implementation accepts the signature', () => {
  const body = '{"type":"message.delivered","name":"Niño ₱"}';
  expect(new Webhook(SECRET).verify(body, headers(body, SECRET))).toEqual(JSON.parse(body));
});

test('it is the same as what the reference implementation writes', () => {
  const body = '{"a":1}';
  expect(sign({ id: 'evt_1_2', timestampSeconds: 1_700_000_000, body }, SECRET)).toBe(
    new Webhook(SECRET).sign('evt_1_2', new Date(1_700_000_000_000), body),
  );
});

test('another body, secret or time is refused by it', () => {
  const body = '{"a":1}';
  const other = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
  expect(() => new Webhook(SECRET).verify('{"a":2}', headers(body, SECRET))).toThrow('No matching signature');
  expect(() => new Webhook(other).verify(body, headers(body, SECRET))).toThrow('No matching signature');
  expect(() => new Webhook(SECRET).verify(body, headers(body, SECRET, 1_700_000_000))).toThrow('too old');
});
