import { Webhook } from 'standardwebhooks';
import { describe, expect, test } from 'vitest';
import { verifyWebhook, WebhookRefused } from '../../../docs/consumer/verify.ts';

const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
const OTHER = `whsec_${Buffer.alloc(32, 4).toString('base64')}`;
const now = 1_795_343_200_000;
const body = '{"type":"message.delivered","data":{"from":"Niño"}}';

function signed(text = body, { secret = SECRET, at = now } = {}): Record<string, string> {
  const signature = new Webhook(secret).sign('evt_1', new Date(at), text);
  return { 'webhook-id': 'evt_1', 'webhook-timestamp': String(at / 1000), 'webhook-signature': signature };
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof WebhookRefused) return error.code;
    throw error;
  }
  return 'taken';
}

describe('a webhook', () => {
  test('that is genuine is the event that it holds, as text, as octets, and with headers of any kind', () => {
    const options = { secret: SECRET, now };
    expect(verifyWebhook({ headers: signed(), body }, options)).toEqual(JSON.parse(body));
    expect(verifyWebhook({ headers: new Headers(signed()), body: Buffer.from(body) }, options).type).toBe(
      'message.delivered',
    );
  });

  test('is taken by any of several secrets, and with any of several signatures', () => {
    const both = `v1a,abc ${signed(body, { secret: OTHER })['webhook-signature']} ${signed()['webhook-signature']}`;
    const headers = { ...signed(), 'webhook-signature': both };
    expect(codeOf(() => verifyWebhook({ headers, body }, { secret: SECRET, now }))).toBe('taken');
    expect(codeOf(() => verifyWebhook({ headers: signed(), body }, { secret: [OTHER, SECRET], now }))).toBe('taken');
  });

  test.each<[string, string, Record<string, string | undefined>, string, number]>([
    ['of another secret', 'signature_wrong', signed(body, { secret: OTHER }), body, now],
    ['whose body was changed', 'signature_wrong', signed(), `${body} `, now],
    ['whose id was changed', 'signature_wrong', { ...signed(), 'webhook-id': 'evt_2' }, body, now],
    ['with a short signature', 'signature_wrong', { ...signed(), 'webhook-signature': 'v1,AA==' }, body, now],
    ['with none of our version', 'signature_wrong', { ...signed(), 'webhook-signature': 'v2,AA==' }, body, now],
    ['that is old', 'timestamp_outside_tolerance', signed(), body, now + 301_000],
    ['that comes from the future', 'timestamp_outside_tolerance', signed(), body, now - 301_000],
    ['without a real time', 'timestamp_outside_tolerance', { ...signed(), 'webhook-timestamp': 'now' }, body, now],
    ['without a signature', 'header_missing', { ...signed(), 'webhook-signature': undefined }, body, now],
    ['that is no JSON', 'body_not_json', signed('hello'), 'hello', now],
  ])('%s is refused with %s', (_title, code, headers, text, at) => {
    expect(codeOf(() => verifyWebhook({ headers, body: text }, { secret: SECRET, now: at }))).toBe(code);
  });
});
