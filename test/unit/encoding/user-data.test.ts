import { describe, expect, test } from 'vitest';
import { segmentText } from '../../../shared/encoding/segment.ts';
import { parseUserDataHeader, userData } from '../../../shared/encoding/user-data.ts';

const hex = (buffers: Buffer[]) => buffers.map((buffer) => buffer.toString('hex'));
const parse = (octets: string) => parseUserDataHeader(Buffer.from(octets.replaceAll(' ', ''), 'hex'));
const eight = (value: number) => ({ width: '8bit', value }) as const;
const sixteen = (value: number) => ({ width: '16bit', value }) as const;

describe('userData', () => {
  test('is the bare text where it fits in one segment', () => {
    expect(hex(userData({ segments: ['Hi €'], encoding: 'gsm7', reference: eight(7) }))).toEqual(['4869201b65']);
    expect(hex(userData({ segments: ['₱'], encoding: 'ucs2', reference: eight(7) }))).toEqual(['20b1']);
    expect(hex(userData({ segments: [''], encoding: 'gsm7', reference: eight(7) }))).toEqual(['']);
  });

  test('begins each of several segments with a header of 6 octets', () => {
    expect(hex(userData({ segments: ['a', 'b'], encoding: 'gsm7', reference: eight(0xab) }))).toEqual([
      '050003ab020161',
      '050003ab020262',
    ]);
  });

  test('begins them with 7 octets where the reference has 16 bits', () => {
    expect(hex(userData({ segments: ['ş', 'ç'], encoding: 'ucs2', reference: sixteen(0x1234) }))).toEqual([
      '06080412340201015f',
      '0608041234020200e7',
    ]);
  });

  test('fills 140 octets and no more, counting packed septets', () => {
    for (const width of ['8bit', '16bit'] as const) {
      const ucs2 = segmentText({ text: 'ş'.repeat(200), encoding: 'auto', reference: width });
      if (ucs2.kind !== 'ok') throw new Error('unencodable');
      const octets = userData({ ...ucs2, reference: { width, value: 1 } }).map((segment) => segment.length);
      expect(octets.slice(0, -1)).toEqual(octets.slice(0, -1).map(() => (width === '8bit' ? 140 : 139)));
      const gsm7 = segmentText({ text: 'a'.repeat(400), encoding: 'auto', reference: width });
      if (gsm7.kind !== 'ok') throw new Error('unencodable');
      const header = width === '8bit' ? 6 : 7;
      const [first] = userData({ ...gsm7, reference: { width, value: 1 } });
      const packedBits = header * 8 + ((first?.length ?? 0) - header) * 7;
      expect(packedBits).toBeLessThanOrEqual(1120);
      expect(packedBits).toBeGreaterThan(1120 - 8);
    }
  });

  test('refuses what a header cannot hold', () => {
    const segments = ['a', 'b'];
    expect(() => userData({ segments, encoding: 'gsm7', reference: eight(256) })).toThrow(RangeError);
    expect(() => userData({ segments, encoding: 'gsm7', reference: sixteen(65_536) })).toThrow(RangeError);
    expect(() => userData({ segments, encoding: 'gsm7', reference: eight(-1) })).toThrow(RangeError);
    expect(() => userData({ segments: Array(256).fill('a'), encoding: 'gsm7', reference: eight(1) })).toThrow(
      RangeError,
    );
    expect(userData({ segments: Array(255).fill('a'), encoding: 'gsm7', reference: eight(255) })).toHaveLength(255);
  });
});

describe('parseUserDataHeader', () => {
  test('reads both widths of the reference', () => {
    expect(parse('050003ab020161')).toEqual({
      concatenation: { reference: 0xab, total: 2, index: 1 },
      body: Buffer.from('a'),
    });
    expect(parse('06080412340302 0061')).toEqual({
      concatenation: { reference: 0x1234, total: 3, index: 2 },
      body: Buffer.from([0, 0x61]),
    });
  });

  test('finds the concatenation among other elements, and takes the last of two', () => {
    expect(parse('0b 050415811581 0003070201 61').concatenation).toEqual({
      reference: 7,
      total: 2,
      index: 1,
    });
    expect(parse('0a 0003010201 0003020202 61').concatenation).toEqual({
      reference: 2,
      total: 2,
      index: 2,
    });
  });

  test('cuts off a header that says nothing of parts', () => {
    expect(parse('06 05040b8423f0 6162')).toEqual({ body: Buffer.from('ab') });
  });

  test.each([
    ['050003ab000061', 'a total of 0'],
    ['050003ab020061', 'an index of 0'],
    ['050003ab020361', 'an index above the total'],
    ['050803ab020161', 'an element of another length'],
  ])('ignores parts that cannot be, but takes the header off: %s, %s', (octets) => {
    expect(parse(octets)).toEqual({ body: Buffer.from('a') });
  });

  test.each([
    [Buffer.from('id:1234567890 sub:001 dlvrd:001 stat:DELIVRD err:000 text:'), 'a receipt'],
    [Buffer.from('050003', 'hex'), 'a header cut short'],
    [Buffer.from('050004ab020161', 'hex'), 'an element longer than the header'],
    [Buffer.from('040003ab020161', 'hex'), 'a header shorter than its element'],
    [Buffer.from('060003ab02010061', 'hex'), 'a header that ends within an element'],
    [Buffer.from('00410042', 'hex'), 'UCS-2 text, whose first octet reads as no header'],
    [Buffer.alloc(0), 'nothing'],
  ])('leaves whole what is no header: %s (%s)', (octets) => {
    expect(parseUserDataHeader(octets)).toEqual({ body: octets });
  });

  test('reads what userData writes', () => {
    const segments = ['eins', 'zwei', 'drei'];
    for (const reference of [eight(255), sixteen(65_535)]) {
      const parsed = userData({ segments, encoding: 'gsm7', reference }).map(parseUserDataHeader);
      expect(parsed.map(({ body }) => body.toString('ascii'))).toEqual(segments);
      expect(parsed.map(({ concatenation }) => concatenation)).toEqual(
        [1, 2, 3].map((index) => ({ reference: reference.value, total: 3, index })),
      );
    }
  });
});
