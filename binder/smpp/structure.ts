import { type Field, HEADER_OCTETS, type Layout } from './layout.ts';
import type { Tlv } from './pdu.ts';
import { readTlvs } from './tlv.ts';

/** Where each mandatory parameter of a frame lies, half open: octet `start` up to, not including, `end`. */
export interface Span {
  field: Field;
  start: number;
  end: number;
}

export type Structure =
  | { kind: 'sound'; spans: Span[]; mandatoryEnd: number; tlvs: Tlv[] }
  /** `spans` holds what came before the fault. */
  | { kind: 'malformed'; spans: Span[]; reason: string };

/**
 * Walks a frame parameter by parameter and accepts it only if every one of them ends inside it. The package reads what
 * is not there as zeros or empty strings and what is too much as TLVs of its own making, so nothing reaches it unwalked.
 * Over-long strings are let through: an id of 70 octets is better read than lost.
 */
export function walkStructure(frame: Buffer, layout: Layout): Structure {
  const spans: Span[] = [];
  const malformed = (reason: string): Structure => ({ kind: 'malformed', spans, reason });
  if (frame.readUInt32BE(0) !== frame.length) {
    return malformed(`command_length is ${frame.readUInt32BE(0)} in a frame of ${frame.length} octets`);
  }
  if (layout.bodyOptional && frame.length === HEADER_OCTETS) {
    return { kind: 'sound', spans, mandatoryEnd: HEADER_OCTETS, tlvs: [] };
  }
  let offset = HEADER_OCTETS;
  for (const field of layout.fields) {
    const end = fieldEnd(frame, offset, field);
    if (typeof end !== 'number') return malformed(end.fault);
    spans.push({ field, start: offset, end });
    offset = end;
  }
  const tlvs = readTlvs(frame, offset);
  if (!Array.isArray(tlvs)) return malformed(tlvs.malformed);
  return { kind: 'sound', spans, mandatoryEnd: offset, tlvs };
}

function fieldEnd(frame: Buffer, start: number, field: Field): number | { fault: string } {
  if (start >= frame.length) return { fault: `the body ends before ${field.name}` };
  switch (field.kind) {
    case 'int8':
      return start + 1;
    case 'c_octet': {
      const nul = frame.indexOf(0, start);
      return nul === -1 ? { fault: `${field.name} has no closing NUL` } : nul + 1;
    }
    case 'short_message': {
      const end = start + 1 + (frame[start] ?? 0);
      if (end > frame.length) return { fault: `sm_length reaches ${end - frame.length} octets past the end` };
      return end;
    }
  }
}
