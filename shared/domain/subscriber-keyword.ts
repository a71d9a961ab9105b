/** What a subscriber asks for by one word: no more messages, or messages again. */
const KEYWORD_KINDS = ['stop', 'start'] as const;
export type KeywordKind = (typeof KEYWORD_KINDS)[number];

/** English, and Filipino as people write it. */
const DEFAULT_WORDS: Readonly<Record<KeywordKind, readonly string[]>> = {
  stop: 'STOP,STOPALL,STOP ALL,UNSUBSCRIBE,UNSUB,CANCEL,END,QUIT,REVOKE,OPTOUT,OPT OUT'
    .concat(',TIGIL,ITIGIL,HINTO,IHINTO,TAMA NA,AYAW,AYAW NA,AYAW KO,AYAW KO NA,AYOKO,AYOKO NA')
    .split(','),
  start: 'START,UNSTOP,OPTIN,OPT IN,SIMULAN,ITULOY,IPAGPATULOY,MAGPATULOY'.split(','),
};

/** Words that stand in place of the usual ones. */
export type KeywordLists = Readonly<Record<KeywordKind, { words?: readonly string[] | undefined }>>;

/**
 * What a whole message asks for. Case, accents, and punctuation, emoji and spaces around it do not count; anything else beside the
 * word makes it a sentence, which asks for nothing: "please stop by tomorrow" is no wish to hear no more.
 */
export function keywordOf(text: string, lists: KeywordLists): KeywordKind | undefined {
  const said = bare(text);
  if (said === '') return undefined;
  return KEYWORD_KINDS.find((kind) => (lists[kind].words ?? DEFAULT_WORDS[kind]).some((word) => bare(word) === said));
}

/** Accents, which dictionaries write ("hintô") and few people do; what makes a symbol an emoji; and what nobody sees. */
const UNSAID = /[\u0300-\u036f\ufe00-\ufe0f\p{Cf}]+/gu;

/** Letters and digits in upper case, in groups with one space between them. */
function bare(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(UNSAID, '')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}
