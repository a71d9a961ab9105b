const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** Of the time in milliseconds, and then of chance. */
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;
const CHARACTERS = TIME_CHARACTERS + RANDOM_CHARACTERS;
/** The most that the characters of the time can hold. */
const LAST_TIME_MS = 2 ** 48 - 1;
const BASE = BigInt(ALPHABET.length);

/** The lowest ULID that can be made at this time; out of range, the nearest there is. @param epochMs epoch milliseconds */
export function firstUlidAt(epochMs: number): string {
  let left = Math.min(LAST_TIME_MS, Math.max(0, epochMs));
  let time = '';
  for (let place = 0; place < TIME_CHARACTERS; place += 1) {
    time = (ALPHABET[left % ALPHABET.length] ?? '') + time;
    left = Math.floor(left / ALPHABET.length);
  }
  return time + '0'.repeat(RANDOM_CHARACTERS);
}

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
