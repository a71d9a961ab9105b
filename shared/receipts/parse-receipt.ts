import { parseReceiptDate } from './receipt-date.ts';
import { receiptText } from './receipt-text.ts';
import { meaningOf } from './states.ts';

/** Optional parameters that make or complete a receipt (SMPP 3.4 sections 5.3.2.12, 5.3.2.35, 5.3.2.31, 5.3.2.32). */
const TAG = {
  receiptedMessageId: 0x001e,
  messageState: 0x0427,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
} as const;

/** An id has at most 64 octets (5.2.23), and no table takes one of any length: what could never be stored would come for ever. */
const LONGEST_ID = 255;

/** stat has seven letters and err three digits (appendix B). Vendors write more, but none a whole message_payload. */
const LONGEST_WORD = 32;

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
  | 'id_too_long'
  | 'ids_differ'
  | 'id_without_nul'
  | 'no_state'
  | 'bad_message_state'
  | 'states_differ'
  | 'bad_network_error'
  | 'bad_submit_date'
  | 'bad_done_date'
  | 'udh_indicated_but_absent';

export interface Receipt {
  kind: 'receipt';
  /** Raw, opaque (5.2.23); empty where none could be read or it is too long to be one, and then nothing can be matched with it. */
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
  const stat = readStat(fields.stat);
  if (stat === undefined && messageState === undefined) problems.push('no_state');
  if (disagree({ stat, messageState })) problems.push('states_differ');
  return withoutUndefined({
    kind: 'receipt',
    mcMessageId: readId(tlvId, firstWord(fields.id), problems),
    stat,
    err: firstWord(fields.err)?.slice(0, LONGEST_WORD) ?? readNetworkError(tlv(TAG.networkErrorCode), problems),
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
  if (id.length <= LONGEST_ID) return id;
  problems.push('id_too_long');
  return '';
}

function readState(tlv: Uint8Array | undefined, problems: ReceiptProblem[]): number | undefined {
  if (tlv === undefined) return undefined;
  if (tlv.length === 1) return tlv[0];
  problems.push('bad_message_state');
  return undefined;
}

/** One word, whatever stands around it. */
function readStat(written: string | undefined): string | undefined {
  return written
    ?.match(/[a-z0-9_-]+/i)?.[0]
    .slice(0, LONGEST_WORD)
    .toUpperCase();
}

/** Both are known and mean different things; which one counts is said where they are read. */
function disagree({ stat, messageState }: { stat: string | undefined; messageState: number | undefined }): boolean {
  if (stat === undefined || messageState === undefined) return false;
  const [inText, inTlv] = [meaningOf({ stat }), meaningOf({ messageState })];
  if (inText.kind === 'unheard_of' || inTlv.kind === 'unheard_of') return false;
  return (
    inText.kind !== inTlv.kind || (inText.kind === 'final' && inTlv.kind === 'final' && inText.state !== inTlv.state)
  );
}

/** network_error_code: the type of the network, then the code in two octets (5.3.2.31). */
function readNetworkError(tlv: Uint8Array | undefined, problems: ReceiptProblem[]): string | undefined {
  if (tlv === undefined) return undefined;
  const [, high, low] = tlv;
  if (tlv.length === 3 && high !== undefined && low !== undefined) return String(high * 256 + low);
  problems.push('bad_network_error');
  return undefined;
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

/** Some divide fields by a sign rather than by a space; it is no part of the value. */
function firstWord(written: string | undefined): string | undefined {
  return written?.match(/\S+/)?.[0].replace(/[,;|]$/, '') || undefined;
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1');
}

type Loose<T> = { [K in keyof T]: undefined extends T[K] ? T[K] | undefined : T[K] };

function withoutUndefined(receipt: Loose<Receipt>): Receipt {
  return Object.fromEntries(Object.entries(receipt).filter(([, value]) => value !== undefined)) as unknown as Receipt;
}
