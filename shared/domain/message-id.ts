/** `msg_` and a ULID: 10 characters of the time in milliseconds, then 16 random ones. */
const MESSAGE_ID = /^msg_[0-9A-HJKMNP-TV-Z]{26}$/;
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const TIME_CHARACTERS = 10;
const RANDOM_CHARACTERS = 16;
/** The most that the characters of the time can hold. */
const LAST_TIME_MS = 2 ** 48 - 1;

/** Stands behind every id, in the order of ids, which is that of time. */
export const BEHIND_ALL_IDS = 'msg_~';

export function isMessageId(written: string): boolean {
  return MESSAGE_ID.test(written);
}

/** The lowest id that a message made at this time can have; out of range, the nearest there is. @param epochMs epoch milliseconds */
export function firstIdAt(epochMs: number): string {
  let left = Math.min(LAST_TIME_MS, Math.max(0, epochMs));
  let time = '';
  for (let place = 0; place < TIME_CHARACTERS; place += 1) {
    time = (ALPHABET[left % ALPHABET.length] ?? '') + time;
    left = Math.floor(left / ALPHABET.length);
  }
  return `msg_${time}${'0'.repeat(RANDOM_CHARACTERS)}`;
}
