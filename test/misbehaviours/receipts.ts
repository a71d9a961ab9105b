import type { Behaviour } from '../../binder/simulator/behaviour.ts';
import { inboundParts } from '../../binder/simulator/inbound-message.ts';
import type { DeliverSm, Pdu } from '../../binder/smpp/pdu.ts';
import { findTlv, TAG, tlvText } from '../../binder/smpp/tlv.ts';
import { reversed } from './answers.ts';
import { afterBind, changing } from './when.ts';

/** The answer to a submit waits until its receipt has gone, and both leave in the same turn. Needs receipts without delay. */
export function receiptBeforeAnswer(): Behaviour {
  const answers = new Map<string, () => void>();
  return {
    sending: (_link, pdu, next) => {
      if (pdu.command === 'submit_sm_resp' && pdu.messageId) answers.set(pdu.messageId, () => next(pdu));
      else next(pdu);
      if (pdu.command !== 'deliver_sm') return;
      const id = tlvText(findTlv(pdu.tlvs, TAG.receiptedMessageId) ?? Buffer.alloc(0));
      answers.get(id)?.();
      answers.delete(id);
    },
  };
}

export function receiptsTwice(): Behaviour {
  return { receipts: (receipt) => [receipt, receipt] };
}

/** Receipts leave `count` at a time, the last first. */
export function receiptsReversed(count: number, holdMs = 100): Behaviour {
  return reversed('deliver_sm', count, holdMs);
}

/** The receipt's id is the answer's in hexadecimal. */
export function receiptIdsInHex(): Behaviour {
  return withReceiptId((id) => BigInt(id).toString(16).toUpperCase());
}

/** The answer's id is hexadecimal, the receipt's decimal. */
export function answerIdsInHex(): Behaviour {
  return changing('submit_sm_resp', (pdu) =>
    pdu.messageId ? { ...pdu, messageId: BigInt(pdu.messageId).toString(16) } : pdu,
  );
}

export function receiptIdsPadded(length = 20): Behaviour {
  return withReceiptId((id) => id.padStart(length, '0'));
}

function withReceiptId(form: (id: string) => string): Behaviour {
  return { receipts: (receipt) => [{ ...receipt, messageId: form(receipt.messageId) }] };
}

/** receipted_message_id comes without its closing NUL. */
export function receiptIdsWithoutNul(): Behaviour {
  return changing('deliver_sm', (pdu) => ({
    ...pdu,
    tlvs: pdu.tlvs.map(({ tag, value }) => ({
      tag,
      value: tag === TAG.receiptedMessageId ? value.subarray(0, -1) : value,
    })),
  }));
}

/** esm_class 0x44 on receipts that have no user data header. */
export function receiptsClaimUdh(): Behaviour {
  return changing('deliver_sm', (pdu) => ({ ...pdu, esmClass: pdu.esmClass | 0x40 }));
}

/** Receipts in text form only, or as TLVs only. */
export function receiptsOnlyAs(form: 'text' | 'tlvs'): Behaviour {
  return changing('deliver_sm', (pdu) =>
    form === 'text' ? { ...pdu, tlvs: [] } : { ...pdu, shortMessage: Buffer.alloc(0) },
  );
}

/** Receipts whose text says nothing, without TLVs. */
export function receiptsGarbled(text = 'id: stat:'): Behaviour {
  return changing('deliver_sm', (pdu) => ({ ...pdu, tlvs: [], shortMessage: Buffer.from(text, 'latin1') }));
}

/** Before each receipt, one for a message that nobody sent. */
export function receiptsForUnknownIds(): Behaviour {
  return { receipts: (receipt) => [{ ...receipt, messageId: `9${receipt.messageId}` }, receipt] };
}

/** Sends `count` deliver_sm at once after the bind, past all windows. */
export function storm(count: number, pdu: (index: number) => DeliverSm, delayMs = 10): Behaviour {
  return afterBind(delayMs, (link) => {
    for (let index = 0; index < count; index += 1) link.request(pdu(index));
  });
}

/** A subscriber's message, its parts in the order given, counted from 1. */
export function inboundInParts(text: string, order: readonly number[], delayMs = 10): Behaviour {
  const parts = inboundParts({ from: '639171234567', to: '2158', text });
  return afterBind(delayMs, (link) => {
    for (const part of order) link.request(parts[part - 1] as DeliverSm & Pdu);
  });
}
