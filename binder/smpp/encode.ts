import { type WireFields, writeFields } from './codec.ts';
import { type Field, HEADER_OCTETS, LAYOUTS } from './layout.ts';
import type { Bind, Pdu, ShortMessage, Tlv } from './pdu.ts';
import { writeTlvs } from './tlv.ts';

/** A PDU of our own making that cannot be written: a fault of the program, named by field and never with its value. */
export class PduFieldError extends Error {
  readonly code = 'SMPP_FIELD_INVALID';
  readonly field: string;
  constructor(command: string, field: string, problem: string) {
    super(`${command}: ${field} ${problem}`);
    this.name = 'PduFieldError';
    this.field = field;
  }
}

/** The octets of a PDU, its length included. Throws PduFieldError where a value does not fit its field. */
export function encodePdu(pdu: Pdu): Buffer {
  checkHeader(pdu);
  const { fields, tlvs } = bodyOf(pdu);
  const mandatory = fields === undefined ? headerOf(pdu) : mandatoryPart(pdu, fields);
  for (const { tag, value } of tlvs) checkTlv(pdu, tag, value);
  const frame = tlvs.length === 0 ? mandatory : Buffer.concat([mandatory, writeTlvs(tlvs)]);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(pdu.status, 8);
  frame.writeUInt32BE(pdu.sequence, 12);
  return frame;
}

function headerOf(pdu: Pdu): Buffer {
  const header = Buffer.alloc(HEADER_OCTETS);
  header.writeUInt32BE(LAYOUTS[pdu.command].commandId, 4);
  return header;
}

function mandatoryPart(pdu: Pdu, fields: WireFields): Buffer {
  for (const field of LAYOUTS[pdu.command].fields) checkField(pdu, field, fields[field.name]);
  return writeFields(pdu.command, fields);
}

interface WireBody {
  /** Undefined: the PDU goes out without a body. */
  fields: WireFields | undefined;
  tlvs: readonly Tlv[];
}

function bodyOf(pdu: Pdu): WireBody {
  switch (pdu.command) {
    case 'bind_transmitter':
    case 'bind_receiver':
    case 'bind_transceiver':
      return { fields: bindFields(pdu), tlvs: [] };
    case 'bind_transmitter_resp':
    case 'bind_receiver_resp':
    case 'bind_transceiver_resp': {
      const tlvs = pdu.tlvs ?? [];
      const bare = pdu.systemId === undefined && tlvs.length === 0;
      return { fields: bare ? undefined : { system_id: pdu.systemId ?? '' }, tlvs };
    }
    case 'submit_sm':
    case 'deliver_sm':
      return { fields: shortMessageFields(pdu), tlvs: pdu.tlvs };
    case 'submit_sm_resp':
      return { fields: pdu.messageId === undefined ? undefined : { message_id: pdu.messageId }, tlvs: [] };
    case 'deliver_sm_resp':
      // message_id is unused and set to NUL (4.6.2), but it is there.
      return { fields: { message_id: '' }, tlvs: [] };
    case 'outbind':
      return { fields: { system_id: pdu.systemId, password: pdu.password }, tlvs: [] };
    case 'enquire_link':
    case 'enquire_link_resp':
    case 'unbind':
    case 'unbind_resp':
    case 'generic_nack':
      return { fields: undefined, tlvs: [] };
  }
}

function bindFields(bind: Bind): WireFields {
  return {
    system_id: bind.systemId,
    password: bind.password,
    system_type: bind.systemType,
    interface_version: bind.interfaceVersion,
    addr_ton: bind.addressTon,
    addr_npi: bind.addressNpi,
    address_range: bind.addressRange,
  };
}

function shortMessageFields(message: ShortMessage): WireFields {
  return {
    service_type: message.serviceType,
    source_addr_ton: message.source.ton,
    source_addr_npi: message.source.npi,
    source_addr: message.source.address,
    dest_addr_ton: message.destination.ton,
    dest_addr_npi: message.destination.npi,
    destination_addr: message.destination.address,
    esm_class: message.esmClass,
    protocol_id: message.protocolId,
    priority_flag: message.priorityFlag,
    schedule_delivery_time: message.scheduleDeliveryTime,
    validity_period: message.validityPeriod,
    registered_delivery: message.registeredDelivery,
    replace_if_present_flag: message.replaceIfPresent,
    data_coding: message.dataCoding,
    sm_default_msg_id: message.smDefaultMsgId,
    short_message: message.shortMessage,
  };
}

/** Longest short_message (5.2.21): 255 fits the length octet and is forbidden all the same. */
const MAX_SHORT_MESSAGE_OCTETS = 254;

function checkField(pdu: Pdu, field: Field, value: string | number | Buffer | undefined): void {
  const fail = (problem: string): never => {
    throw new PduFieldError(pdu.command, field.name, problem);
  };
  if (typeof value === 'number') {
    if (!isUnsigned(value, 0xff)) fail('is not an integer from 0 to 255');
  } else if (typeof value === 'string') {
    // oxlint-disable-next-line no-control-regex -- only NUL, which ends it, cannot stand in a C-octet string (3.1)
    if (!/^[\x01-\xff]*$/.test(value)) fail('has a NUL or a character outside Latin-1');
    if (value.length >= field.maxOctets) fail(`is ${value.length} octets long, at most ${field.maxOctets - 1} fit`);
  } else if (value === undefined || value.length > MAX_SHORT_MESSAGE_OCTETS) {
    fail(`is longer than ${MAX_SHORT_MESSAGE_OCTETS} octets`);
  }
}

function checkHeader(pdu: Pdu): void {
  for (const field of ['status', 'sequence'] as const) {
    if (!isUnsigned(pdu[field], 0xffffffff)) throw new PduFieldError(pdu.command, field, 'is not an unsigned integer');
  }
}

function checkTlv(pdu: Pdu, tag: number, value: Buffer): void {
  if (!isUnsigned(tag, 0xffff)) throw new PduFieldError(pdu.command, 'tag', 'is not an integer from 0 to 65535');
  if (value.length > 0xffff) throw new PduFieldError(pdu.command, 'TLV value', 'is longer than 65535 octets');
}

function isUnsigned(value: number, max: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= max;
}
