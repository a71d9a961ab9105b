import { ulid } from 'ulid';
import type { Account } from '../../shared/config/account.ts';
import { inboundIdOf } from '../../shared/domain/inbound-message.ts';
import type { Log } from '../../shared/log/log.ts';
import { canonicalMcMessageId } from '../../shared/receipts/message-ids.ts';
import { parseReceipt, type Receipt } from '../../shared/receipts/parse-receipt.ts';
import { withoutRepeatedText } from '../../shared/receipts/receipt-text.ts';
import type { ReceiptStore } from '../../shared/store/receipts.ts';
import { contentOf, promisesUdh } from '../smpp/content.ts';
import type { DeliverSm } from '../smpp/pdu.ts';
import { STATUS } from '../smpp/status.ts';

export interface DeliverContext {
  account: Pick<Account, 'name' | 'messageIds' | 'simulated'>;
  receipts: Pick<ReceiptStore, 'putReceipt' | 'putInbound'>;
  log: Log;
  /** Epoch milliseconds. */
  wallClock: () => number;
  count: (what: 'receipt' | 'inbound' | 'not_stored') => void;
}

/** Receipts whose id cannot be read are kept under this one, for people to look at; no message centre gives it. */
const UNREADABLE_ID = 'unreadable';

/**
 * Stores what a deliver_sm brings, raw but for the text that a receipt repeats, and only then says so (promise P6).
 * @returns the command_status to answer: 0 once it is stored, 0x64 where storing failed, so that the operator sends it again
 */
export async function deliver(pdu: DeliverSm, context: DeliverContext): Promise<number> {
  const receipt = parseReceipt({ esmClass: pdu.esmClass, payload: pdu.shortMessage, tlvs: pdu.tlvs });
  const at = context.wallClock();
  const unique = ulid(at);
  try {
    if (receipt.kind === 'receipt') await storeReceipt(pdu, receipt, { at, unique }, context);
    else await storeInbound(pdu, { at, unique }, context);
    context.count(receipt.kind === 'receipt' ? 'receipt' : 'inbound');
    return STATUS.ok;
  } catch (error) {
    context.count('not_stored');
    context.log.error('deliver_sm not stored; the operator will repeat it', { kind: receipt.kind, error });
    return STATUS.temporaryApplicationError;
  }
}

interface Arrival {
  at: number;
  unique: string;
}

async function storeReceipt(
  pdu: DeliverSm,
  receipt: Receipt,
  { at, unique }: Arrival,
  context: DeliverContext,
): Promise<void> {
  const { account, log } = context;
  const readable = receipt.mcMessageId !== '';
  if (receipt.problems.length > 0)
    log.warn('receipt read in part', { problems: receipt.problems, mcMessageId: receipt.mcMessageId });
  await context.receipts.putReceipt(
    readable ? canonicalMcMessageId(receipt.mcMessageId, account.messageIds) : UNREADABLE_ID,
    {
      kind: 'receipt',
      account: account.name,
      mcMessageId: receipt.mcMessageId,
      intermediate: receipt.intermediate,
      raw: withoutRepeatedText(payloadOf(pdu), promisesUdh(pdu)),
      at,
      ...(receipt.stat === undefined ? {} : { stat: receipt.stat }),
      ...(receipt.err === undefined ? {} : { err: receipt.err }),
      ...(receipt.messageState === undefined ? {} : { messageState: receipt.messageState }),
    },
    { unique },
  );
}

async function storeInbound(pdu: DeliverSm, { at, unique }: Arrival, context: DeliverContext): Promise<void> {
  const { esmClass, dataCoding, source, destination } = pdu;
  const { name, simulated = false } = context.account;
  const { reference, total, index } = contentOf(pdu).concatenation ?? { reference: 0, total: 1, index: 1 };
  const id = inboundIdOf(unique);
  const addresses = { account: name, from: source.address, to: destination.address, test: simulated };
  const part = { partId: id, index, esmClass, dataCoding, raw: payloadOf(pdu) };
  await context.receipts.putInbound(
    total === 1
      ? { kind: 'inbound', messageId: id, ...addresses, parts: [part], total, at }
      : { kind: 'inbound_part', ...addresses, ...part, reference, total, at },
  );
}

/** short_message, or message_payload (5.3.2.32) where that is empty. */
function payloadOf(pdu: DeliverSm): Uint8Array {
  if (pdu.shortMessage.length > 0) return pdu.shortMessage;
  return pdu.tlvs.find(({ tag }) => tag === 0x0424)?.value ?? pdu.shortMessage;
}
