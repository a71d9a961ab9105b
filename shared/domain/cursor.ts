import { createCipheriv, createHmac, timingSafeEqual } from 'node:crypto';

/** Of the HMAC: nobody guesses 128 bits over HTTP. */
const SIGNATURE_OCTETS = 16;
const WRITTEN = /^[A-Za-z0-9_-]{23,400}$/;

/** What a cursor belongs to: it opens no other list, nor the same one with other filters. */
export interface CursorBinding {
  /** Secret, hex or any other text. */
  key: string;
  /** Names the list. */
  list: string;
  /** Everything that decides what is in the list and who looks at it; undefined values count as absent. */
  filters: Readonly<Record<string, unknown>>;
}

/**
 * A cursor for callers: signed, safe in a query string, and unreadable. A position may be a recipient's number, and addresses
 * end in logs that are not ours. @param position where the next page begins
 */
export function signCursor(position: string, binding: CursorBinding): string {
  const signature = signatureOf(position, binding);
  return Buffer.concat([signature, hidden(Buffer.from(position), signature, binding)]).toString('base64url');
}

/** The position in a cursor, undefined where it was not signed for exactly this list. */
export function readCursor(cursor: string, binding: CursorBinding): string | undefined {
  if (!WRITTEN.test(cursor)) return undefined;
  const octets = Buffer.from(cursor, 'base64url');
  const signature = octets.subarray(0, SIGNATURE_OCTETS);
  const position = hidden(octets.subarray(SIGNATURE_OCTETS), signature, binding).toString();
  if (!timingSafeEqual(signature, signatureOf(position, binding))) return undefined;
  // Unused bits of the last character, and octets that are no UTF-8, would make a second spelling of one cursor.
  return signCursor(position, binding) === cursor ? position : undefined;
}

/** Hides a position, and shows it again: the signature, different for each position, is where the key stream begins (RFC 5297). */
function hidden(octets: Buffer, signature: Buffer, { key }: CursorBinding): Buffer {
  const cipher = createCipheriv('aes-256-ctr', createHmac('sha256', key).update('hide positions').digest(), signature);
  return Buffer.concat([cipher.update(octets), cipher.final()]);
}

function signatureOf(position: string, { key, list, filters }: CursorBinding): Buffer {
  const entries = Object.entries(filters).filter(([, value]) => value !== undefined);
  const sorted = entries.sort(([one], [other]) => (one < other ? -1 : 1));
  const signed = JSON.stringify([list, sorted, position]);
  return createHmac('sha256', key).update(signed).digest().subarray(0, SIGNATURE_OCTETS);
}
