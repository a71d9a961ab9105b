/**
 * What word processors and phones put into texts in place of characters that the GSM alphabet has: each looks almost the
 * same and means the same. A joiner (U+200D) is not among them, for it holds emoji together.
 */
const GROUPS: readonly (readonly [characters: string, replacement: string])[] = [
  // Single quotes, apostrophes, primes, grave and acute accents that stand alone.
  ['\u2018\u2019\u201a\u201b\u2032\u2035\u2039\u203a\u02b9\u02bc\u02c8\u0060\u00b4', "'"],
  ['\u201c\u201d\u201e\u201f\u2033\u2036\u00ab\u00bb\u02ba', '"'],
  ['\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043', '-'],
  ['\u2026', '...'],
  ['\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000', ' '],
  ['\u2028\u2029\u0085', '\n'],
  // Nothing is seen of them: zero-width spaces, a word joiner, a byte order mark, a hyphen that is shown at the end of lines only.
  ['\u200b\u2060\ufeff\u00ad', ''],
];

const PESO_SIGN = '\u20b1';
const PESO = 'PHP';

const REPLACEMENTS: ReadonlyMap<string, string> = new Map(
  GROUPS.flatMap(([characters, replacement]) =>
    Array.from(characters, (character) => [character, replacement] as const),
  ),
);

/** One kind of character that was replaced. */
export interface Replacement {
  character: string;
  /** Empty where it was left out. */
  replacement: string;
  count: number;
}

/** A text with everything replaced that can be, and what that was, in order of appearance. */
export function replaceLookalikes(
  text: string,
  { peso }: { peso: boolean },
): { text: string; replacements: Replacement[] } {
  const found = new Map<string, Replacement>();
  let replaced = '';
  for (const character of text) {
    const replacement = peso && character === PESO_SIGN ? PESO : REPLACEMENTS.get(character);
    replaced += replacement ?? character;
    if (replacement === undefined) continue;
    const entry = found.get(character) ?? { character, replacement, count: 0 };
    entry.count += 1;
    found.set(character, entry);
  }
  return { text: replaced, replacements: [...found.values()] };
}
