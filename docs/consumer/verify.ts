import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookEvent } from './events.ts';

export interface Delivery {
  /** As the server has them: names in small letters, or a Headers object. */
  headers: Headers | Readonly<Record<string, string | string[] | undefined>>;
  /** As it came, octet by octet: what was parsed and written again has another signature. */
  body: string | Uint8Array;
}

export interface VerifyOptions {
  /** `whsec_...`; several while you change over. */
  secret: string | readonly string[];
  /** How old a delivery may be, or how far ahead of this clock; 300 if not given. */
  toleranceSeconds?: number;
  /** Epoch milliseconds; for tests. */
  now?: number;
}

/** The delivery is not from Bindery, or is one of long ago that somebody repeats. Answer 401, and look no further at it. */
export class WebhookRefused extends Error {
  readonly code: 'header_missing' | 'timestamp_outside_tolerance' | 'signature_wrong' | 'body_not_json';

  constructor(code: WebhookRefused['code']) {
    super(`webhook refused: ${code}`);
    this.code = code;
  }
}

/**
 * The event of a delivery that is genuine, after Standard Webhooks 1.0.0. Signatures are compared in constant time, and any
 * one that is right will do: while a secret is rotated there are several.
 * @throws WebhookRefused
 */
export function verifyWebhook({ headers, body }: Delivery, options: VerifyOptions): WebhookEvent {
  const { secret, toleranceSeconds = 300, now = Date.now() } = options;
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => {
    const value = headers instanceof Headers ? headers.get(name) : headers[name];
    if (typeof value !== 'string' || value === '') throw new WebhookRefused('header_missing');
    return value;
  }) as [string, string, string];
  const isRecent = /^\d{1,12}$/.test(timestamp) && Math.abs(now / 1000 - Number(timestamp)) <= toleranceSeconds;
  if (!isRecent) throw new WebhookRefused('timestamp_outside_tolerance');
  const given = signatures
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .map((signature) => Buffer.from(signature.slice('v1,'.length), 'base64'));
  const expected = [secret].flat().map((each) => {
    const key = Buffer.from(each.replace(/^whsec_/, ''), 'base64');
    return createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest();
  });
  const isGenuine = given.some((one) =>
    expected.some((other) => one.length === other.length && timingSafeEqual(one, other)),
  );
  if (!isGenuine) throw new WebhookRefused('signature_wrong');
  try {
    return JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString()) as WebhookEvent;
  } catch {
    throw new WebhookRefused('body_not_json');
  }
}
