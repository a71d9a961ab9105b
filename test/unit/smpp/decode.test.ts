import { describe, expect, test } from 'vitest';
import { decodePdu } from '../../../binder/smpp/decode.ts';
import { encodePdu } from '../../../binder/smpp/encode.ts';
import type { Pdu } from '../../../binder/smpp/pdu.ts';
import { findTlv, TAG, textTlv, tlvInteger, tlvText } from '../../../binder/smpp/tlv.ts';
import { deliverSm, frameOf, submitSm } from './pdus.ts';

function decoded(frame: Buffer): Pdu {
  const result = decodePdu(frame);
  if (result.kind !== 'pdu') throw new Error(`decoded as ${result.kind}`);
  return result.pdu;
}

function deliverOf(frame: Buffer) {
  const pdu = decoded(frame);
  if (pdu.command !== 'deliver_sm') throw new Error(`is a ${pdu.command}`);
  return pdu;
}

/** A frame with its last octets taken away and its length made right again. */
function cut(frame: Buffer, octets: number): Buffer {
  return frameOf(frame.subarray(4, frame.length - octets).toString('hex'));
}

describe('reading PDUs', () => {
  test('receipt text comes out octet by octet: "_" stays "_" with data_coding 0', () => {
    const shortMessage = Buffer.from('id:ab_12 sub:001 dlvrd:001 stat:DELIVRD err:000 text:@$');
    expect(deliverOf(encodePdu(deliverSm({ shortMessage }))).shortMessage).toEqual(shortMessage);
  });

  test('esm_class 0x44 on a plain receipt cuts nothing off', () => {
    const shortMessage = Buffer.from('id:77 stat:DELIVRD');
    expect(deliverOf(encodePdu(deliverSm({ shortMessage, esmClass: 0x44 }))).shortMessage).toEqual(shortMessage);
  });

  test('validity and schedule stay strings', () => {
    const pdu = decoded(
      encodePdu(submitSm({ validityPeriod: '000001000000000R', scheduleDeliveryTime: '261122080000032+' })),
    );
    expect(pdu).toMatchObject({ validityPeriod: '000001000000000R', scheduleDeliveryTime: '261122080000032+' });
  });

  test('a receipted_message_id without its NUL is whole and leaves the next TLV alone', () => {
    const tlvs = [
      { tag: TAG.receiptedMessageId, value: Buffer.from('0A1B') },
      { tag: TAG.messageState, value: Buffer.from([2]) },
    ];
    const read = deliverOf(encodePdu(deliverSm({ tlvs }))).tlvs;
    expect(tlvText(findTlv(read, TAG.receiptedMessageId)!)).toBe('0A1B');
    expect(tlvInteger(findTlv(read, TAG.messageState)!)).toBe(2);
    expect(tlvText(textTlv(TAG.receiptedMessageId, '0A1B').value)).toBe('0A1B');
    expect(tlvInteger(Buffer.alloc(3))).toBeUndefined();
  });

  test('a message_payload of 64 KiB, longer than the package allows a PDU to be, is read whole', () => {
    const value = Buffer.alloc(65_535, 0xa7);
    const read = deliverOf(encodePdu(deliverSm({ tlvs: [{ tag: TAG.messagePayload, value }], dataCoding: 8 })));
    expect(findTlv(read.tlvs, TAG.messagePayload)).toEqual(value);
  });

  test('an id with octets above 0x7F keeps them', () => {
    expect(decoded(frameOf('80000004 00000000 00000003 e9ff00'))).toMatchObject({ messageId: 'éÿ' });
  });

  test('an id longer than 64 characters is read and not lost', () => {
    const id = Buffer.from('f'.repeat(200)).toString('hex');
    expect(decoded(frameOf(`80000004 00000000 00000003 ${id}00`))).toMatchObject({ messageId: 'f'.repeat(200) });
  });

  test('answers are read with and without a body, whatever their status', () => {
    expect(decoded(frameOf('80000004 00000058 00000003'))).toEqual({
      command: 'submit_sm_resp',
      status: 0x58,
      sequence: 3,
    });
    expect(decoded(frameOf('80000004 00000058 00000003 616200'))).toMatchObject({ status: 0x58, messageId: 'ab' });
    expect(decoded(frameOf('80000004 00000000 00000003 00'))).toMatchObject({ status: 0, messageId: '' });
    expect(decoded(frameOf('80000009 0000000e 00000001'))).toEqual({
      command: 'bind_transceiver_resp',
      status: 0x0e,
      sequence: 1,
    });
    expect(decoded(frameOf('80000005 00000000 00000001'))).toMatchObject({ command: 'deliver_sm_resp' });
  });

  test('a status or sequence with the highest bit set stays positive', () => {
    expect(decoded(frameOf('80000000 ffffffff fffffffe'))).toEqual({
      command: 'generic_nack',
      status: 0xffffffff,
      sequence: 0xfffffffe,
    });
  });

  test('commands that Bindery does not speak are unknown, with the sequence to answer', () => {
    for (const commandId of [0x00000003, 0x00000008, 0x00000102, 0x00000103, 0x00000021, 0xdeadbeef]) {
      const frame = frameOf(`${commandId.toString(16).padStart(8, '0')} 00000000 0000002a 0102`);
      expect(decodePdu(frame)).toEqual({ kind: 'unknown_command', commandId, sequence: 42 });
    }
    expect(decodePdu(Buffer.alloc(15))).toEqual({ kind: 'unknown_command', commandId: 0, sequence: 0 });
  });
});

describe('PDUs that do not parse', () => {
  const submit = encodePdu(submitSm({ tlvs: [{ tag: TAG.userMessageReference, value: Buffer.from([0, 1]) }] }));
  const TLV_OCTETS = 6;

  function reasonOf(frame: Buffer): string {
    const result = decodePdu(frame);
    return result.kind === 'malformed' ? result.reason : result.kind;
  }

  test('a body cut off anywhere before its TLVs is malformed and says where', () => {
    const reasons = new Set<string>();
    for (let octets = TLV_OCTETS + 1; octets <= submit.length - 16; octets += 1)
      reasons.add(reasonOf(cut(submit, octets)));
    expect(reasons).not.toContain('pdu');
    expect(reasons).toContain('the body ends before service_type');
    expect(reasons).toContain('source_addr has no closing NUL');
    expect(reasons).toContain('the body ends before esm_class');
    expect(reasons).toContain('sm_length reaches 1 octets past the end');
  });

  test('a TLV that reaches past the end, or that is not whole, is malformed', () => {
    expect(reasonOf(cut(submit, 1))).toBe('TLV 0x0204 reaches 1 octets past the end');
    expect(reasonOf(cut(submit, 3))).toBe('3 octets after the last parameter are too few for a TLV');
    expect(reasonOf(cut(submit, TLV_OCTETS))).toBe('pdu');
  });

  test('a submit_sm_resp whose id has no NUL is malformed, and still tells whom it answers', () => {
    expect(decodePdu(frameOf('80000004 00000000 00000003 616263'))).toEqual({
      kind: 'malformed',
      command: 'submit_sm_resp',
      commandId: 0x80000004,
      status: 0,
      sequence: 3,
      reason: 'message_id has no closing NUL',
    });
  });

  test('a frame whose length field says otherwise is malformed', () => {
    const frame = encodePdu({ command: 'enquire_link', status: 0, sequence: 1 });
    frame.writeUInt32BE(17, 0);
    expect(reasonOf(frame)).toBe('command_length is 17 in a frame of 16 octets');
  });

  test('TLVs behind a header-only PDU are ignored, other octets are not', () => {
    expect(decodePdu(frameOf('80000015 00000000 00000001 14000001aa')).kind).toBe('pdu');
    expect(reasonOf(frameOf('80000015 00000000 00000001 00'))).toContain('too few for a TLV');
  });
});
