import type { Command } from './pdu.ts';

/** How one mandatory parameter lies on the wire (SMPP 3.4 section 3.1). */
export interface Field {
  /** The specification's name, which is also the `smpp` package's. */
  name: string;
  kind: 'int8' | 'c_octet' | 'short_message';
  /** Most octets on the wire; of a C-Octet String with its NUL. Held when writing, forgiven when reading. */
  maxOctets: number;
  /** Says about a person or opens a door: never shown in a log. */
  masked?: true;
}

export interface Layout {
  commandId: number;
  fields: readonly Field[];
  /** An error answer, and some message centres' every answer, comes without its body (4.1.2, 4.4.2). */
  bodyOptional?: true;
}

const int8 = (name: string): Field => ({ name, kind: 'int8', maxOctets: 1 });
const text = (name: string, maxOctets: number): Field => ({ name, kind: 'c_octet', maxOctets });
const masked = (field: Field): Field => ({ ...field, masked: true });

/**
 * Table 4-1 and its siblings. The specification's 16 and 9 octets of system_id and password (5.2.1, 5.2.2) are held where
 * they are read from their secret: some operators give out longer ones.
 */
const BIND: readonly Field[] = [
  text('system_id', 64),
  masked(text('password', 64)),
  text('system_type', 13),
  int8('interface_version'),
  int8('addr_ton'),
  int8('addr_npi'),
  masked(text('address_range', 41)),
];

/** Tables 4-10 and 4-12: submit_sm and deliver_sm are laid out alike. */
const SHORT_MESSAGE: readonly Field[] = [
  text('service_type', 6),
  int8('source_addr_ton'),
  int8('source_addr_npi'),
  masked(text('source_addr', 21)),
  int8('dest_addr_ton'),
  int8('dest_addr_npi'),
  masked(text('destination_addr', 21)),
  int8('esm_class'),
  int8('protocol_id'),
  int8('priority_flag'),
  text('schedule_delivery_time', 17),
  text('validity_period', 17),
  int8('registered_delivery'),
  int8('replace_if_present_flag'),
  int8('data_coding'),
  int8('sm_default_msg_id'),
  masked({ name: 'short_message', kind: 'short_message', maxOctets: 255 }),
];

const bindResp = (commandId: number): Layout => ({ commandId, fields: [text('system_id', 16)], bodyOptional: true });
const messageIdResp = (commandId: number): Layout => ({
  commandId,
  fields: [text('message_id', 65)],
  bodyOptional: true,
});
const headerOnly = (commandId: number): Layout => ({ commandId, fields: [] });

/** Every command that Bindery speaks, by its id (5.1.2.1) and the order of its mandatory parameters (chapter 4). */
export const LAYOUTS: Readonly<Record<Command, Layout>> = {
  bind_receiver: { commandId: 0x00000001, fields: BIND },
  bind_transmitter: { commandId: 0x00000002, fields: BIND },
  bind_transceiver: { commandId: 0x00000009, fields: BIND },
  bind_receiver_resp: bindResp(0x80000001),
  bind_transmitter_resp: bindResp(0x80000002),
  bind_transceiver_resp: bindResp(0x80000009),
  outbind: { commandId: 0x0000000b, fields: [text('system_id', 16), masked(text('password', 9))] },
  submit_sm: { commandId: 0x00000004, fields: SHORT_MESSAGE },
  submit_sm_resp: messageIdResp(0x80000004),
  deliver_sm: { commandId: 0x00000005, fields: SHORT_MESSAGE },
  deliver_sm_resp: messageIdResp(0x80000005),
  unbind: headerOnly(0x00000006),
  unbind_resp: headerOnly(0x80000006),
  enquire_link: headerOnly(0x00000015),
  enquire_link_resp: headerOnly(0x80000015),
  generic_nack: headerOnly(0x80000000),
};

const COMMANDS_BY_ID: ReadonlyMap<number, Command> = new Map(
  Object.entries(LAYOUTS).map(([command, layout]) => [layout.commandId, command as Command]),
);

/** The command of an id, or undefined where SMPP 3.4 has none or Bindery does not speak it. */
export function commandOfId(commandId: number): Command | undefined {
  return COMMANDS_BY_ID.get(commandId);
}

/** Length, command_id, command_status and sequence_number: four octets each (3.2). */
export const HEADER_OCTETS = 16;

/** Answers have the highest bit of their command_id set (5.1.2). */
export function isResponseId(commandId: number): boolean {
  return commandId >>> 31 === 1;
}
