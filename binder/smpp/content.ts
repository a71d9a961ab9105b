import { decodeGsm7 } from '../../shared/encoding/gsm7.ts';
import { decodeUcs2 } from '../../shared/encoding/ucs2.ts';
import { type Concatenation, parseUserDataHeader } from '../../shared/encoding/user-data.ts';
import type { ShortMessage, Tlv } from './pdu.ts';
import { findTlv, TAG, tlvInteger } from './tlv.ts';

export const UCS2_DATA_CODING = 8;
/** Of esm_class: the payload begins with a user data header (5.2.12). */
const UDH_INDICATOR = 0x40;

/** What a submit_sm or deliver_sm says, from short_message or message_payload. */
export interface Content {
  /** Everything, header included. */
  octets: Buffer;
  /** Absent where esm_class promises none, or where the octets are not one. */
  udh?: Buffer;
  body: Buffer;
  /** From the UDH or from the SAR TLVs (5.3.2.22 to 5.3.2.24). */
  concatenation?: Concatenation;
}

/** message_payload counts where short_message is empty (5.3.2.32). What a header does not say of parts, the TLVs may. */
export function contentOf(message: ShortMessage): Content {
  const { shortMessage, tlvs } = message;
  const octets = shortMessage.length > 0 ? shortMessage : (findTlv(tlvs, TAG.messagePayload) ?? shortMessage);
  const parsed = promisesUdh(message) ? parseUserDataHeader(octets) : { body: octets };
  const concatenation = parsed.concatenation ?? sarOf(tlvs);
  return {
    octets,
    body: parsed.body,
    ...(parsed.body.length === octets.length ? {} : { udh: octets.subarray(0, octets.length - parsed.body.length) }),
    ...(concatenation === undefined ? {} : { concatenation }),
  };
}

/** Message centres promise one on plain receipts, too. */
export function promisesUdh({ esmClass }: Pick<ShortMessage, 'esmClass'>): boolean {
  return (esmClass & UDH_INDICATOR) !== 0;
}

/** Whether a UDH is promised and none is there. */
export function lacksPromisedUdh(message: ShortMessage, content: Content): boolean {
  return promisesUdh(message) && content.udh === undefined;
}

export function decodeText(dataCoding: number, body: Buffer): string {
  return dataCoding === UCS2_DATA_CODING ? decodeUcs2(body) : decodeGsm7(body);
}

function sarOf(tlvs: readonly Tlv[]): Concatenation | undefined {
  const [reference, total, index] = [TAG.sarMsgRefNum, TAG.sarTotalSegments, TAG.sarSegmentSeqnum].map((tag) =>
    tlvInteger(findTlv(tlvs, tag) ?? Buffer.alloc(0)),
  );
  if (reference === undefined || total === undefined || index === undefined) return undefined;
  return index >= 1 && index <= total ? { reference, total, index } : undefined;
}
