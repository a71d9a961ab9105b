import { decodeGsm7 } from './gsm7.ts';
import { decodeUcs2 } from './ucs2.ts';
import { parseUserDataHeader } from './user-data.ts';

const UDH_INDICATOR = 0x40;

export const INBOUND_ENCODINGS = ['gsm7', 'ucs2', 'latin1', 'binary'] as const;
export type InboundEncoding = (typeof INBOUND_ENCODINGS)[number];

/** Stands for parts that are missing. */
const LOST = '\ufffd';

/** One part of a message as it came over the air. */
export interface EncodedPart {
  index: number;
  esmClass: number;
  dataCoding: number;
  raw: Uint8Array;
}

/** Neighbouring parts in one alphabet. */
interface Run {
  encoding: InboundEncoding;
  octets: Buffer;
  firstIndex: number;
  lastIndex: number;
}

/**
 * What a subscriber's message says. Never throws. Octets are joined before they are decoded, for some phones cut a character
 * in two between parts; message centres may write some parts of a message in another alphabet than the rest. Where parts are
 * missing stands U+FFFD. No text where some of it is in no alphabet that is known here.
 * @param message.parts in order, at most one of each index
 */
export function inboundText({ parts, total }: { parts: readonly EncodedPart[]; total: number }): {
  encoding: InboundEncoding;
  text: string | undefined;
} {
  const runs = runsOf(parts);
  const encoding = commonEncoding(runs);
  if (encoding === 'binary') return { encoding, text: undefined };
  let text = '';
  let expected = 1;
  for (const run of runs) {
    if (run.firstIndex > expected) text += LOST;
    text += decode(run);
    expected = run.lastIndex + 1;
  }
  return { encoding, text: expected > total ? text : text + LOST };
}

function runsOf(parts: readonly EncodedPart[]): Run[] {
  const runs: Run[] = [];
  for (const part of parts) {
    const { index } = part;
    const encoding = encodingOf(part.dataCoding);
    const last = runs.at(-1);
    if (last?.encoding === encoding && last.lastIndex + 1 === index) {
      last.octets = Buffer.concat([last.octets, bodyOf(part)]);
      last.lastIndex = index;
    } else {
      runs.push({ encoding, octets: bodyOf(part), firstIndex: index, lastIndex: index });
    }
  }
  return runs;
}

/** Of data_coding: a message class stands in the other bits, and bit 2 says whether it is text (GSM 03.38). */
const CLASS_CONTROL = { mask: 0xf4, text: 0xf0 };

/** By data_coding (SMPP 3.4 section 5.2.19); 0 is the message centre's default, which is GSM 03.38 everywhere. */
function encodingOf(dataCoding: number): InboundEncoding {
  if ((dataCoding & CLASS_CONTROL.mask) === CLASS_CONTROL.text) return 'gsm7';
  switch (dataCoding) {
    case 0:
      return 'gsm7';
    case 1:
    case 3:
      return 'latin1';
    case 8:
      return 'ucs2';
    default:
      return 'binary';
  }
}

/** That of all parts, or the one that could hold any of them. */
function commonEncoding(runs: readonly Run[]): InboundEncoding {
  const [first = 'gsm7', ...more] = new Set(runs.map(({ encoding }) => encoding));
  if (more.length === 0) return first;
  return first === 'binary' || more.includes('binary') ? 'binary' : 'ucs2';
}

function decode({ encoding, octets }: Run): string {
  switch (encoding) {
    case 'gsm7':
      return decodeGsm7(octets);
    case 'ucs2':
      return decodeUcs2(octets);
    case 'latin1':
    case 'binary':
      return octets.toString('latin1');
  }
}

function bodyOf({ esmClass, raw }: EncodedPart): Buffer {
  const octets = Buffer.from(raw);
  return (esmClass & UDH_INDICATOR) === 0 ? octets : parseUserDataHeader(octets).body;
}
