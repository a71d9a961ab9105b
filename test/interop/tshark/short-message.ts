import type { ShortMessage } from '../../../binder/smpp/pdu.ts';
import { type DissectedPdu, hexOf } from './dissect.ts';

/** A submit_sm or deliver_sm for comparison with what tshark reads: octets in hexadecimal. */
export function shortMessageOf(message: ShortMessage): Record<string, unknown> {
  const octet = (value: number): string => value.toString(16).padStart(2, '0');
  const text = (value: string): string => Buffer.from(`${value}\0`, 'latin1').toString('hex');
  const { source, destination, shortMessage } = message;
  return {
    source: [octet(source.ton), octet(source.npi), text(source.address)],
    destination: [octet(destination.ton), octet(destination.npi), text(destination.address)],
    esmClass: octet(message.esmClass),
    protocolId: octet(message.protocolId),
    validityPeriod: text(message.validityPeriod),
    registeredDelivery: octet(message.registeredDelivery),
    dataCoding: octet(message.dataCoding),
    length: octet(shortMessage.length),
    octets: shortMessage.toString('hex'),
    tlvs: message.tlvs.map(({ tag, value }) => [tag.toString(16).padStart(4, '0'), value.toString('hex')]),
  };
}

/** The same, as tshark reads it. */
export function shortMessageIn(pdu: DissectedPdu): Record<string, unknown> {
  const hex = (...names: string[]): string => names.flatMap((name) => hexOf(pdu, `smpp.${name}`))[0] ?? '';
  // Tag, length, value: each a field of its own.
  const values = pdu.fields.filter((_, index) => pdu.fields[index - 1]?.name === 'smpp.opt_param_len');
  return {
    source: ['source_addr_ton', 'source_addr_npi', 'source_addr'].map((name) => hex(name)),
    destination: ['dest_addr_ton', 'dest_addr_npi', 'destination_addr'].map((name) => hex(name)),
    esmClass: hex('esm.submit.msg_mode'),
    protocolId: hex('protocol_id'),
    // A relative time has a name of its own.
    validityPeriod: hex('validity_period', 'validity_period_r'),
    registeredDelivery: hex('regdel.receipt'),
    dataCoding: hex('data_coding'),
    length: hex('sm_length'),
    octets: hex('message'),
    tlvs: hexOf(pdu, 'smpp.opt_param_tag').map((tag, index) => [tag, values[index]?.hex]),
  };
}
