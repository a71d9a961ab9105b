import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { countSeptets, decodeGsm7, encodeGsm7 } from '../../../shared/encoding/gsm7.ts';
import { type Encoding, SEGMENT_LIMITS, type Segmentation, segmentText } from '../../../shared/encoding/segment.ts';
import { decodeUcs2, encodeUcs2 } from '../../../shared/encoding/ucs2.ts';
import { parseUserDataHeader, userData } from '../../../shared/encoding/user-data.ts';

const GSM = '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./09:;<=>?¡AZÄÖÑÜ§¿azäöñüà^{}\\[~]|€\f'.split('');
const gsmText = fc.string({ unit: fc.constantFrom(...GSM, '\r\n'), maxLength: 700 });
/** Texts with everything that is hard to divide: joined emoji, flags, combining marks, conjuncts, jamo, CR LF. */
const hardUnits = fc.constantFrom(
  'a',
  'ş',
  '₱',
  '😀',
  '👍🏽',
  '👨‍👩‍👧‍👦',
  '🇵🇭',
  '🇺',
  'n\u0303',
  '\u0301',
  '\u200d',
  '\r\n',
  '\r',
  '한',
  '\u1100',
  '\u1161',
  'क्षि',
  '1️⃣',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
);
const hardText = fc.string({ unit: hardUnits, maxLength: 300 });
const anyWellFormed = fc.string({ unit: 'grapheme', maxLength: 400 });
const wellFormed = fc.oneof(gsmText, hardText, anyWellFormed);
const anyString = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
  .map((units) => String.fromCharCode(...units));
const width = fc.constantFrom('8bit' as const, '16bit' as const);

const unitsOf = (text: string, encoding: Encoding) =>
  encoding === 'ucs2' ? text.length : (countSeptets(text) ?? Number.NaN);
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });
const firstGrapheme = (text: string) => graphemes.segment(text).containing(0)?.segment ?? '';

function ok(result: Segmentation) {
  if (result.kind !== 'ok') throw new Error('refused');
  return result;
}

describe('segments of any well-formed text', () => {
  test('joined are the text, and none is above its limit', () => {
    fc.assert(
      fc.property(wellFormed, width, (text, reference) => {
        const { segments, encoding, units } = ok(segmentText({ text, encoding: 'auto', reference }));
        expect(segments.join('')).toBe(text);
        expect(units).toBe(unitsOf(text, encoding));
        const limit = SEGMENT_LIMITS[encoding][segments.length > 1 ? reference : 'alone'];
        for (const segment of segments) expect(unitsOf(segment, encoding)).toBeLessThanOrEqual(limit);
        expect(segments.length > 1).toBe(units > SEGMENT_LIMITS[encoding].alone);
      }),
    );
  });

  test('are full: the next grapheme would not have fitted', () => {
    fc.assert(
      fc.property(wellFormed, width, (text, reference) => {
        const { segments, encoding } = ok(segmentText({ text, encoding: 'auto', reference }));
        const limit = SEGMENT_LIMITS[encoding][reference];
        for (const [i, segment] of segments.slice(0, -1).entries()) {
          const next = firstGrapheme(segments.slice(i + 1).join(''));
          expect(unitsOf(segment + next, encoding)).toBeGreaterThan(limit);
        }
      }),
    );
  });

  test('end where a grapheme of the whole text ends, unless that is longer than a segment', () => {
    fc.assert(
      fc.property(hardText, width, (text, reference) => {
        const { segments, encoding } = ok(segmentText({ text, encoding: 'auto', reference }));
        let end = 0;
        for (const segment of segments.slice(0, -1)) {
          end += segment.length;
          const split = graphemes.segment(text).containing(end);
          if (split === undefined || split.index === end) continue;
          expect(unitsOf(split.segment, encoding)).toBeGreaterThan(SEGMENT_LIMITS[encoding][reference]);
        }
      }),
      { numRuns: 300 },
    );
  });

  test('split neither a surrogate pair nor an escape pair', () => {
    fc.assert(
      fc.property(wellFormed, width, fc.nat(255), (text, reference, value) => {
        const { segments, encoding } = ok(segmentText({ text, encoding: 'auto', reference }));
        for (const segment of segments) expect(segment.isWellFormed()).toBe(true);
        if (encoding === 'ucs2' || segments.length > 255) return;
        for (const octets of userData({ segments, encoding, reference: { width: reference, value } }))
          expect(octets.at(-1)).not.toBe(0x1b);
      }),
    );
  });

  test('on the wire and back are the text, part by part', () => {
    fc.assert(
      fc.property(wellFormed, width, fc.nat(255), (text, width, value) => {
        const { segments, encoding } = ok(segmentText({ text, encoding: 'auto', reference: width }));
        const parts = userData({ segments, encoding, reference: { width, value } });
        for (const octets of parts) expect(octets.length).toBeLessThanOrEqual(encoding === 'ucs2' ? 140 : 160);
        const bodies = parts.length > 1 ? parts.map((octets) => parseUserDataHeader(octets).body) : parts;
        expect(bodies.map(encoding === 'ucs2' ? decodeUcs2 : decodeGsm7)).toEqual(segments);
      }),
    );
  });
});

describe('whatever comes', () => {
  test('no string makes segmentText throw, and half a surrogate pair is refused', () => {
    fc.assert(
      fc.property(fc.oneof(anyString, wellFormed), fc.constantFrom('auto', 'gsm7', 'ucs2'), (text, encoding) => {
        const result = segmentText({ text, encoding });
        if (encoding === 'gsm7') expect(result.kind).toBe(countSeptets(text) === undefined ? 'unencodable' : 'ok');
        else expect(result.kind).toBe(text.isWellFormed() ? 'ok' : 'unencodable');
        if (result.kind === 'unencodable') expect(result.characters.length).toBeGreaterThan(0);
      }),
    );
  });

  test('no octets make a decoder or the header parser throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 254 }), (octets) => {
        expect(decodeGsm7(octets).isWellFormed()).toBe(true);
        expect(decodeUcs2(octets).isWellFormed()).toBe(true);
        const { body, concatenation } = parseUserDataHeader(Buffer.from(octets));
        expect(Buffer.from(octets).subarray(octets.length - body.length)).toEqual(body);
        if (concatenation !== undefined) expect(concatenation.index).toBeLessThanOrEqual(concatenation.total);
      }),
    );
  });

  test('decoding undoes encoding', () => {
    fc.assert(
      fc.property(gsmText, fc.oneof(hardText, anyWellFormed), (inAlphabet, text) => {
        expect(decodeGsm7(encodeGsm7(inAlphabet))).toBe(inAlphabet);
        expect(decodeUcs2(encodeUcs2(text))).toBe(text);
      }),
    );
  });

  test('the octets are as many as the septets counted', () => {
    fc.assert(
      fc.property(gsmText, (text) => {
        expect(encodeGsm7(text)).toHaveLength(countSeptets(text) ?? -1);
      }),
    );
  });
});
