import { describe, expect, test } from 'vitest';
import { encodePdu, PduFieldError } from '../../../binder/smpp/encode.ts';
import { frameOf, submitSm } from './pdus.ts';

describe('writing PDUs', () => {
  test('a bind_transceiver is laid out as SMPP 3.4 table 4-7 says', () => {
    const frame = encodePdu({
      command: 'bind_transceiver',
      status: 0,
      sequence: 1,
      systemId: 'bindery',
      password: 'secret12',
      systemType: '',
      interfaceVersion: 0x34,
      addressTon: 0,
      addressNpi: 0,
      addressRange: '',
    });
    const strings = Buffer.from('bindery\0secret12\0\0').toString('hex');
    expect(frame).toEqual(frameOf(`00000009 00000000 00000001 ${strings} 34 00 00 00`));
  });

  test('a submit_sm carries its octets untouched, whatever its data_coding', () => {
    for (const dataCoding of [0, 1, 3, 8, 0xf1]) {
      const shortMessage = Buffer.from([0x00, 0x1b, 0x65, 0x11, 0x80, 0xff]);
      const frame = encodePdu(submitSm({ dataCoding, shortMessage }));
      expect(frame.subarray(-7)).toEqual(Buffer.concat([Buffer.from([6]), shortMessage]));
      expect(frame.at(-9)).toBe(dataCoding);
    }
  });

  test('times are written as given, short ones too', () => {
    const frame = encodePdu(submitSm({ validityPeriod: '000001000000000R', scheduleDeliveryTime: '5' }));
    expect(frame.includes('\x005\x00000001000000000R\x00')).toBe(true);
  });

  test('a UDH is not added to, and esm_class not changed', () => {
    const shortMessage = Buffer.from('0500030102016869', 'hex');
    const frame = encodePdu(submitSm({ esmClass: 0x40, shortMessage }));
    expect(frame.subarray(-8)).toEqual(shortMessage);
  });

  test('an error answer keeps the body that it is given, and goes without where it has none', () => {
    const bare = { command: 'submit_sm_resp', status: 0x58, sequence: 3 } as const;
    expect(encodePdu(bare)).toEqual(frameOf('80000004 00000058 00000003'));
    expect(encodePdu({ ...bare, messageId: '' })).toEqual(frameOf('80000004 00000058 00000003 00'));
    expect(encodePdu({ ...bare, messageId: 'ab' })).toEqual(frameOf('80000004 00000058 00000003 616200'));
  });

  test('a deliver_sm_resp has its unused message_id, one NUL (4.6.2)', () => {
    expect(encodePdu({ command: 'deliver_sm_resp', status: 0x64, sequence: 9 })).toEqual(
      frameOf('80000005 00000064 00000009 00'),
    );
  });

  test('TLVs keep their order, their repetitions and tags that the package has never heard of', () => {
    const tlvs = [
      { tag: 0x1403, value: Buffer.from('zz') },
      { tag: 0x0204, value: Buffer.from([0, 9]) },
      { tag: 0x1403, value: Buffer.alloc(0) },
    ];
    const frame = encodePdu(submitSm({ tlvs }));
    expect(frame.subarray(-16).toString('hex')).toBe('140300027a7a02040002000914030000');
    expect(frame.readUInt32BE(0)).toBe(frame.length);
  });

  test('254 octets of short_message are written, 255 refused though they would fit the length octet (5.2.21)', () => {
    expect(encodePdu(submitSm({ shortMessage: Buffer.alloc(254) }))).toHaveLength(encodePdu(submitSm()).length + 249);
    for (const octets of [255, 256, 70_000]) {
      expect(() => encodePdu(submitSm({ shortMessage: Buffer.alloc(octets) }))).toThrow(
        'submit_sm: short_message is longer than 254 octets',
      );
    }
  });

  test('a field that does not fit is named, and its value is not', () => {
    const source = { ton: 5, npi: 0, address: 'x'.repeat(21) };
    const cases: [Parameters<typeof submitSm>[0], string][] = [
      [{ source }, 'source_addr'],
      [{ source: { ...source, address: 'a\0b' } }, 'source_addr'],
      [{ destination: { ton: 1, npi: 1, address: '₱' } }, 'destination_addr'],
      [{ dataCoding: 256 }, 'data_coding'],
      [{ esmClass: -1 }, 'esm_class'],
      [{ sequence: 2 ** 32 }, 'sequence'],
      [{ tlvs: [{ tag: 0x424, value: Buffer.alloc(65_536) }] }, 'TLV value'],
    ];
    for (const [overrides, field] of cases) {
      expect(() => encodePdu(submitSm(overrides))).toThrow(
        expect.objectContaining({ code: 'SMPP_FIELD_INVALID', field, message: expect.not.stringContaining('xxx') }),
      );
    }
    expect(new PduFieldError('submit_sm', 'source_addr', 'is odd').name).toBe('PduFieldError');
  });
});
