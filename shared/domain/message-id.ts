import { firstUlidAt } from './ulid.ts';

/** `msg_` and a ULID: 10 characters of the time in milliseconds, then 16 random ones. */
const MESSAGE_ID = /^msg_[0-9A-HJKMNP-TV-Z]{26}$/;

/** Stands behind every id, in the order of ids, which is that of time. */
export const BEHIND_ALL_IDS = 'msg_~';

export function isMessageId(written: string): boolean {
  return MESSAGE_ID.test(written);
}

/** The lowest id that a message made at this time can have; out of range, the nearest there is. @param epochMs epoch milliseconds */
export function firstIdAt(epochMs: number): string {
  return `msg_${firstUlidAt(epochMs)}`;
}
