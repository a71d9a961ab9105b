import { createHmac, timingSafeEqual } from 'node:crypto';

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

/** A cursor for callers: opaque, signed, safe in a query string. @param position where the next page begins */
export function signCursor(position: string, binding: CursorBinding): string {
  return Buffer.concat([signatureOf(position, binding), Buffer.from(position)]).toString('base64url');
}

/** The position in a cursor, undefined where it was not signed for exactly this list. */
export function readCursor(cursor: string, binding: CursorBinding): string | undefined {
  if (!WRITTEN.test(cursor)) return undefined;
  const octets = Buffer.from(cursor, 'base64url');
  const position = octets.subarray(SIGNATURE_OCTETS).toString();
  const signature = octets.subarray(0, SIGNATURE_OCTETS);
  if (!timingSafeEqual(signature, signatureOf(position, binding))) return undefined;
  // Unused bits of the last character, and octets that are no UTF-8, would make a second spelling of one cursor.
  return signCursor(position, binding) === cursor ? position : undefined;
}

function signatureOf(position: string, { key, list, filters }: CursorBinding): Buffer {
  const entries = Object.entries(filters).filter(([, value]) => value !== undefined);
  const sorted = entries.sort(([one], [other]) => (one < other ? -1 : 1));
  const signed = JSON.stringify([list, sorted, position]);
  return createHmac('sha256', key).update(signed).digest().subarray(0, SIGNATURE_OCTETS);
}
