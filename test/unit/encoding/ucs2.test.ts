import { expect, test } from 'vitest';
import { UnencodableTextError } from '../../../shared/encoding/gsm7.ts';
import { decodeUcs2, encodeUcs2 } from '../../../shared/encoding/ucs2.ts';

test('UCS-2 is big endian, with surrogate pairs for what is beyond', () => {
  expect(encodeUcs2('₱5 ñ😀').toString('hex')).toBe('20b10035002000f1d83dde00');
  expect(decodeUcs2(Buffer.from('20b10035002000f1d83dde00', 'hex'))).toBe('₱5 ñ😀');
});

test('a byte order mark is a character like any other', () => {
  expect(decodeUcs2(encodeUcs2('\ufeffa'))).toBe('\ufeffa');
});

test('half a surrogate pair is not sent', () => {
  expect(() => encodeUcs2('a\ud83d')).toThrow(UnencodableTextError);
  expect(() => encodeUcs2('\ude00a')).toThrow(UnencodableTextError);
});

test('half a surrogate pair and half a code unit are read as U+FFFD', () => {
  expect(decodeUcs2(Buffer.from('0061d83d0062', 'hex'))).toBe('a\ufffdb');
  expect(decodeUcs2(Buffer.from('006100', 'hex'))).toBe('a\ufffd');
  expect(decodeUcs2(Buffer.alloc(0))).toBe('');
});
