import { describe, expect, test } from 'vitest';
import { type Encoding, segmentText } from '../../../shared/encoding/segment.ts';

const a = (times: number) => 'a'.repeat(times);
const ş = (times: number) => 'ş'.repeat(times);

/** The vectors of the design's section on text: text, encoding, units, segments. */
const VECTORS: [name: string, text: string, encoding: Encoding, units: number, segments: number][] = [
  ['160 a', a(160), 'gsm7', 160, 1],
  ['161 a', a(161), 'gsm7', 161, 2],
  ['306 a', a(306), 'gsm7', 306, 2],
  ['307 a', a(307), 'gsm7', 307, 3],
  ['158 a + €', `${a(158)}€`, 'gsm7', 160, 1],
  ['159 a + €', `${a(159)}€`, 'gsm7', 161, 2],
  ['152 a + € + 152 a', `${a(152)}€${a(152)}`, 'gsm7', 306, 3],
  ['152 a + € + 151 a', `${a(152)}€${a(151)}`, 'gsm7', 305, 2],
  ['153 €', '€'.repeat(153), 'gsm7', 306, 3],
  ['66 ş + 😀 + 66 ş', `${ş(66)}😀${ş(66)}`, 'ucs2', 134, 3],
  ['66 ş + 😀 + 65 ş', `${ş(66)}😀${ş(65)}`, 'ucs2', 133, 2],
  ['70 ç', 'ç'.repeat(70), 'ucs2', 70, 1],
  ['160 ñ', 'ñ'.repeat(160), 'gsm7', 160, 1],
  ['₱ + 70 a', `₱${a(70)}`, 'ucs2', 71, 2],
  ['one ’ and 159 a', `’${a(159)}`, 'ucs2', 160, 3],
];

function segmentsOf(
  text: string,
  encoding: Encoding | 'auto' = 'auto',
  reference: '8bit' | '16bit' = '8bit',
): string[] {
  const result = segmentText({ text, encoding, reference });
  if (result.kind !== 'ok') throw new Error(`unencodable: ${result.characters.join(' ')}`);
  return result.segments;
}
const lengths = (segments: string[]) => segments.map((segment) => segment.length);

describe('segmentText', () => {
  test.each(VECTORS)('%s', (_name, text, encoding, units, count) => {
    const result = segmentText({ text, encoding: 'auto' });
    expect(result).toMatchObject({ kind: 'ok', encoding, units });
    expect(segmentsOf(text)).toHaveLength(count);
    expect(segmentsOf(text).join('')).toBe(text);
  });

  test('leaves one unit less behind a header with a 16-bit reference', () => {
    expect(lengths(segmentsOf(a(304), 'auto', '16bit'))).toEqual([152, 152]);
    expect(lengths(segmentsOf(a(305), 'auto', '16bit'))).toEqual([152, 152, 1]);
    expect(lengths(segmentsOf(ş(133), 'auto', '16bit'))).toEqual([66, 66, 1]);
    expect(lengths(segmentsOf(a(160), 'auto', '16bit'))).toEqual([160]);
  });

  test('an empty text is one empty segment', () => {
    expect(segmentText({ text: '', encoding: 'auto' })).toEqual({
      kind: 'ok',
      encoding: 'gsm7',
      units: 0,
      segments: [''],
    });
  });

  test('UCS-2 is used where asked for, even for plain text', () => {
    expect(segmentText({ text: a(71), encoding: 'ucs2' })).toMatchObject({ encoding: 'ucs2', units: 71 });
    expect(lengths(segmentsOf(a(71), 'ucs2'))).toEqual([67, 4]);
  });

  test('fills greedily instead of dividing evenly', () => {
    expect(lengths(segmentsOf(a(161)))).toEqual([153, 8]);
    expect(lengths(segmentsOf(`${a(152)}€${a(151)}`))).toEqual([152, 152]);
  });

  test('moves a grapheme that does not fit to the next segment whole', () => {
    const family = '👨‍👩‍👧';
    const [first, second] = segmentsOf(`${ş(64)}${family}${ş(9)}`);
    expect(first).toBe(ş(64));
    expect(second).toBe(`${family}${ş(9)}`);
    expect(segmentsOf(`${ş(59)}${family}${ş(9)}`)[0]).toBe(`${ş(59)}${family}`);
  });

  test('keeps flags whole, whose pairing depends on where the run begins', () => {
    const flags = '🇵🇭'.repeat(40);
    for (const segment of segmentsOf(flags)) expect(segment.length % 4).toBe(0);
    for (const segment of segmentsOf(`ş${flags}`)) expect(segment.replace('ş', '').length % 4).toBe(0);
  });

  test('keeps CR LF together in either alphabet', () => {
    expect(lengths(segmentsOf(`${a(152)}\r\n${a(20)}`))).toEqual([152, 22]);
    expect(lengths(segmentsOf(`${ş(66)}\r\n${ş(20)}`))).toEqual([66, 22]);
    expect(lengths(segmentsOf(`${a(151)}\r\n${a(20)}`))).toEqual([153, 20]);
  });

  test('splits a grapheme longer than a segment between code points', () => {
    const zalgo = `o${'\u0336'.repeat(100)}`;
    expect(lengths(segmentsOf(zalgo))).toEqual([67, 34]);
    expect(lengths(segmentsOf(`ş${zalgo}`))).toEqual([1, 67, 34]);
    const family = ['👨', '👩', '👧'].join('\u200d');
    const crowd = Array.from({ length: 12 }, () => family).join('\u200d');
    for (const segment of segmentsOf(crowd)) expect(segment.isWellFormed()).toBe(true);
    expect(segmentsOf(crowd).join('')).toBe(crowd);
  });

  test('a lone escape character is not let through into the GSM alphabet', () => {
    expect(segmentText({ text: 'a\u001be', encoding: 'auto' })).toMatchObject({ encoding: 'ucs2' });
  });

  test('divides 10,000 characters of any kind in milliseconds', () => {
    const texts = [
      a(10_000),
      ş(10_000),
      '😀'.repeat(5000),
      '🇵🇭'.repeat(2500),
      `o${'\u0336'.repeat(9999)}`,
      '👩\u200d'.repeat(3333),
    ];
    for (const text of texts) segmentsOf(text);
    const start = performance.now();
    for (const text of texts) segmentsOf(text);
    expect(performance.now() - start).toBeLessThan(100);
  });
});

describe('what cannot be encoded', () => {
  const refused = (text: string, encoding: Encoding | 'auto') => {
    const result = segmentText({ text, encoding });
    return result.kind === 'unencodable' ? result.characters : [];
  };

  test('is named, each character once, in order', () => {
    expect(refused('₱500 — ₱20 “off” 👨‍👩‍👧', 'gsm7')).toEqual(['₱', '—', '“', '”', '👨‍👩‍👧']);
  });

  test('is named by code point where it cannot be seen', () => {
    expect(refused('a\u200bb\u00a0c\u001b', 'gsm7')).toEqual(['U+200B', 'U+00A0', 'U+001B']);
  });

  test('is told apart from a look-alike in the alphabet', () => {
    expect(refused('ma\u006e\u0303ana', 'gsm7')).toEqual(['n\u0303 (U+006E U+0303)']);
  });

  test('is named twenty times at most', () => {
    const many = Array.from({ length: 100 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
    expect(refused(many, 'gsm7')).toHaveLength(20);
  });

  test('in UCS-2 is half a surrogate pair only', () => {
    expect(refused('ok \ud83d and \ude00 and \ud83d', 'auto')).toEqual(['U+D83D', 'U+DE00']);
    expect(refused('ok 😀', 'ucs2')).toEqual([]);
  });
});
