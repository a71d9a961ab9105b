import { UnencodableTextError } from './gsm7.ts';

/** UTF-16BE, which data_coding 8 (SMPP 3.4 section 5.2.19, "UCS2") means to every phone since emoji exist. */

// A byte order mark is kept: it is a character of the text (U+FEFF), and the order of octets is fixed.
const decoder = new TextDecoder('utf-16be', { ignoreBOM: true });

/**
 * Octets of a text, two a UTF-16 code unit. Throws UnencodableTextError on a lone surrogate: it is half a character, operators
 * turn it into something else or reject the PDU, and segmentText refuses it by name before anyone comes here.
 */
export function encodeUcs2(text: string): Buffer {
  if (!text.isWellFormed()) throw new UnencodableTextError('the text has a lone surrogate');
  return Buffer.from(text, 'utf16le').swap16();
}

/**
 * Text of UTF-16BE octets. Never throws: a lone surrogate and an odd last octet become U+FFFD, because JSON, UTF-8 and the
 * table could not hold them. Join the parts of a long message first: other senders do split surrogate pairs between parts.
 */
export function decodeUcs2(octets: Uint8Array): string {
  return decoder.decode(octets);
}
