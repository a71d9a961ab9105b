import { encodeGsm7 } from './gsm7.ts';
import type { Encoding, ReferenceWidth } from './segment.ts';
import { encodeUcs2 } from './ucs2.ts';

/** Information elements that say which part of which long message this is (3GPP TS 23.040, 9.2.3.24.1 and 9.2.3.24.8). */
const CONCATENATION_8BIT = 0x00;
const CONCATENATION_16BIT = 0x08;

/** The total is one octet. */
const MOST_SEGMENTS = 255;

export interface UserDataRequest {
  /** As segmentText gave them, with the same encoding and the same width of the reference. */
  segments: readonly string[];
  encoding: Encoding;
  /** Ties the parts together on the phone, so it should differ between messages to one recipient. 0-255 or 0-65535. */
  reference: { width: ReferenceWidth; value: number };
}

/**
 * The octets of each segment's short_message, at most 140. Where there are several each begins with a concatenation header,
 * and the submit_sm needs esm_class 0x40 (SMPP 3.4 section 5.2.12). Throws RangeError for more than 255 segments or a
 * reference too wide, UnencodableTextError for text that segmentText did not pass.
 */
export function userData({ segments, encoding, reference }: UserDataRequest): Buffer[] {
  const encode = encoding === 'gsm7' ? encodeGsm7 : encodeUcs2;
  if (segments.length <= 1) return segments.map(encode);
  if (segments.length > MOST_SEGMENTS)
    throw new RangeError(`${segments.length} segments; a header can count ${MOST_SEGMENTS}`);
  const bodies = segments.map(encode);
  return bodies.map((body, i) => Buffer.concat([concatenationHeader(reference, bodies.length, i + 1), body]));
}

function concatenationHeader({ width, value }: UserDataRequest['reference'], total: number, index: number): Buffer {
  const widest = width === '8bit' ? 0xff : 0xffff;
  if (!Number.isInteger(value) || value < 0 || value > widest)
    throw new RangeError(`reference ${value} is not in 0-${widest}`);
  if (width === '8bit') return Buffer.from([5, CONCATENATION_8BIT, 3, value, total, index]);
  return Buffer.from([6, CONCATENATION_16BIT, 4, value >> 8, value & 0xff, total, index]);
}

/** Which part of a long message: `index` counts from 1 to `total`. */
export interface Concatenation {
  reference: number;
  total: number;
  index: number;
}

export interface ParsedUserData {
  /** Absent where the header says nothing of it, or something that cannot be. */
  concatenation?: Concatenation;
  /** What is behind the header: a view, not a copy. */
  body: Buffer;
}

/**
 * Takes the user data header off an inbound short_message whose esm_class has 0x40. Never throws. A header that does not add
 * up to its own length is none: message centres set 0x40 on plain receipts too, whose first characters must not be cut off.
 */
export function parseUserDataHeader(shortMessage: Buffer): ParsedUserData {
  const elements = informationElements(shortMessage);
  if (elements === undefined) return { body: shortMessage };
  const body = shortMessage.subarray(1 + (shortMessage[0] ?? 0));
  // Of elements that occur twice the last counts (23.040, 9.2.3.24).
  const concatenation = elements.map(concatenationOf).findLast((found) => found !== undefined);
  return concatenation === undefined ? { body } : { concatenation, body };
}

interface InformationElement {
  id: number;
  data: Buffer;
}

/** The header's elements, or undefined where the octets are not a header that holds at least one. */
function informationElements(shortMessage: Buffer): InformationElement[] | undefined {
  const end = 1 + (shortMessage[0] ?? 0);
  if (end === 1 || end > shortMessage.length) return undefined;
  const elements: InformationElement[] = [];
  let at = 1;
  while (at < end) {
    const id = shortMessage[at];
    const length = shortMessage[at + 1];
    if (id === undefined || length === undefined) return undefined;
    elements.push({ id, data: shortMessage.subarray(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  return at === end ? elements : undefined;
}

function concatenationOf({ id, data }: InformationElement): Concatenation | undefined {
  const width = id === CONCATENATION_8BIT ? 1 : id === CONCATENATION_16BIT ? 2 : undefined;
  if (width === undefined || data.length !== width + 2) return undefined;
  const total = data.readUInt8(width);
  const index = data.readUInt8(width + 1);
  // 23.040 tells receivers to ignore an element with a total of 0 or an index out of 1..total.
  return index >= 1 && index <= total ? { reference: data.readUIntBE(0, width), total, index } : undefined;
}
