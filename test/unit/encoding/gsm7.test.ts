import { describe, expect, test } from 'vitest';
import { graphemesOf } from '../../../shared/encoding/graphemes.ts';
import { countSeptets, decodeGsm7, encodeGsm7, UnencodableTextError } from '../../../shared/encoding/gsm7.ts';
import { loneSurrogates, unencodableInGsm7 } from '../../../shared/encoding/unencodable.ts';

const hex = (text: string) => encodeGsm7(text).toString('hex');
const fromHex = (octets: string) => decodeGsm7(Buffer.from(octets, 'hex'));
/** Every character of the alphabet, in the order of its octets, the escape left out. */
const ALPHABET = decodeGsm7(Uint8Array.from({ length: 128 }, (_, octet) => octet).filter((octet) => octet !== 0x1b));

describe('the GSM 7 bit alphabet', () => {
  test('has the octets of 23.038 where they differ from ASCII', () => {
    expect(hex('@£$¥èéùìòÇ')).toBe('00010203040506070809');
    expect(hex('Δ_ΦΓΛΩΠΨΣΘΞ')).toBe('101112131415161718191a');
    expect(hex('ÆæßÉ ¤¡ÄÖÑÜ§¿äöñüà')).toBe('1c1d1e1f2024405b5c5d5e5f607b7c7d7e7f');
    expect(hex('\n\rØøÅå')).toBe('0a0d0b0c0e0f');
  });

  test('has ASCII letters, digits and most punctuation where ASCII has them', () => {
    const same = ' !"#%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
    expect(encodeGsm7(same).toString('ascii')).toBe(same);
  });

  test('writes its extension as escape pairs of two septets', () => {
    expect(hex('^{}\\[~]|€\f')).toBe('1b141b281b291b2f1b3c1b3d1b3e1b401b651b0a');
    expect(countSeptets('^{}\\[~]|€\f')).toBe(20);
    expect(countSeptets('a€')).toBe(3);
  });

  test.each(['ç', 'ş', '₱', '’', '`', '\u2126', '\u00a0', '\t', '\u001b', '😀', 'Α'])('has no %j', (character) => {
    expect(countSeptets(`a${character}`)).toBeUndefined();
    expect(() => encodeGsm7(character)).toThrow(UnencodableTextError);
  });

  test('reads back all it writes', () => {
    expect(ALPHABET).toHaveLength(127);
    expect(decodeGsm7(encodeGsm7(ALPHABET))).toBe(ALPHABET);
    expect(fromHex('1b141b281b291b2f1b3c1b3d1b3e1b401b651b0a')).toBe('^{}\\[~]|€\f');
  });

  test('shows octets that are no septets as U+FFFD', () => {
    expect(fromHex('6180ff1b9062')).toBe('a\ufffd\ufffd\ufffdb');
  });

  test('shows an escape with nothing to escape as 23.038 says', () => {
    expect(fromHex('611b')).toBe('a ');
    expect(fromHex('611b1b62')).toBe('a b');
    expect(fromHex('611b61')).toBe('aa');
  });

  test('forms no grapheme of two characters but CR LF, on which division relies', () => {
    const characters = `${ALPHABET}^{}\\[~]|€\f`.split('');
    const joined = characters
      .flatMap((x) => characters.map((y) => x + y))
      .filter((pair) => Array.from(graphemesOf(pair)).length === 1);
    expect(joined).toEqual(['\r\n']);
  });
});

describe('the characters that are not in it', () => {
  test('are listed once each, with the places where they stand', () => {
    expect(unencodableInGsm7('₱5 or 👨‍👩‍👧 ₱6\r\n', 10)).toEqual([
      { character: '₱', positions: [0, 15] },
      { character: '👨‍👩‍👧', positions: [6] },
    ]);
  });

  test('are listed up to a limit', () => {
    expect(unencodableInGsm7('“a” — ₱', 2).map(({ character }) => character)).toEqual(['“', '”']);
    expect(loneSurrogates('\ud83d \ud83e \ud83d😀', 9)).toEqual(['\ud83d', '\ud83e']);
    expect(loneSurrogates('\ud83d \ud83e', 1)).toEqual(['\ud83d']);
  });
});
