import type { Tlv } from './pdu.ts';

/** Tags of the optional parameters that Bindery reads or writes (5.3.2). */
export const TAG = {
  receiptedMessageId: 0x001e,
  userMessageReference: 0x0204,
  sarMsgRefNum: 0x020c,
  sarTotalSegments: 0x020e,
  sarSegmentSeqnum: 0x020f,
  scInterfaceVersion: 0x0210,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  messageState: 0x0427,
} as const;

const TLV_HEADER_OCTETS = 4;

/** The optional parameters from `start` to the end of a frame, or why they are not well formed. */
export function readTlvs(frame: Buffer, start: number): Tlv[] | { malformed: string } {
  const tlvs: Tlv[] = [];
  let offset = start;
  while (offset < frame.length) {
    if (offset + TLV_HEADER_OCTETS > frame.length) {
      return { malformed: `${frame.length - offset} octets after the last parameter are too few for a TLV` };
    }
    const tag = frame.readUInt16BE(offset);
    const valueStart = offset + TLV_HEADER_OCTETS;
    const valueEnd = valueStart + frame.readUInt16BE(offset + 2);
    if (valueEnd > frame.length) {
      return { malformed: `TLV 0x${hex16(tag)} reaches ${valueEnd - frame.length} octets past the end` };
    }
    tlvs.push({ tag, value: frame.subarray(valueStart, valueEnd) });
    offset = valueEnd;
  }
  return tlvs;
}

/** Writes optional parameters in the order given, repeated tags included. Values are 0 to 65535 octets. */
export function writeTlvs(tlvs: readonly Tlv[]): Buffer {
  const octets = Buffer.allocUnsafe(tlvs.reduce((sum, { value }) => sum + TLV_HEADER_OCTETS + value.length, 0));
  let offset = 0;
  for (const { tag, value } of tlvs) {
    offset = octets.writeUInt16BE(tag, offset);
    offset = octets.writeUInt16BE(value.length, offset);
    offset += value.copy(octets, offset);
  }
  return octets;
}

/** The first value under a tag. */
export function findTlv(tlvs: readonly Tlv[], tag: number): Buffer | undefined {
  return tlvs.find((tlv) => tlv.tag === tag)?.value;
}

/** A C-Octet String value, such as receipted_message_id, of which some message centres leave out the closing NUL (5.3.2.12). */
export function tlvText(value: Buffer): string {
  const nul = value.indexOf(0);
  return value.toString('latin1', 0, nul === -1 ? value.length : nul);
}

/** An integer value of one, two or four octets, or undefined where the length is another. */
export function tlvInteger(value: Buffer): number | undefined {
  return value.length === 1 || value.length === 2 || value.length === 4 ? value.readUIntBE(0, value.length) : undefined;
}

export function intTlv(tag: number, octets: 1 | 2 | 4, value: number): Tlv {
  const buffer = Buffer.alloc(octets);
  buffer.writeUIntBE(value, 0, octets);
  return { tag, value: buffer };
}

/** A C-Octet String with its NUL. */
export function textTlv(tag: number, value: string): Tlv {
  return { tag, value: Buffer.from(`${value}\0`, 'latin1') };
}

function hex16(value: number): string {
  return value.toString(16).padStart(4, '0');
}
