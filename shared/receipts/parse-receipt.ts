import { parseReceiptDate } from './receipt-date.ts';
import { receiptText } from './receipt-text.ts';

/** Optional parameters that make or complete a receipt (SMPP 3.4 sections 5.3.2.12, 5.3.2.35, 5.3.2.31, 5.3.2.32). */
const TAG = {
  receiptedMessageId: 0x001e,
  messageState: 0x0427,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
} as const;

/** What a receipt is read from: the fields of a deliver_sm that matter, as plain data. */
export interface DeliveredPdu {
  esmClass: number;
  /** short_message as it came, a UDH included; where it is empty, message_payload is looked for among the TLVs. */
  payload: Uint8Array;
  tlvs: readonly { tag: number; value: Uint8Array }[];
}

/** What was wrong with a receipt that could be read in part. None of them holds anything of the message. */
export type ReceiptProblem =
  | 'no_id'
  | 'ids_differ'
  | 'id_without_nul'
  | 'no_state'
  | 'bad_message_state'
  | 'bad_submit_date'
  | 'bad_done_date'
  | 'udh_indicated_but_absent';

export interface Receipt {
  kind: 'receipt';
  /** Raw, opaque (5.2.23); empty where none could be read, and then nothing can be matched with it. */
  mcMessageId: string;
  /** The operator's words, as written but for upper case; cut or misspelt ones are kept. */
  stat?: string;
  err?: string;
  /** message_state (5.2.28), whatever number it is. */
  messageState?: number;
  /** Number of messages submitted and delivered, as written. */
  sub?: string;
  dlvrd?: string;
  /** `YYYY-MM-DDThh:mm:ss` in the message centre's own time. */
  submitDate?: string;
  doneDate?: string;
  /** An intermediate notification by its esm_class (5.2.12): never a final state, whatever else it says. */
  intermediate: boolean;
  problems: ReceiptProblem[];
}

export type ParsedDelivery = Receipt | { kind: 'not_a_receipt' };

/** Reads a deliver_sm as a receipt as far as it can be read. Never throws: what a peer sends is never a fault of ours. */
export function parseReceipt(pdu: DeliveredPdu): ParsedDelivery {
  const type = pdu.esmClass & 0x3c;
  const tlv = (tag: number) => pdu.tlvs.find((candidate) => candidate.tag === tag)?.value;
  const tlvId = tlv(TAG.receiptedMessageId);
  const tlvState = tlv(TAG.messageState);
  if (type !== 0x04 && type !== 0x20 && (tlvId === undefined || tlvState === undefined)) {
    return { kind: 'not_a_receipt' };
  }
  const payload = pdu.payload.length > 0 ? pdu.payload : (tlv(TAG.messagePayload) ?? pdu.payload);
  const { fields, udhAbsent } = receiptText(payload, (pdu.esmClass & 0x40) !== 0);
  const problems: ReceiptProblem[] = udhAbsent ? ['udh_indicated_but_absent'] : [];
  const messageState = readState(tlvState, problems);
  const stat = firstWord(fields.stat)?.toUpperCase();
  if (stat === undefined && messageState === undefined) problems.push('no_state');
  return withoutUndefined({
    kind: 'receipt',
    mcMessageId: readId(tlvId, firstWord(fields.id), problems),
    stat,
    err: firstWord(fields.err) ?? readNetworkError(tlv(TAG.networkErrorCode)),
    messageState,
    sub: firstWord(fields.sub),
    dlvrd: firstWord(fields.dlvrd),
    submitDate: readDate(fields.submitDate, 'bad_submit_date', problems),
    doneDate: readDate(fields.doneDate, 'bad_done_date', problems),
    intermediate: type === 0x20,
    problems,
  });
}

/** The TLV is the standard's own place for the id; the text form is each vendor's (appendix B). */
function readId(tlv: Uint8Array | undefined, inText: string | undefined, problems: ReceiptProblem[]): string {
  const nul = tlv?.indexOf(0) ?? -1;
  const inTlv = tlv === undefined ? '' : latin1(nul < 0 ? tlv : tlv.subarray(0, nul)).trim();
  if (inTlv !== '' && nul < 0) problems.push('id_without_nul');
  if (inTlv !== '' && inText !== undefined && inTlv.toLowerCase() !== inText.toLowerCase()) problems.push('ids_differ');
  const id = inTlv === '' ? (inText ?? '') : inTlv;
  if (id === '') problems.push('no_id');
  return id;
}

function readState(tlv: Uint8Array | undefined, problems: ReceiptProblem[]): number | undefined {
  if (tlv === undefined) return undefined;
  if (tlv.length === 1) return tlv[0];
  problems.push('bad_message_state');
  return undefined;
}

/** network_error_code: the type of the network, then the code in two octets. */
function readNetworkError(tlv: Uint8Array | undefined): string | undefined {
  const [, high, low] = tlv ?? [];
  return high === undefined || low === undefined ? undefined : String(high * 256 + low);
}

function readDate(
  written: string | undefined,
  problem: ReceiptProblem,
  problems: ReceiptProblem[],
): string | undefined {
  if (written === undefined || written === '') return undefined;
  const date = parseReceiptDate(written);
  if (date === undefined) problems.push(problem);
  return date;
}

function firstWord(written: string | undefined): string | undefined {
  return written?.match(/\S+/)?.[0];
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
}

type Loose<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] };

function withoutUndefined(receipt: Loose<Receipt>): Receipt {
  return Object.fromEntries(Object.entries(receipt).filter(([, value]) => value !== undefined)) as unknown as Receipt;
}
