let segmenter: Intl.Segmenter | undefined;

/**
 * What a reader takes for one character (Unicode Standard Annex 29). The segmenter is made at first use: most texts never
 * need it, and its tables cost a Lambda part of its cold start. The locale is fixed so that one text divides alike everywhere.
 */
export function graphemesOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(text);
}
