import type { Address, DeliverSm } from '../smpp/pdu.ts';
import { intTlv, TAG, textTlv } from '../smpp/tlv.ts';
import { UNUSED_FIELDS } from './unused-fields.ts';

/** The final states that the operator's guide names, with message_state (5.2.28) and an `err` of the operator's making. */
const STATS = {
  DELIVRD: { messageState: 2, err: '000' },
  EXPIRED: { messageState: 3, err: '003' },
  UNDELIV: { messageState: 5, err: '001' },
  UNKNOWN: { messageState: 7, err: '255' },
} as const;
export type Stat = keyof typeof STATS;

/** What a receipt says. Behaviours change it before it becomes a PDU. */
export interface Receipt {
  systemId: string;
  messageId: string;
  stat: Stat;
  /** As in the submit_sm; the receipt goes the other way. */
  source: Address;
  destination: Address;
  /** Epoch milliseconds. */
  submittedAtMs: number;
  doneAtMs: number;
  text: string;
}

const MC_DELIVERY_RECEIPT = 0x04;

/** A receipt both in text form (SMPP 3.4 appendix B) and as TLVs (5.3.2.12, 5.3.2.35), as the guide's operator sends it. */
export function receiptPdu(receipt: Receipt): DeliverSm {
  return {
    ...UNUSED_FIELDS,
    command: 'deliver_sm',
    source: receipt.destination,
    destination: receipt.source,
    esmClass: MC_DELIVERY_RECEIPT,
    dataCoding: 0,
    shortMessage: Buffer.from(receiptText(receipt), 'latin1'),
    tlvs: [
      textTlv(TAG.receiptedMessageId, receipt.messageId),
      intTlv(TAG.messageState, 1, STATS[receipt.stat].messageState),
    ],
  };
}

function receiptText({ messageId, stat, submittedAtMs, doneAtMs, text }: Receipt): string {
  const delivered = stat === 'DELIVRD' ? '001' : '000';
  return (
    `id:${messageId} sub:001 dlvrd:${delivered} submit date:${receiptDate(submittedAtMs)} ` +
    `done date:${receiptDate(doneAtMs)} stat:${stat} err:${STATS[stat].err} text:${excerptOf(text)}`
  );
}

/** Appendix B allows the first 20 characters; outside ASCII each operator does something else with them, this one leaves them out. */
function excerptOf(text: string): string {
  return text.slice(0, 20).replaceAll(/[^ -~]/g, '');
}

/** Operators write their own wall clock: the Philippines are at +08:00 all year. */
const MANILA_OFFSET_MS = 8 * 3_600_000;

/** YYMMDDhhmm. */
function receiptDate(epochMs: number): string {
  return new Date(epochMs + MANILA_OFFSET_MS).toISOString().replaceAll(/\D/g, '').slice(2, 12);
}

/** Whether registered_delivery (5.2.17) asks for a receipt with this outcome. */
export function wantsReceipt(registeredDelivery: number, stat: Stat): boolean {
  const asked = registeredDelivery & 0x03;
  return asked === 1 || (asked === 2 && stat !== 'DELIVRD');
}
