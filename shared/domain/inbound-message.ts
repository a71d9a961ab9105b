import { firstUlidAt } from './ulid.ts';

/** A message from a subscriber, or one part of a long one, as it is stored. */
export interface InboundMessage {
  kind: 'inbound';
  /** `in_` and a ULID of the time at which it came. */
  messageId: string;
  account: string;
  /** As the operator wrote them. */
  from: string;
  to: string;
  esmClass: number;
  dataCoding: number;
  /** The short message or message_payload as it came, with its user data header. */
  raw: Uint8Array;
  /** Which part of a long message it is; absent where it is a whole one. */
  part?: { reference: number; total: number; index: number };
  /** When it came, epoch milliseconds. */
  at: number;
}

const PREFIX = 'in_';

/** Stands behind every id of an inbound message, in the order of ids, which is that of time. */
export const BEHIND_ALL_INBOUND_IDS = `${PREFIX}~`;

export function inboundIdOf(ulid: string): string {
  return `${PREFIX}${ulid}`;
}

/** The lowest id of a message that comes at this time. @param epochMs epoch milliseconds */
export function firstInboundIdAt(epochMs: number): string {
  return inboundIdOf(firstUlidAt(epochMs));
}
