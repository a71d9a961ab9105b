/** The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038 section 6.2.1), one septet an octet. */

const ESCAPE = 0x1b;
const UNKNOWN = '\ufffd';

const DEFAULT_ALPHABET = [
  '@£$¥èéùìòÇ\nØø\rÅå',
  'Δ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ',
  ' !"#¤%&\'()*+,-./',
  '0123456789:;<=>?',
  '¡ABCDEFGHIJKLMNO',
  'PQRSTUVWXYZÄÖÑÜ§',
  '¿abcdefghijklmno',
  'pqrstuvwxyzäöñüà',
].join('');

const EXTENSION: ReadonlyMap<number, string> = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]);

const NOT_ENCODABLE = -1;
/** By UTF-16 code unit up to €, the highest in the alphabet: the octet, or both octets of an escape pair. */
const OCTETS = new Int16Array(0x20ad).fill(NOT_ENCODABLE);
for (let octet = 0; octet < DEFAULT_ALPHABET.length; octet++) {
  // A literal U+001B in a text is no character of the alphabet: sent as 0x1B it would change the one behind it.
  if (octet !== ESCAPE) OCTETS[DEFAULT_ALPHABET.charCodeAt(octet)] = octet;
}
for (const [octet, character] of EXTENSION) OCTETS[character.charCodeAt(0)] = (ESCAPE << 8) | octet;

function octetsOf(codeUnit: number): number {
  return codeUnit < OCTETS.length ? (OCTETS[codeUnit] ?? NOT_ENCODABLE) : NOT_ENCODABLE;
}

/** Septets that one UTF-16 code unit costs: 1, 2 for an escape pair, 0 where it is not in the alphabet. */
export function septetsOf(codeUnit: number): 0 | 1 | 2 {
  const octets = octetsOf(codeUnit);
  if (octets === NOT_ENCODABLE) return 0;
  return octets > 0xff ? 2 : 1;
}

/** Septets of a whole text, or undefined where a character is not in the alphabet. */
export function countSeptets(text: string): number | undefined {
  let septets = 0;
  for (let i = 0; i < text.length; i++) {
    const cost = septetsOf(text.charCodeAt(i));
    if (cost === 0) return undefined;
    septets += cost;
  }
  return septets;
}

/** The caller encoded a text without having asked whether it can be. A fault, not an outcome. */
export class UnencodableTextError extends Error {
  readonly code = 'unencodable_text';
}

/** Octets of a text, unpacked. Throws UnencodableTextError: nothing is ever replaced in silence. */
export function encodeGsm7(text: string): Buffer {
  const septets = countSeptets(text);
  if (septets === undefined) throw new UnencodableTextError('the text has characters outside the GSM alphabet');
  const encoded = Buffer.allocUnsafe(septets);
  let at = 0;
  for (let i = 0; i < text.length; i++) {
    const octets = octetsOf(text.charCodeAt(i));
    if (octets > 0xff) encoded[at++] = ESCAPE;
    encoded[at++] = octets & 0xff;
  }
  return encoded;
}

/**
 * Text of unpacked octets. Never throws: octets above 0x7F become U+FFFD. As 23.038 says of receivers, an escape before an
 * octet that the extension table lacks shows the default alphabet's character, and an escape with nothing behind it, or
 * behind it another escape (reserved for a further table), shows a space.
 */
export function decodeGsm7(octets: Uint8Array): string {
  let text = '';
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i] ?? 0;
    if (octet !== ESCAPE) {
      text += DEFAULT_ALPHABET[octet] ?? UNKNOWN;
      continue;
    }
    i += 1;
    const escaped = octets[i] ?? ESCAPE;
    text += escaped === ESCAPE ? ' ' : (EXTENSION.get(escaped) ?? DEFAULT_ALPHABET[escaped] ?? UNKNOWN);
  }
  return text;
}
