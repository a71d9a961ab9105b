import defs from 'smpp/lib/defs.js';
import pduModule from 'smpp/lib/pdu.js';
import { HEADER_OCTETS } from './layout.ts';
import type { Command } from './pdu.ts';

/**
 * The `smpp` package, of which only the codec is loaded: its session and its socket stay out of the process. Pinned to
 * 0.5.1 exactly, because this file changes its tables and other versions lay them out otherwise. What is changed:
 *
 * - All filters go. They guess data_coding, decode receipts as GSM text, turn dates into Date objects, replace what they
 *   cannot encode by "@", and cut a UDH off where there is none.
 * - C-Octet Strings are read as Latin-1. Read as 'ascii', Node drops the high bit of each octet: an id would change. They are
 *   written so, too, and without a buffer of its own for each, of which a submit_sm has five.
 *
 * TLVs are not given to it at all (see tlv.ts): it drops tags unknown to it on writing, keeps one of two with the same
 * tag, loses their order, and reads a string without NUL into the next parameter.
 */
pduModule.PDU.prototype._filter = () => undefined;
defs.types.cstring.read = (buffer, offset) => buffer.toString('latin1', offset, buffer.indexOf(0, offset));
defs.types.cstring.write = (value, buffer, offset) => {
  buffer[offset + buffer.write(value, offset, 'latin1')] = 0;
};

/** Mandatory parameters under the specification's names. */
export type WireFields = Record<string, string | number | Buffer>;

/** Header and mandatory parameters of a frame whose structure is known to be sound and that ends with the last of them. */
export function readFields(frame: Buffer): WireFields {
  return new pduModule.PDU(frame);
}

/** The package's own way to write a PDU takes 5 µs for a submit_sm, most of it to look every field up by name again and again. */
const LAID_OUT = new Map(
  Object.entries(defs.commands).map(([command, { id, params = {} }]) => [
    command,
    { id, parameters: Object.entries(params).map(([name, { type }]) => ({ name, type })) },
  ]),
);

/** The mandatory parameters behind a header that holds the command_id and is 0 otherwise. @throws TypeError where one is missing */
export function writeFields(command: Command, fields: WireFields): Buffer {
  const { id, parameters } = known(LAID_OUT.get(command), command);
  const lengthOctets = parameters.reduce(
    (sum, { name, type }) => sum + type.size(known(fields[name], name)),
    HEADER_OCTETS,
  );
  const buffer = Buffer.alloc(lengthOctets);
  buffer.writeUInt32BE(id, 4);
  let offset = HEADER_OCTETS;
  for (const { name, type } of parameters) {
    const value = known(fields[name], name);
    type.write(value, buffer, offset);
    offset += type.size(value);
  }
  return buffer;
}

function known<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new TypeError(`there is no ${name}`);
  return value;
}
