import { createHash } from 'node:crypto';
import type { Account } from '../../shared/config/account.ts';
import type { Message } from '../../shared/domain/message.ts';
import { formatForOperator } from '../../shared/domain/phone-number.ts';
import { segmentText } from '../../shared/encoding/segment.ts';
import { userData } from '../../shared/encoding/user-data.ts';
import type { SubmitSm } from '../smpp/pdu.ts';

/** esm_class: default mode, and the user data begins with a header (SMPP 3.4 section 5.2.12). */
const ESM_CLASS_UDHI = 0x40;
/** user_message_reference (5.3.2.17). */
const TAG_USER_MESSAGE_REFERENCE = 0x0204;
/** Final delivery receipt on success and failure (5.2.17). */
const REGISTERED_DELIVERY_FINAL = 1;

/** The text of a stored message no longer makes the segments that were counted, so it must not go out. */
export class ComposeError extends Error {
  readonly code = 'message_not_composable';
}

/**
 * The submit_sm of one segment. The same message always gives the same octets, so a segment sent again is the same segment
 * to the phone.
 * @param nowMs epoch milliseconds; what is left of the message's life becomes validity_period
 * @throws ComposeError where the stored message has no text or does not fit its segments
 */
export function composeSubmit(
  message: Message,
  index: number,
  { account, nowMs }: { account: Account; nowMs: number },
): SubmitSm {
  const segmented =
    message.text === undefined ? undefined : segmentText({ text: message.text, encoding: message.encoding });
  if (segmented?.kind !== 'ok' || segmented.segments.length !== message.segments.length) {
    throw new ComposeError(`message ${message.messageId} cannot be composed from what is stored`);
  }
  const reference = referenceOf(message.messageId);
  const octets = userData({
    segments: segmented.segments,
    encoding: segmented.encoding,
    reference: { width: '8bit', value: reference & 0xff },
  })[index];
  if (octets === undefined) throw new ComposeError(`message ${message.messageId} has no segment ${index}`);
  const long = segmented.segments.length > 1;
  const { ton, npi, format } = account.destination;
  return {
    command: 'submit_sm',
    serviceType: '',
    source: {
      ...(/^\d+$/.test(message.from) ? account.source.numeric : account.source.alphanumeric),
      address: message.from,
    },
    destination: { ton, npi, address: formatForOperator(message.to, format) },
    esmClass: long ? ESM_CLASS_UDHI : 0,
    protocolId: 0,
    priorityFlag: 0,
    scheduleDeliveryTime: '',
    validityPeriod: validityPeriod(account.validityPeriod, message.expiresAt, nowMs),
    registeredDelivery: REGISTERED_DELIVERY_FINAL,
    replaceIfPresent: 0,
    dataCoding: account.dataCoding[segmented.encoding],
    smDefaultMsgId: 0,
    shortMessage: octets,
    tlvs: [{ tag: TAG_USER_MESSAGE_REFERENCE, value: Buffer.from([reference >> 8, reference & 0xff]) }],
  };
}

/**
 * Ties the parts of a message together, 16 bits: a resend has the same, and two messages to one phone most likely do not,
 * in the low octet either, which is all that a concatenation header takes.
 */
export function referenceOf(messageId: string): number {
  return createHash('sha256').update(messageId).digest().readUInt16BE(0);
}

/** `YYMMDDhhmmss0nnp` (7.1.1): relative periods end in `R`, absolute ones are in UTC. Empty where the profile leaves it out. */
export function validityPeriod(form: Account['validityPeriod'], expiresAt: number, nowMs: number): string {
  if (form === 'none') return '';
  if (form === 'absolute') {
    const iso = new Date(Math.max(expiresAt, nowMs + 1000)).toISOString();
    return `${iso.slice(2, 19).replace(/[-T:]/g, '')}000+`;
  }
  const seconds = Math.max(1, Math.ceil((expiresAt - nowMs) / 1000));
  const parts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  // Years and months stay 0: their length in seconds is nobody's to know, and days reach to 99.
  return `0000${parts.map((part) => String(Math.min(part, 99)).padStart(2, '0')).join('')}000R`;
}
