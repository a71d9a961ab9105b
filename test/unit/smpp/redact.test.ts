import { describe, expect, test } from 'vitest';
import { encodePdu } from '../../../binder/smpp/encode.ts';
import { redactFrame } from '../../../binder/smpp/redact.ts';
import { statusMeaning } from '../../../binder/smpp/status.ts';
import { TAG, textTlv } from '../../../binder/smpp/tlv.ts';
import { deliverSm, frameOf, submitSm } from './pdus.ts';

const hex = (text: string): string => Buffer.from(text, 'latin1').toString('hex');

describe('frames in the log', () => {
  test('addresses and text are masked octet by octet, the rest is hex', () => {
    const line = redactFrame(encodePdu(submitSm({ serviceType: 'WAP' })));
    expect(line).not.toContain(hex('0917'));
    expect(line).not.toContain(hex('MSG'));
    expect(line).not.toContain(hex('Hello'));
    expect(line).toContain(`${hex('WAP\0')} 05 00 ${'**'.repeat(6)} 02 01 ${'**'.repeat(12)} 00`);
    expect(line.endsWith(` 00 00 ${'**'.repeat(6)}`)).toBe(true);
  });

  test('of TLVs the harmless values show, message_payload and unknown ones do not', () => {
    const tlvs = [
      textTlv(TAG.receiptedMessageId, 'id7'),
      { tag: TAG.messagePayload, value: Buffer.from('secret text') },
      { tag: 0x1400, value: Buffer.from('0917') },
    ];
    const line = redactFrame(encodePdu(deliverSm({ tlvs })));
    expect(line).toContain(`001e:4:${hex('id7\0')} 0424:11:${'**'.repeat(11)} 1400:4:********`);
  });

  test('a password is masked', () => {
    const frame = encodePdu({ command: 'outbind', status: 0, sequence: 1, systemId: 'mc', password: 'secret12' });
    expect(redactFrame(frame)).toBe(`${frame.toString('hex', 0, 16)} ${hex('mc\0')} ${'**'.repeat(9)}`);
  });

  test('nothing behind the fault of a malformed PDU shows, nor the body of an unknown one', () => {
    const whole = encodePdu(submitSm());
    const truncated = frameOf(whole.toString('hex', 4, 24));
    expect(redactFrame(truncated)).toBe(`${truncated.toString('hex', 0, 16)} 00 05 00 ${'**'.repeat(5)}`);
    expect(redactFrame(frameOf(`000000aa 00000000 00000001 ${hex('09171234567')}`))).toBe(
      `0000001b000000aa0000000000000001 ${'**'.repeat(11)}`,
    );
    expect(redactFrame(Buffer.from('0917'))).toBe(hex('0917'));
  });
});

describe('names of command_status', () => {
  test('codes have the names of SMPP 3.4, others the name of their range', () => {
    expect(statusMeaning(0x58)).toEqual({ name: 'ESME_RTHROTTLED', meaning: 'throttled: allowed rate exceeded' });
    expect(statusMeaning(0x0d).name).toBe('ESME_RBINDFAIL');
    expect(statusMeaning(0x401).name).toBe('VENDOR_00000401');
    expect(statusMeaning(0x500).name).toBe('RESERVED_00000500');
  });
});
