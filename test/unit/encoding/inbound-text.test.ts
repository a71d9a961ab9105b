import { describe, expect, test } from 'vitest';
import { encodeGsm7 } from '../../../shared/encoding/gsm7.ts';
import { type EncodedPart, inboundText } from '../../../shared/encoding/inbound-text.ts';
import { encodeUcs2 } from '../../../shared/encoding/ucs2.ts';

const header = (index: number, total: number) => Buffer.from([5, 0, 3, 0x2a, total, index]);

/** Parts with a header each. */
function parts(bodies: readonly Buffer[], dataCoding: number): EncodedPart[] {
  return bodies.map((body, i) => ({
    index: i + 1,
    esmClass: 0x40,
    dataCoding,
    raw: Buffer.concat([header(i + 1, bodies.length), body]),
  }));
}

describe('the parts of a message are read as one', () => {
  test('though a surrogate pair is cut in two between them', () => {
    const octets = encodeUcs2('mahal 🇵🇭 kita');
    const cut = octets.subarray(0, 14);
    expect(cut.at(-2)).toBe(0xd8);
    expect(inboundText({ parts: parts([cut, octets.subarray(14)], 8), total: 2 })).toEqual({
      encoding: 'ucs2',
      text: 'mahal 🇵🇭 kita',
    });
  });

  test('though even a code unit is', () => {
    const octets = encodeUcs2('₱100');
    expect(inboundText({ parts: parts([octets.subarray(0, 1), octets.subarray(1)], 8), total: 2 }).text).toBe('₱100');
  });

  test('though an escape of the GSM alphabet stands at the end of one and its character in the next', () => {
    const octets = encodeGsm7('5€ {x}');
    expect(octets[1]).toBe(0x1b);
    expect(inboundText({ parts: parts([octets.subarray(0, 2), octets.subarray(2)], 0), total: 2 })).toEqual({
      encoding: 'gsm7',
      text: '5€ {x}',
    });
  });

  test('though the message centre wrote one of them in another alphabet', () => {
    const [first, second] = [parts([encodeGsm7('plain ')], 0), parts([encodeUcs2('ñ₱')], 8)];
    const mixed = [...first, ...second.map((part) => ({ ...part, index: 2 }))];
    expect(inboundText({ parts: mixed, total: 2 })).toEqual({ encoding: 'ucs2', text: 'plain ñ₱' });
  });

  test('and are no text where one of them is none', () => {
    const [first, second] = [parts([encodeGsm7('plain ')], 0), parts([Buffer.from([1, 2])], 4)];
    const mixed = [...first, ...second.map((part) => ({ ...part, index: 2 }))];
    expect(inboundText({ parts: mixed, total: 2 })).toEqual({ encoding: 'binary', text: undefined });
  });
});

describe('what is missing shows', () => {
  const all = parts(['one ', 'two ', 'three'].map(encodeGsm7), 0);
  test.each([
    ['at the beginning', [1, 2], '\ufffdtwo three'],
    ['in the middle', [0, 2], 'one \ufffdthree'],
    ['at the end', [0, 1], 'one two \ufffd'],
    ['all around', [1], '\ufffdtwo \ufffd'],
  ])('%s', (_where, kept, text) => {
    expect(inboundText({ parts: kept.flatMap((i) => all[i] ?? []), total: 3 }).text).toBe(text);
  });

  test('and halves of characters on both sides of a gap make no character together', () => {
    const [high, , low] = parts([encodeUcs2('😀').subarray(0, 2), encodeUcs2('x'), encodeUcs2('😀').subarray(2)], 8);
    const kept = [high, low].flatMap((part) => part ?? []);
    expect(inboundText({ parts: kept, total: 3 }).text).toBe('\ufffd\ufffd\ufffd');
  });
});

test.each([
  ['a class, in the GSM alphabet', 0xf1, 'gsm7', 'STOP'],
  ['a class, in octets that are no text', 0xf5, 'binary', undefined],
])('a data_coding with %s is read as that', (_what, dataCoding, encoding, text) => {
  const raw = encodeGsm7('STOP');
  expect(inboundText({ parts: [{ index: 1, esmClass: 0, dataCoding, raw }], total: 1 })).toEqual({ encoding, text });
});
