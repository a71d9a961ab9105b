/** Texts for both alphabets, alone and in parts. */
export const TEXTS = {
  gsm: 'Code {12} costs €5 @ 100%',
  ucs2: 'Kumusta ka, 世界 😀',
  longGsm: 'ab€d'.repeat(50),
  longUcs2: 'Ñandú ş 😀 '.repeat(10),
};

// Not the encoder that is tested, but a table of the tests' own: GSM 03.38, one septet an octet.
const GSM_OCTETS: Readonly<Record<string, string>> = { '{': '1b28', '}': '1b29', '€': '1b65', '@': '00' };

/** The octets of a text of ASCII letters and those above, in hexadecimal. */
export function gsmHex(text: string): string {
  return Array.from(text, (letter) => GSM_OCTETS[letter] ?? Buffer.from(letter, 'ascii').toString('hex')).join('');
}

/** UTF-16, high octet first, in hexadecimal. */
export function ucs2Hex(text: string): string {
  return Buffer.from(text, 'utf16le').swap16().toString('hex');
}
