import { createHmac } from 'node:crypto';

export interface Signed {
  /** `webhook-id` */
  id: string;
  /** `webhook-timestamp`, epoch seconds */
  timestampSeconds: number;
  body: string;
}

/**
 * `webhook-signature` of Standard Webhooks 1.0.0: `v1,` and an HMAC-SHA256 in base64.
 * @param secret `whsec_` and the key in base64
 */
export function sign({ id, timestampSeconds, body }: Signed, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`).digest('base64')}`;
}
