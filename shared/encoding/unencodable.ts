import { graphemesOf } from './graphemes.ts';
import { countSeptets } from './gsm7.ts';

/** One character, as a reader sees it, that the GSM alphabet lacks. Positions are UTF-16 indexes of each occurrence. */
export interface UnencodableCharacter {
  character: string;
  positions: number[];
}

/** The characters of a text that the GSM alphabet lacks: each once, in order of appearance, at most `atMost` of them. */
export function unencodableInGsm7(text: string, atMost: number): UnencodableCharacter[] {
  const found = new Map<string, number[]>();
  for (const { segment, index } of graphemesOf(text)) {
    if (countSeptets(segment) !== undefined) continue;
    const positions = found.get(segment);
    if (positions !== undefined) positions.push(index);
    else if (found.size < atMost) found.set(segment, [index]);
  }
  return [...found].map(([character, positions]) => ({ character, positions }));
}

/** The halves of surrogate pairs that stand alone: the only thing in a string that UTF-16 on the wire cannot carry. */
export function loneSurrogates(text: string, atMost: number): string[] {
  const found = text.match(/\p{Surrogate}/gu) ?? [];
  return [...new Set(found)].slice(0, atMost);
}

/**
 * How an error names a character. What cannot be seen is named by code point (`U+200B`), and what looks like a character of
 * the alphabet gets its code points as well: a decomposed ñ would otherwise be refused as "ñ".
 */
export function nameCharacter(character: string): string {
  const codePoints = Array.from(character, (c) => `U+${c.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0')}`);
  if (/^[\p{C}\p{Z}]+$/u.test(character)) return codePoints.join(' ');
  return countSeptets(character[0] ?? '') === 1 ? `${character} (${codePoints.join(' ')})` : character;
}
