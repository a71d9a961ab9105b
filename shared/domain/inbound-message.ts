import { normalizeNumber } from './phone-number.ts';
import { firstUlidAt } from './ulid.ts';

/** What one deliver_sm brought of a message. */
export interface ReceivedPart {
  /** `in_` and a ULID of the time at which it came. */
  partId: string;
  /** Its place among the parts, from 1. */
  index: number;
  esmClass: number;
  dataCoding: number;
  /** The short message or message_payload as it came, with its user data header. */
  raw: Uint8Array;
}

/** Between whom a message went. */
interface Addresses {
  account: string;
  /** As the operator wrote them. */
  from: string;
  to: string;
  /** Whether it came to the account that serves test keys. */
  test: boolean;
}

/** A message from a subscriber: whole, or what came of it in time. */
export interface InboundMessage extends Addresses {
  kind: 'inbound';
  /** The id of the part that came first. */
  messageId: string;
  /** In order; fewer than `total` where the rest did not come in time. */
  parts: ReceivedPart[];
  total: number;
  /** When its first part came, epoch milliseconds. */
  at: number;
}

/** One part of a long message, as it is stored until the others are there, and then for as long as it may be repeated. */
export interface InboundPart extends Addresses, ReceivedPart {
  kind: 'inbound_part';
  /** The same in all parts of one message from one sender. */
  reference: number;
  total: number;
  /** When it came, epoch milliseconds. */
  at: number;
  /** The message that it stands in. */
  joinedIn?: string;
}

/** A long message of which not every part has come yet. */
export interface WaitingMessage extends Addresses {
  kind: 'inbound_waiting';
  messageId: string;
  /** How many of its parts have come. */
  received: number;
  total: number;
  at: number;
}

const PREFIX = 'in_';
const ID = /^in_([0-9A-HJKMNP-TV-Z]{26})$/;

/** Stands behind every id of an inbound message, in the order of ids, which is that of time. */
export const BEHIND_ALL_INBOUND_IDS = `${PREFIX}~`;

export function inboundIdOf(ulid: string): string {
  return `${PREFIX}${ulid}`;
}

export function isInboundId(written: string): boolean {
  return ID.test(written);
}

export function inboundUlidOf(messageId: string): string {
  return messageId.slice(PREFIX.length);
}

/** The lowest id of a message that comes at this time. @param epochMs epoch milliseconds */
export function firstInboundIdAt(epochMs: number): string {
  return inboundIdOf(firstUlidAt(epochMs));
}

export function isComplete({ parts, total }: Pick<InboundMessage, 'parts' | 'total'>): boolean {
  return parts.length === total;
}

/** An address in the one form in which it is shown and compared: E.164 where it is a mobile number, else as it is. */
export function addressOf(written: string): string {
  const number = normalizeNumber(written);
  return number.kind === 'ok' ? number.e164 : written;
}
