import { decodeGsm7 } from './gsm7.ts';
import { decodeUcs2 } from './ucs2.ts';
import { parseUserDataHeader } from './user-data.ts';

const UDH_INDICATOR = 0x40;

/** By data_coding (SMPP 3.4 section 5.2.19); 0 is the message centre's default, which is GSM 03.38 everywhere. */
const ALPHABETS = new Map<number, { name: InboundEncoding; decode: (octets: Buffer) => string }>([
  [0, { name: 'gsm7', decode: decodeGsm7 }],
  [1, { name: 'latin1', decode: (octets) => octets.toString('latin1') }],
  [3, { name: 'latin1', decode: (octets) => octets.toString('latin1') }],
  [8, { name: 'ucs2', decode: decodeUcs2 }],
]);

export const INBOUND_ENCODINGS = ['gsm7', 'ucs2', 'latin1', 'binary'] as const;
export type InboundEncoding = (typeof INBOUND_ENCODINGS)[number];

/**
 * What a subscriber's short message, or a part of one, says. Never throws. No text where the octets are in no alphabet that
 * is known here. A character that is cut in two between parts shows as U+FFFD: join the parts first to read it.
 */
export function inboundText(message: { esmClass: number; dataCoding: number; raw: Uint8Array }): {
  encoding: InboundEncoding;
  text: string | undefined;
} {
  const { esmClass, dataCoding, raw } = message;
  const octets = Buffer.from(raw);
  const body = (esmClass & UDH_INDICATOR) === 0 ? octets : parseUserDataHeader(octets).body;
  const alphabet = ALPHABETS.get(dataCoding);
  if (alphabet === undefined) return { encoding: 'binary', text: undefined };
  return { encoding: alphabet.name, text: alphabet.decode(body) };
}
