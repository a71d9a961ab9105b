/** The PDUs that Bindery speaks (SMPP 3.4 chapter 4), in this project's names. Only binder/smpp knows the wire. */

/** SMPP 3.4 section 4.1: which direction a session carries. */
export type BindType = 'transmitter' | 'receiver' | 'transceiver';

/** Type of number and numbering plan (5.2.5, 5.2.6) with the address itself. */
export interface Address {
  ton: number;
  npi: number;
  address: string;
}

/** An optional parameter (5.3): tag and raw value. */
export interface Tlv {
  tag: number;
  value: Buffer;
}

export interface Bind {
  command: `bind_${BindType}`;
  systemId: string;
  password: string;
  systemType: string;
  interfaceVersion: number;
  addressTon: number;
  addressNpi: number;
  addressRange: string;
}
export interface BindResp {
  command: `bind_${BindType}_resp`;
  /** Absent where an error answer came without a body. */
  systemId?: string;
  tlvs?: Tlv[];
}
/** Fields that submit_sm (4.4.1) and deliver_sm (4.6.1) share. */
export interface ShortMessage {
  serviceType: string;
  source: Address;
  destination: Address;
  esmClass: number;
  protocolId: number;
  priorityFlag: number;
  scheduleDeliveryTime: string;
  validityPeriod: string;
  registeredDelivery: number;
  replaceIfPresent: number;
  dataCoding: number;
  smDefaultMsgId: number;
  /** At most 254 octets (5.2.21); raw, a UDH included. */
  shortMessage: Buffer;
  tlvs: Tlv[];
}
export interface SubmitSm extends ShortMessage {
  command: 'submit_sm';
}
export interface DeliverSm extends ShortMessage {
  command: 'deliver_sm';
}
export interface SubmitSmResp {
  command: 'submit_sm_resp';
  /** Absent where the answer came without a body, empty where the message centre gave no id. */
  messageId?: string;
}
export interface DeliverSmResp {
  command: 'deliver_sm_resp';
}
export interface Outbind {
  command: 'outbind';
  systemId: string;
  password: string;
}
/** PDUs that consist of a header only. */
export interface HeaderOnly {
  command: 'enquire_link' | 'enquire_link_resp' | 'unbind' | 'unbind_resp' | 'generic_nack';
}

export type PduBody = Bind | BindResp | SubmitSm | SubmitSmResp | DeliverSm | DeliverSmResp | Outbind | HeaderOnly;

/** A whole PDU. `status` is command_status (0 in requests), `sequence` is sequence_number, 1 to 0x7FFFFFFF (0 in some generic_nacks). */
export type Pdu = PduBody & { status: number; sequence: number };
export type Command = PduBody['command'];

/** What one frame turned out to be. Never thrown: bad input from the peer is ordinary. */
export type Decoded =
  | { kind: 'pdu'; pdu: Pdu }
  /** A command id that SMPP 3.4 or Bindery does not know: answered with generic_nack 0x03 (3.3). */
  | { kind: 'unknown_command'; commandId: number; sequence: number }
  /** The header is whole, the body does not parse. `command` where the id is known. */
  | { kind: 'malformed'; command: Command; commandId: number; sequence: number; status: number; reason: string };

/** What the framer cut off a byte stream. After `bad_length` the stream cannot be trusted and the framer yields nothing more. */
export type Framed = { kind: 'frame'; frame: Buffer } | { kind: 'bad_length'; length: number };
