import { readFields, type WireFields } from './codec.ts';
import { commandOfId, HEADER_OCTETS, LAYOUTS } from './layout.ts';
import type { Bind, Command, Decoded, PduBody, ShortMessage, Tlv } from './pdu.ts';
import { walkStructure } from './structure.ts';

/**
 * Reads one frame as the framer cuts it. Never throws. Buffers in the result share the frame's memory.
 * Fewer octets than a header, which the framer never yields, count as unknown command 0 with sequence 0.
 */
export function decodePdu(frame: Buffer): Decoded {
  if (frame.length < HEADER_OCTETS) return { kind: 'unknown_command', commandId: 0, sequence: 0 };
  const commandId = frame.readUInt32BE(4);
  const status = frame.readUInt32BE(8);
  const sequence = frame.readUInt32BE(12);
  const command = commandOfId(commandId);
  if (command === undefined) return { kind: 'unknown_command', commandId, sequence };
  const structure = walkStructure(frame, LAYOUTS[command]);
  if (structure.kind === 'malformed') {
    return { kind: 'malformed', command, commandId, sequence, status, reason: structure.reason };
  }
  const fields =
    structure.mandatoryEnd === HEADER_OCTETS ? {} : readFields(mandatoryPart(frame, structure.mandatoryEnd));
  return { kind: 'pdu', pdu: { ...bodyFrom(command, fields, structure.tlvs), status, sequence } };
}

/** The frame without its TLVs, as a frame of its own: the package goes by the length that it reads. */
function mandatoryPart(frame: Buffer, end: number): Buffer {
  if (end === frame.length) return frame;
  const part = Buffer.from(frame.subarray(0, end));
  part.writeUInt32BE(end, 0);
  return part;
}

function bodyFrom(command: Command, fields: WireFields, tlvs: Tlv[]): PduBody {
  switch (command) {
    case 'bind_transmitter':
    case 'bind_receiver':
    case 'bind_transceiver':
      return { command, ...bindFrom(fields) };
    case 'bind_transmitter_resp':
    case 'bind_receiver_resp':
    case 'bind_transceiver_resp': {
      const systemId = 'system_id' in fields ? { systemId: textOf(fields, 'system_id') } : {};
      return { command, ...systemId, ...(tlvs.length > 0 ? { tlvs } : {}) };
    }
    case 'submit_sm':
    case 'deliver_sm':
      return { command, ...shortMessageFrom(fields), tlvs };
    case 'submit_sm_resp':
      return 'message_id' in fields ? { command, messageId: textOf(fields, 'message_id') } : { command };
    case 'deliver_sm_resp':
      return { command };
    case 'outbind':
      return { command, systemId: textOf(fields, 'system_id'), password: textOf(fields, 'password') };
    case 'enquire_link':
    case 'enquire_link_resp':
    case 'unbind':
    case 'unbind_resp':
    case 'generic_nack':
      return { command };
  }
}

function bindFrom(fields: WireFields): Omit<Bind, 'command'> {
  return {
    systemId: textOf(fields, 'system_id'),
    password: textOf(fields, 'password'),
    systemType: textOf(fields, 'system_type'),
    interfaceVersion: numberOf(fields, 'interface_version'),
    addressTon: numberOf(fields, 'addr_ton'),
    addressNpi: numberOf(fields, 'addr_npi'),
    addressRange: textOf(fields, 'address_range'),
  };
}

function shortMessageFrom(fields: WireFields): Omit<ShortMessage, 'tlvs'> {
  return {
    serviceType: textOf(fields, 'service_type'),
    source: {
      ton: numberOf(fields, 'source_addr_ton'),
      npi: numberOf(fields, 'source_addr_npi'),
      address: textOf(fields, 'source_addr'),
    },
    destination: {
      ton: numberOf(fields, 'dest_addr_ton'),
      npi: numberOf(fields, 'dest_addr_npi'),
      address: textOf(fields, 'destination_addr'),
    },
    esmClass: numberOf(fields, 'esm_class'),
    protocolId: numberOf(fields, 'protocol_id'),
    priorityFlag: numberOf(fields, 'priority_flag'),
    scheduleDeliveryTime: textOf(fields, 'schedule_delivery_time'),
    validityPeriod: textOf(fields, 'validity_period'),
    registeredDelivery: numberOf(fields, 'registered_delivery'),
    replaceIfPresent: numberOf(fields, 'replace_if_present_flag'),
    dataCoding: numberOf(fields, 'data_coding'),
    smDefaultMsgId: numberOf(fields, 'sm_default_msg_id'),
    shortMessage: fields['short_message'] as Buffer,
  };
}

// The walk has seen every field, so a missing one cannot be; the casts only tell the compiler what the layout says.
const textOf = (fields: WireFields, name: string): string => fields[name] as string;
const numberOf = (fields: WireFields, name: string): number => fields[name] as number;
