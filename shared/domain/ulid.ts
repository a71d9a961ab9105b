const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 26;
const BASE = BigInt(ALPHABET.length);

/** The ULID that stands `steps` behind another in their order, so that things made together can have names in a row. */
export function ulidAfter(ulid: string, steps: number): string {
  let left = Array.from(ulid).reduce((value, character) => value * BASE + BigInt(ALPHABET.indexOf(character)), 0n);
  left += BigInt(steps);
  let written = '';
  for (let place = 0; place < CHARACTERS; place += 1) {
    written = (ALPHABET[Number(left % BASE)] ?? '') + written;
    left /= BASE;
  }
  return written;
}
