import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { countSeptets } from '../../../shared/encoding/gsm7.ts';
import type { SegmentRequest } from '../../../shared/encoding/segment.ts';
import { segmentSmartly } from '../../../shared/encoding/smart-encoding.ts';
import { replaceLookalikes } from '../../../shared/encoding/smart-replacements.ts';

/** Texts in which everything occurs that matters, some just short of or beyond a segment. */
const text = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.stringMatching(/^[a-z ]{0,40}$/) },
      fc.constantFrom(...Array.from('‘’“”–—…₱\u00a0\u200bñ€😀\u200d中')),
      fc.string({ unit: 'binary', maxLength: 3 }),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));
const encoding = fc.constantFrom<SegmentRequest['encoding']>('auto', 'gsm7', 'ucs2');
const smart = fc.constantFrom(true as const, 'with_peso' as const);

test('smart encoding never costs a segment, and replaces only where it saves one or makes the text possible', () => {
  fc.assert(
    fc.property(text, encoding, smart, (text, encoding, smart) => {
      const off = segmentSmartly({ text, encoding }, false);
      const on = segmentSmartly({ text, encoding }, smart);
      if (on.kind === 'kept') {
        expect(on).toEqual(off);
        return;
      }
      expect(on.without).toEqual(off.segmentation);
      expect(on.text).not.toBe(text);
      if (on.segmentation.kind !== 'ok') throw new Error('replaced, and still not encodable');
      expect(on.segmentation.segments.join('')).toBe(on.text);
      if (on.without.kind === 'ok') expect(on.segmentation.segments.length).toBeLessThan(on.without.segments.length);
    }),
    { numRuns: 1_000 },
  );
});

test('what is replaced is reported in full, and everything else stays as it was', () => {
  fc.assert(
    fc.property(text, fc.boolean(), (text, peso) => {
      const { text: replaced, replacements } = replaceLookalikes(text, { peso });
      const counts = new Map<string, number>();
      for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
      let expected = text;
      for (const { character, replacement, count } of replacements) {
        expect(countSeptets(character)).toBeUndefined();
        expect(countSeptets(replacement)).toBe(replacement.length);
        expect(count).toBe(counts.get(character));
        expected = expected.replaceAll(character, replacement);
      }
      expect(replaced).toBe(expected);
      expect(replaceLookalikes(replaced, { peso })).toEqual({ text: replaced, replacements: [] });
    }),
    { numRuns: 1_000 },
  );
});

test('a curly apostrophe no longer doubles the price, and a short text is left alone', () => {
  const long = `Don’t miss it – only today… ${'a'.repeat(60)}`;
  expect(segmentSmartly({ text: long, encoding: 'auto' }, true)).toMatchObject({
    kind: 'replaced',
    text: `Don't miss it - only today... ${'a'.repeat(60)}`,
    segmentation: { encoding: 'gsm7', segments: [expect.any(String)] },
    without: { encoding: 'ucs2', segments: [expect.any(String), expect.any(String)] },
    replacements: [
      { character: '’', replacement: "'", count: 1 },
      { character: '–', replacement: '-', count: 1 },
      { character: '…', replacement: '...', count: 1 },
    ],
  });
  expect(segmentSmartly({ text: 'Don’t', encoding: 'auto' }, true).kind).toBe('kept');
  expect(segmentSmartly({ text: 'Don’t', encoding: 'gsm7' }, true)).toMatchObject({ kind: 'replaced', text: "Don't" });
  const price = `₱100 ${'a'.repeat(80)}`;
  expect(segmentSmartly({ text: price, encoding: 'auto' }, true).kind).toBe('kept');
  expect(segmentSmartly({ text: price, encoding: 'auto' }, 'with_peso')).toMatchObject({
    text: `PHP100 ${'a'.repeat(80)}`,
  });
});
