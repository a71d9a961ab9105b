import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

const CIPHER = 'aes-256-gcm';
const IV_OCTETS = 12;
const TAG_OCTETS = 16;

/** A request under an idempotency key: what names its record, what recognises it again, and what its answer is sealed with. */
export interface IdempotentRequest {
  /** Of the record; the key itself is not stored. */
  id: string;
  fingerprint: string;
  seal: Buffer;
}

/**
 * @param scope whose key it is, and of which operation
 * @throws RangeError where the body is nested too deeply
 */
export function idempotentRequest(scope: readonly string[], key: string, body: unknown): IdempotentRequest {
  const canonical = canonicalJson(body);
  const derive = (purpose: string) => createHmac('sha256', key).update(`${purpose}\n${canonical}`);
  return {
    id: createHash('sha256')
      .update(JSON.stringify([...scope, key]))
      .digest('hex'),
    fingerprint: derive('fingerprint').digest('hex'),
    seal: derive('answer').digest(),
  };
}

/**
 * An answer as it is kept. It may hold a text or a secret that stands nowhere else; so only who sends the same request under
 * the same key can read it, and the table alone cannot.
 */
export function sealAnswer(answer: unknown, seal: Buffer): Uint8Array {
  const iv = randomBytes(IV_OCTETS);
  const cipher = createCipheriv(CIPHER, seal, iv);
  const text = cipher.update(deflateRawSync(JSON.stringify(answer)));
  return Buffer.concat([iv, text, cipher.final(), cipher.getAuthTag()]);
}

export function unsealAnswer(sealed: Uint8Array, seal: Buffer): unknown {
  const octets = Buffer.from(sealed);
  const decipher = createDecipheriv(CIPHER, seal, octets.subarray(0, IV_OCTETS));
  decipher.setAuthTag(octets.subarray(-TAG_OCTETS));
  const text = Buffer.concat([decipher.update(octets.subarray(IV_OCTETS, -TAG_OCTETS)), decipher.final()]);
  return JSON.parse(inflateRawSync(text).toString()) as unknown;
}

/** JSON in which the order of an object's names does not count. */
function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_name, inner: unknown) =>
      typeof inner === 'object' && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
        : inner,
    ) ?? ''
  );
}
