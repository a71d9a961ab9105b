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
 * @param secrets each `whsec_` and the key in base64; one signature for each, so that receivers may change over in their time
 */
export function sign(signed: Signed, ...secrets: readonly string[]): string {
  return secrets.map((secret) => signatureOf(signed, secret)).join(' ');
}

function signatureOf({ id, timestampSeconds, body }: Signed, secret: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestampSeconds}.${body}`).digest('base64')}`;
}
