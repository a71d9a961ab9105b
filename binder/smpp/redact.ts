import { commandOfId, HEADER_OCTETS, LAYOUTS } from './layout.ts';
import { walkStructure } from './structure.ts';
import { TAG } from './tlv.ts';

/** Values that say nothing about a person. Every other TLV is masked, a new one too. */
const SHOWN_TAGS: ReadonlySet<number> = new Set(Object.values(TAG).filter((tag) => tag !== TAG.messagePayload));

/**
 * A frame in hex for the log, with addresses, texts and passwords as `**` octet by octet, so that lengths still show.
 * What lies behind the point where a PDU stops making sense is masked whole: no one can say what it is.
 */
export function redactFrame(frame: Buffer): string {
  const header = frame.subarray(0, HEADER_OCTETS).toString('hex');
  const body = bodyParts(frame);
  return [header, ...body].filter((part) => part.length > 0).join(' ');
}

function bodyParts(frame: Buffer): string[] {
  const command = frame.length < HEADER_OCTETS ? undefined : commandOfId(frame.readUInt32BE(4));
  if (command === undefined) return [stars(frame.length - HEADER_OCTETS)];
  const structure = walkStructure(frame, LAYOUTS[command]);
  const parts = structure.spans.map(({ field, start, end }) =>
    field.masked ? stars(end - start) : frame.toString('hex', start, end),
  );
  if (structure.kind === 'malformed') {
    const known = structure.spans.at(-1)?.end ?? HEADER_OCTETS;
    return [...parts, stars(frame.length - known)];
  }
  for (const { tag, value } of structure.tlvs) {
    const head = `${tag.toString(16).padStart(4, '0')}:${value.length}:`;
    parts.push(head + (SHOWN_TAGS.has(tag) ? value.toString('hex') : stars(value.length)));
  }
  return parts;
}

function stars(octets: number): string {
  return '**'.repeat(Math.max(0, octets));
}
