import { graphemesOf } from './graphemes.ts';
import { countSeptets, septetsOf } from './gsm7.ts';
import { loneSurrogates, nameCharacter, unencodableInGsm7 } from './unencodable.ts';

export type Encoding = 'gsm7' | 'ucs2';
/** Width of the reference number in the concatenation header: it decides how much room a header leaves. */
export type ReferenceWidth = '8bit' | '16bit';

/** Septets (gsm7) or UTF-16 code units (ucs2) that fit in 140 octets, alone and behind a UDH of 6 or 7 octets (23.040, 9.2.3.24). */
export const SEGMENT_LIMITS = {
  gsm7: { alone: 160, '8bit': 153, '16bit': 152 },
  ucs2: { alone: 70, '8bit': 67, '16bit': 66 },
} as const;

/** At most this many characters are named in a refusal. */
const MOST_NAMED_CHARACTERS = 20;

export interface SegmentRequest {
  text: string;
  /** `auto`: the GSM alphabet where the whole text is in it, else UCS-2. */
  encoding: Encoding | 'auto';
  /** Default `8bit`. */
  reference?: ReferenceWidth;
}

export type Segmentation =
  /** `units`: septets or UTF-16 code units of the text, headers not counted. `segments` joined are the text; an empty text is one. */
  | { kind: 'ok'; encoding: Encoding; units: number; segments: string[] }
  /** Each character once, as a reader would name it; at most 20. */
  | { kind: 'unencodable'; characters: string[] };

/** Divides a text into segments, each as full as it can be. Never throws; takes linear time. */
export function segmentText({ text, encoding, reference = '8bit' }: SegmentRequest): Segmentation {
  const septets = encoding === 'ucs2' ? undefined : countSeptets(text);
  if (septets !== undefined) {
    const { alone, [reference]: limit } = SEGMENT_LIMITS.gsm7;
    return {
      kind: 'ok',
      encoding: 'gsm7',
      units: septets,
      segments: septets <= alone ? [text] : divide(text, limit, endInGsm7),
    };
  }
  if (encoding === 'gsm7') {
    const found = unencodableInGsm7(text, MOST_NAMED_CHARACTERS);
    return { kind: 'unencodable', characters: found.map(({ character }) => nameCharacter(character)) };
  }
  if (!text.isWellFormed()) {
    return { kind: 'unencodable', characters: loneSurrogates(text, MOST_NAMED_CHARACTERS).map(nameCharacter) };
  }
  const { alone, [reference]: limit } = SEGMENT_LIMITS.ucs2;
  const units = text.length;
  return { kind: 'ok', encoding: 'ucs2', units, segments: units <= alone ? [text] : divide(text, limit, endInUcs2) };
}

function divide(
  text: string,
  limit: number,
  endOfSegment: (text: string, start: number, limit: number) => number,
): string[] {
  const segments: string[] = [];
  for (let start = 0; start < text.length; ) {
    const end = endOfSegment(text, start, limit);
    segments.push(text.slice(start, end));
    start = end;
  }
  return segments;
}

/** CR LF is the only grapheme of more than one character that the GSM alphabet can form. */
function endInGsm7(text: string, start: number, limit: number): number {
  let septets = 0;
  for (let i = start; i < text.length; i++) {
    septets += septetsOf(text.charCodeAt(i));
    if (septets > limit) return text[i] === '\n' && text[i - 1] === '\r' ? i - 1 : i;
  }
  return text.length;
}

function endInUcs2(text: string, start: number, limit: number): number {
  const end = start + limit;
  if (end >= text.length) return text.length;
  // A grapheme break depends on what stands before it back to the last break, and on one code point behind it: this window
  // gives the same breaks as the whole text would, and keeps the work linear however long a grapheme is.
  const cut = graphemesOf(text.slice(start, end + 2)).containing(limit)?.index ?? limit;
  if (cut > 0) return start + cut;
  // One grapheme fills the segment and goes on: no choice but to split it, though not within a surrogate pair.
  return isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
}

function isHighSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xd800 && codeUnit <= 0xdbff;
}
